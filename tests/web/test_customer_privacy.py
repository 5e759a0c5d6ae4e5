"""What customers do not read in the API: the shop's own business, whatever they ask for."""

from typing import Any

import pytest
from tests.web.builders import PARIS, Api, eur, order

from aftercart.access.model import Role

NOTE = "stolen card? call the bank"
REASON = "sorry for the trouble last week"


@pytest.fixture
async def held(api: Api) -> dict[str, Any]:
    """An order an agent doubts, after they made a gift; its customer has a key."""
    placed = await api.place(order(payment={"method": "card", "authorized": eur(1_000_000)}))
    path = f"/v1/orders/{placed['id']}"
    override = {"line": 1, "quantity": 3, "price": "override", "unit_price": eur(100), "price_reason": REASON}
    for change, wish in (
        ("change-line-quantity", override),
        ("hold-order", {"reason": "fraud_review", "note": NOTE}),
    ):
        answer = await api.post(f"{path}/{change}", wish, role="agent")
        assert answer.status_code == 200, answer.text
    api.secrets["customer"] = await api.create_key(Role.CUSTOMER, order_id=placed["id"])
    return placed


SECRETS = (NOTE, REASON, "fraud", "LYON", "PARIS-11", "agent:", "admin:", "candidates")


async def test_the_shops_own_business_is_in_no_answer_to_a_customer(api: Api, held: dict[str, Any]) -> None:
    path = f"/v1/orders/{held['id']}"
    address, swap = {"address": PARIS}, {"line": 1, "sku": "S43", "quantity": 1}
    answers = [
        await api.get(path, role="customer"),
        await api.get(f"{path}/timeline", role="customer"),
        await api.get(f"{path}/allowed-changes", role="customer"),
        await api.post(f"{path}/change-delivery-address?preview=true", address, role="customer"),
        await api.post(f"{path}/swap-variant", swap, role="customer"),
    ]
    for key in ("first", "again"):
        headers = {"Idempotency-Key": "moved"}
        answer = await api.post(f"{path}/change-delivery-address", address, role="customer", headers=headers)
        assert answer.headers.get("idempotency-replayed") == ("true" if key == "again" else None)
        answers.append(answer)
    for answer in answers:
        assert answer.status_code == 200, answer.text
        assert [secret for secret in SECRETS if secret in answer.text] == []


async def test_an_agent_reads_what_the_customer_does_not(api: Api, held: dict[str, Any]) -> None:
    path = f"/v1/orders/{held['id']}"
    told = (await api.get(path, role="agent")).text + (await api.get(f"{path}/timeline", role="agent")).text
    assert [secret for secret in (NOTE, REASON, "fraud_review", "LYON", "agent:") if secret not in told] == []


async def test_a_customer_sees_that_the_order_waits_and_since_when(api: Api, held: dict[str, Any]) -> None:
    staff = (await api.get(f"/v1/orders/{held['id']}")).json()
    seen = (await api.get(f"/v1/orders/{held['id']}", role="customer")).json()
    assert seen["holds"] == [{**staff["holds"][0], "reason": "manual", "note": None}]
    assert (seen["status"], seen["totals"], seen["sourcing"]) == ("on_hold", staff["totals"], None)
    assert seen["lines"] == [{**line, "locations": []} for line in staff["lines"]]


async def test_a_customer_reads_what_was_done_for_them_and_by_whom_in_a_word(api: Api, held: dict[str, Any]) -> None:
    path = f"/v1/orders/{held['id']}"
    moved = await api.post(f"{path}/change-delivery-address", {"address": PARIS}, role="customer")
    assert moved.status_code == 200, moved.text
    entries = (await api.get(f"{path}/timeline", role="customer")).json()["items"]
    assert [(entry["seq"], entry["type"], entry["actor"], entry["data"]) for entry in entries] == [
        (1, "OrderPlaced", "shop", None),
        (2, "LineQuantityChanged", "shop", None),
        (4, "DeliveryAddressChanged", "customer", None),
    ]


async def test_what_a_customer_awaits_has_a_day_but_no_place_and_no_supply(api: Api) -> None:
    lines = [{"sku": "S42", "quantity": 100}]
    supply = {"reference": "PO-77", "location": "LYON", "expected_date": "2026-03-09", "lines": lines}
    announced = await api.post("/v1/supply", {"supplies": [supply]})
    assert announced.status_code == 200, announced.text
    placed = await api.place(order({"sku": "S42", "quantity": 60}, channel="patient"))
    api.secrets["customer"] = await api.create_key(Role.CUSTOMER, order_id=placed["id"])
    seen = (await api.get(f"/v1/orders/{placed['id']}", role="customer")).json()
    (awaited,), (known,) = seen["awaited"], placed["awaited"]
    assert (known["location"], known["reference"]) == ("LYON", "PO-77")
    assert awaited == {**known, "location": None, "reference": None}
