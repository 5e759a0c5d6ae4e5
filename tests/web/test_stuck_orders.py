"""What is stuck is told with its causes, and found by one of them."""

from datetime import UTC, datetime
from typing import Any, get_args

from tests.web.builders import Api, assert_problem, eur, order

from aftercart.kit.clock import SimulatedClock
from aftercart.orders.model import HoldReason
from aftercart.web.api.stuck_orders import StuckCause
from aftercart.worker.clockwork import Clockwork

PAID = {"method": "card", "authorized": eur(200_000)}


async def numbers(api: Api, query: str = "") -> list[str]:
    answer = await api.get(f"/v1/stuck-orders{query}")
    assert answer.status_code == 200, answer.text
    return [item["number"] for item in answer.json()["items"]]


async def test_what_waits_is_found_by_its_cause(api: Api) -> None:
    await api.place()
    held = await api.place()
    waiting = await api.place(order({"sku": "S42", "quantity": 60}, channel="patient"))
    await api.post(f"/v1/orders/{held['id']}/hold-order", {"reason": "address"})
    assert set(await numbers(api)) == {waiting["number"], held["number"]}
    assert await numbers(api, "?cause=backordered") == [waiting["number"]]
    assert await numbers(api, "?cause=address") == [held["number"]]
    assert await numbers(api, "?cause=fraud_review") == []
    assert_problem(await api.get("/v1/stuck-orders?cause=bad_luck"), 422, "invalid", param="cause")


async def describe(api: Api, sku: str, **kind: Any) -> None:
    described = {
        "sku": sku,
        "product": sku.lower(),
        "name": sku,
        "price": eur(9900),
        "tax_rate": "0.20",
        "weight_grams": 900,
        "dimensions_mm": [300, 200, 120],
        **kind,
    }
    assert (await api.post("/v1/variants", {"variants": [described]})).status_code == 200


async def announce(api: Api, sku: str, day: str) -> None:
    lines = [{"sku": sku, "quantity": 5}]
    supply = {"reference": "PO-9", "location": "LYON", "expected_date": day, "lines": lines}
    assert (await api.post("/v1/supply", {"supplies": [supply]})).status_code == 200


async def wait_until(api: Api, day: int) -> None:
    """Lets the days pass and the clock ask for what is due."""
    clock = api.shop.clock
    assert isinstance(clock, SimulatedClock)
    clock.advance_to(datetime(2026, 3, day, 15, tzinfo=UTC))
    clockwork = Clockwork(api.shop)
    while await clockwork.turn():
        pass


async def test_a_preorder_is_stuck_once_its_day_is_over(api: Api) -> None:
    await describe(api, "BOOTS", kind="preorder", available_from="2026-03-12")
    placed = await api.place(order({"sku": "BOOTS", "quantity": 1}))
    assert await numbers(api) == []
    assert await numbers(api, "?cause=backordered") == [placed["number"]]
    await wait_until(api, 14)
    assert await numbers(api) == [placed["number"]]


async def test_what_waits_for_supply_is_stuck_once_that_is_overdue(api: Api) -> None:
    await announce(api, "S42", "2026-03-10")
    late = await api.place(order({"sku": "S42", "quantity": 53}, channel="patient", payment=PAID))
    assert await numbers(api) == []
    await wait_until(api, 12)
    awaited = (await api.get(f"/v1/orders/{late['id']}")).json()["awaited"]
    assert [one["expected_date"] > "2026-03-12" for one in awaited] == [True]
    assert await numbers(api) == [late["number"]]
    await announce(api, "S42", "2026-03-20")
    assert await numbers(api) == []


async def test_what_is_made_is_stuck_once_the_work_is_overdue(api: Api) -> None:
    await describe(api, "TABLE", kind="made_to_order", production_days=3)
    placed = await api.place(order({"sku": "TABLE", "quantity": 1}))
    assert await numbers(api) == []
    assert await numbers(api, "?cause=to_be_made") == [placed["number"]]
    await wait_until(api, 9)
    awaited = (await api.get(f"/v1/orders/{placed['id']}")).json()["awaited"]
    assert [one["expected_date"] > "2026-03-09" for one in awaited] == [True]
    assert await numbers(api) == [placed["number"]]


async def test_a_hold_makes_an_order_stuck_that_is_on_time(api: Api) -> None:
    await announce(api, "S42", "2026-03-10")
    waiting = await api.place(order({"sku": "S42", "quantity": 53}, channel="patient", payment=PAID))
    await api.post(f"/v1/orders/{waiting['id']}/hold-order", {"reason": "address"})
    assert await numbers(api) == [waiting["number"]]


def test_every_reason_of_a_hold_is_a_cause() -> None:
    assert {reason.value for reason in HoldReason} <= set(get_args(StuckCause))
