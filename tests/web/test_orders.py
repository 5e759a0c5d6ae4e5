"""Placing and reading orders over HTTP."""

import asyncio

from tests.web.builders import LYON, STOCK, Api, assert_problem, eur, order

from aftercart.access.model import Role
from aftercart.kit.ids import parse_order_number

PAID = {"method": "card", "authorized": eur(1_000_000)}


async def test_an_order_is_answered_with_everything_that_was_agreed(api: Api) -> None:
    wish = order(
        {"sku": "S42", "quantity": 2},
        {"sku": "S43", "quantity": 1, "unit_price": eur(2500), "discount": eur(500), "gift_message": "Bravo\n!"},
        reference="WEB-1",
    )
    answer = await api.post("/v1/orders", wish, headers={"Idempotency-Key": "k"})
    assert answer.status_code == 201
    assert answer.headers["etag"] == '"1"'
    placed = answer.json()
    assert parse_order_number(placed["number"]) == placed["number"]
    assert (placed["version"], placed["status"], placed["reference"]) == (1, "confirmed", "WEB-1")
    assert placed["customer"]["email"] == "ada@example.com"
    assert placed["lines"][1] == {
        "line": 2,
        "sku": "S43",
        "product": "shoe",
        "name": "Shoe 43",
        "quantity": 1,
        "ordered": 1,
        "unit_price": eur(2500),
        "discount": eur(500),
        "tax_rate": "0.20",
        "gift_message": "Bravo\n!",
        "promotion": None,
        "made_to_order": False,
        "components": [],
        "replaces": None,
        "replacement": None,
        "stages": {"reserved": 1},
        "locations": [{"location": "LYON", "sku": "S43", "stage": "reserved", "quantity": 1}],
    }
    assert placed["totals"] == {
        "items": eur(6480),
        "discount": eur(500),
        "delivery": eur(490),
        "fees": eur(0),
        "total": eur(6470),
        "taxes": [{"rate": "0.20", "gross": eur(6470), "net": eur(5392), "tax": eur(1078)}],
    }
    assert placed["delivery"]["address"] == {**LYON, "line2": None}
    assert placed["payment"] == {"method": "card", "authorized": eur(100_000)}
    assert placed["release_at"] == "2026-03-02T12:30:00Z"


async def test_an_order_is_read_by_id_and_by_number_however_it_is_typed(api: Api) -> None:
    placed = await api.place()
    number = placed["number"]
    for name in (placed["id"], number, number.lower(), number.replace("-", ""), number.replace("-", " ")):
        answer = await api.get(f"/v1/orders/{name}")
        assert answer.status_code == 200
        assert answer.json() == placed
        assert answer.headers["etag"] == '"1"'


async def test_what_is_no_order_is_not_found(api: Api) -> None:
    for name in ("x", "00000-00000", "01934a3e-0000-7000-8000-000000000001", "%00", "{}", "é" * 40, "-" * 36):
        assert_problem(await api.get(f"/v1/orders/{name}"), 404, "order_not_found", param="order")


async def test_more_is_due_than_authorized_so_the_order_waits(api: Api) -> None:
    placed = await api.place(order(payment={"method": "card", "authorized": eur(100)}))
    assert placed["status"] == "awaiting_payment"
    assert [hold["reason"] for hold in placed["holds"]] == ["payment"]
    assert placed["release_at"] is None


async def test_missing_stock_is_refused_with_what_is_left(api: Api) -> None:
    wish = order({"sku": "S42", "quantity": STOCK + 1})
    answer = await api.post("/v1/orders", wish, headers={"Idempotency-Key": "k"})
    problem = assert_problem(answer, 409, "insufficient_stock", param="lines")
    assert problem["missing"] == [{"sku": "S42", "requested": STOCK + 1, "available": STOCK}]
    answer = await api.post("/v1/orders", wish, headers={"Idempotency-Key": "k", "Accept-Language": "fr-FR,en;q=0.5"})
    assert answer.json()["detail"] == f"Le stock ne suffit pas : S42 (demandé {STOCK + 1}, disponible {STOCK})."


async def test_a_patient_channel_lets_missing_units_wait(api: Api) -> None:
    placed = await api.place(order({"sku": "S42", "quantity": STOCK + 1}, channel="patient", payment=PAID))
    assert placed["status"] == "backordered"
    assert placed["lines"][0]["stages"] == {"backordered": 1, "reserved": STOCK}


async def test_the_same_key_again_gets_the_first_answer_even_after_a_change(api: Api) -> None:
    first = await api.place(key="again")
    await api.post(f"/v1/orders/{first['id']}/cancel-order", {"reason": "other"})
    answer = await api.post("/v1/orders", order(), headers={"Idempotency-Key": "again"})
    assert answer.status_code == 201
    assert answer.json() == first
    assert answer.headers["idempotency-replayed"] == "true"
    assert answer.headers["etag"] == '"1"'


async def test_the_same_reference_again_gets_the_order_it_made(api: Api) -> None:
    wish = order(reference="WEB-7")
    first = await api.place(wish, key="one")
    answer = await api.post("/v1/orders", wish, headers={"Idempotency-Key": "two"})
    assert (answer.status_code, answer.json()) == (201, first)
    assert answer.headers["idempotency-replayed"] == "true"
    preview = await api.post("/v1/orders?preview=true", wish)
    assert preview.json()["quote"] is None
    assert preview.json()["order"] == first
    other = order({"sku": "S43", "quantity": 1}, reference="WEB-7")
    answer = await api.post("/v1/orders", other, headers={"Idempotency-Key": "three"})
    assert_problem(answer, 409, "reference_already_used", param="reference")


async def test_the_same_key_for_another_wish_is_refused(api: Api) -> None:
    await api.place(key="k")
    answer = await api.post("/v1/orders", order({"sku": "S43", "quantity": 1}), headers={"Idempotency-Key": "k"})
    assert_problem(answer, 422, "idempotency_key_reused", param="Idempotency-Key")


async def test_one_key_many_times_at_once_makes_one_order(api: Api) -> None:
    calls = [api.post("/v1/orders", order(), headers={"Idempotency-Key": "k"}) for _ in range(20)]
    answers = await asyncio.gather(*calls)
    numbers = {answer.json()["number"] for answer in answers if answer.status_code == 201}
    in_flight = [answer for answer in answers if answer.status_code != 201]
    assert len(numbers) == 1
    for answer in in_flight:
        assert_problem(answer, 409, "idempotency_key_in_flight", param="Idempotency-Key")


async def test_placing_without_a_key_is_refused(api: Api) -> None:
    for path in ("/v1/orders", "/v1/orders?preview=false"):
        assert_problem(await api.post(path, order()), 400, "idempotency_key_missing", param="Idempotency-Key")
    assert (await api.get("/v1/orders")).json()["items"] == []


async def test_a_key_that_is_not_visible_text_is_refused(api: Api) -> None:
    for key in ("", " ", "a b", "k" * 256, "é".encode("latin-1"), "a\tb"):
        answer = await api.post("/v1/orders", order(), headers={"Idempotency-Key": key})
        assert_problem(answer, 400, "idempotency_key_malformed", param="Idempotency-Key")
    assert (await api.place(key="k" * 255))["version"] == 1


async def test_a_preview_changes_nothing_and_its_quote_guards_the_order(api: Api) -> None:
    answer = await api.post("/v1/orders?preview=true", order())
    assert answer.status_code == 200
    preview = answer.json()
    assert preview["preview"] is True
    assert preview["consequences"]["before"] is None
    assert preview["consequences"]["after"]["total"] == eur(4470)
    assert preview["consequences"]["settlement"] == {"authorized": eur(100_000), "due": eur(0), "freed": eur(95_530)}
    assert (preview["consequences"]["promised_date"], preview["consequences"]["status"]) == ("2026-03-05", "confirmed")
    assert (await api.get("/v1/orders")).json()["items"] == []
    placed = await api.place({**order(), "quote": preview["quote"]})
    assert placed["totals"] == preview["order"]["totals"]


async def test_a_quote_of_other_consequences_is_refused_with_the_new_ones(api: Api) -> None:
    quote = (await api.post("/v1/orders?preview=true", order({"sku": "S42", "quantity": 1}))).json()["quote"]
    wish = {**order(), "quote": quote}
    problem = assert_problem(
        await api.post("/v1/orders", wish, headers={"Idempotency-Key": "k"}), 409, "quote_changed", param="quote"
    )
    assert problem["consequences"]["after"]["total"] == eur(4470)
    placed = await api.place({**order(), "quote": problem["quote"]})
    assert placed["totals"]["total"] == eur(4470)


async def test_only_an_integrator_says_when_an_order_was_placed(api: Api) -> None:
    wish = order(placed_at="2026-02-27T08:00:00+01:00")
    placed = await api.place(wish, role="integrator")
    assert placed["placed_at"] == "2026-02-27T07:00:00Z"
    answer = await api.post("/v1/orders", wish, headers={"Idempotency-Key": "k"})
    assert_problem(answer, 422, "invalid", param="placed_at")


async def test_a_customer_reaches_only_their_own_order(api: Api) -> None:
    mine, other = await api.place(), await api.place()
    api.secrets["customer"] = await api.create_key(Role.CUSTOMER, order_id=mine["id"])
    assert (await api.get(f"/v1/orders/{mine['number']}", role="customer")).json()["id"] == mine["id"]
    for path in ("", "/timeline", "/allowed-changes"):
        answer = await api.get(f"/v1/orders/{other['id']}{path}", role="customer")
        assert_problem(answer, 404, "order_not_found", param="order")
    for path in (f"/v1/orders/{other['id']}/cancel-order", f"/v1/orders/{other['id']}/cancel-order?preview=true"):
        answer = await api.post(path, {"reason": "other"}, role="customer")
        assert_problem(answer, 404, "order_not_found", param="order")
    assert_problem(await api.get("/v1/orders", role="customer"), 403, "forbidden")
    canceled = await api.post(f"/v1/orders/{mine['id']}/cancel-order", {"reason": "other"}, role="customer")
    assert canceled.json()["status"] == "canceled"
