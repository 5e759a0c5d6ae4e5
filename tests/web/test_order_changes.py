"""Changing orders over HTTP."""

from typing import Any, Final

from tests.web.builders import PARIS, STOCK, Api, assert_problem, eur, order

from aftercart.orders.model import ChangeKind

CHANGES = {
    "change-delivery-address": {"address": PARIS},
    "change-line-quantity": {"line": 1, "quantity": 3},
    "cancel-lines": {"lines": [{"line": 1, "quantity": 1}], "reason": "too_slow"},
    "cancel-order": {"reason": "changed_mind"},
}


async def test_a_change_answers_with_the_order_as_it_is_then(api: Api) -> None:
    for change, wish in CHANGES.items():
        placed = await api.place()
        answer = await api.post(f"/v1/orders/{placed['number']}/{change}", wish)
        assert answer.status_code == 200
        assert answer.headers["etag"] == '"2"'
        assert answer.json() == (await api.get(f"/v1/orders/{placed['id']}")).json()
        assert answer.json()["version"] == 2


async def test_a_preview_is_what_the_change_then_does(api: Api) -> None:
    for change, wish in CHANGES.items():
        placed = await api.place()
        path = f"/v1/orders/{placed['id']}/{change}"
        preview = (await api.post(f"{path}?preview=true", wish)).json()
        assert (await api.get(f"/v1/orders/{placed['id']}")).json() == placed
        assert preview["consequences"]["before"] == placed["totals"]
        answer = await api.post(path, {**wish, "quote": preview["quote"]})
        assert answer.json() == preview["order"]
        assert answer.json()["totals"] == preview["consequences"]["after"]


async def test_a_repeated_change_gets_its_first_answer(api: Api) -> None:
    for change, wish in CHANGES.items():
        placed = await api.place()
        path = f"/v1/orders/{placed['id']}/{change}"
        first = await api.post(path, wish, headers={"Idempotency-Key": change})
        again = await api.post(path, wish, headers={"Idempotency-Key": change})
        assert (again.status_code, again.json()) == (200, first.json())
        assert again.headers["idempotency-replayed"] == "true"
        assert "idempotency-replayed" not in first.headers


async def test_a_stale_version_is_refused(api: Api) -> None:
    for change, wish in CHANGES.items():
        placed = await api.place()
        path = f"/v1/orders/{placed['id']}/{change}"
        for stale in ('"9"', 'W/"9"', "9"):
            problem = assert_problem(
                await api.post(path, wish, headers={"If-Match": stale}),
                412,
                "version_mismatch",
                param="If-Match",
            )
            assert (problem["expected"], problem["current"]) == (9, 1)
        assert_problem(await api.post(path, wish, headers={"If-Match": "no"}), 422, "invalid", param="If-Match")
        answer = await api.post(path, wish, headers={"If-Match": '"1"'})
        assert answer.status_code == 200


async def test_a_quote_of_other_consequences_is_refused(api: Api) -> None:
    for change, wish in CHANGES.items():
        placed = await api.place()
        path = f"/v1/orders/{placed['id']}/{change}"
        problem = assert_problem(await api.post(path, {**wish, "quote": "no"}), 409, "quote_changed", param="quote")
        assert problem["consequences"]["before"] == placed["totals"]
        assert (await api.post(path, {**wish, "quote": problem["quote"]})).status_code == 200


async def test_a_canceled_order_is_not_changed(api: Api) -> None:
    for change, wish in CHANGES.items():
        placed = await api.place()
        await api.post(f"/v1/orders/{placed['id']}/cancel-order", {"reason": "other"})
        answer = await api.post(f"/v1/orders/{placed['id']}/{change}", wish)
        assert_problem(answer, 409, "order_already_canceled")


async def test_an_order_that_does_not_exist_is_not_changed(api: Api) -> None:
    for change, wish in CHANGES.items():
        for name in ("01934a3e-0000-7000-8000-000000000001", "nonsense"):
            answer = await api.post(f"/v1/orders/{name}/{change}", wish)
            assert_problem(answer, 404, "order_not_found", param="order")


FIELDS: Final[tuple[tuple[str, Any, str], ...]] = (
    ("change-delivery-address", {"address": {**PARIS, "postcode": "7500"}}, "address.postcode"),
    ("change-delivery-address", {"address": {**PARIS, "country": "ZZ"}}, "address.country"),
    ("change-delivery-address", {}, "address"),
    ("change-line-quantity", {"line": 1, "quantity": 0}, "quantity"),
    ("change-line-quantity", {"line": 1, "quantity": 2**63}, "quantity"),
    ("change-line-quantity", {"line": 2, "quantity": 1}, "line"),
    ("change-line-quantity", {"line": True, "quantity": 1}, "line"),
    ("cancel-lines", {"lines": [], "reason": "other"}, "lines"),
    ("cancel-lines", {"lines": [{"line": 1}, {"line": 1}], "reason": "other"}, "lines[1].line"),
    ("cancel-lines", {"lines": [{"line": 1, "quantity": 3}], "reason": "other"}, "lines[0].quantity"),
    ("cancel-lines", {"lines": [{"line": 1, "colour": "red"}], "reason": "other"}, "lines[0].colour"),
    ("cancel-order", {"reason": "because"}, "reason"),
    ("cancel-order", {"reason": "payment_not_received"}, "reason"),
    ("cancel-order", {"reason": "other", "order_id": "x"}, "order_id"),
)


async def test_a_change_that_cannot_be_names_the_field(api: Api) -> None:
    placed = await api.place()
    for change, body, param in FIELDS:
        answer = await api.post(f"/v1/orders/{placed['id']}/{change}", body)
        assert_problem(answer, 422, "invalid", param=param)
    assert (await api.get(f"/v1/orders/{placed['id']}")).json() == placed


async def test_more_units_than_there_are_is_refused_with_what_is_left(api: Api) -> None:
    placed = await api.place()
    answer = await api.post(f"/v1/orders/{placed['id']}/change-line-quantity", {"line": 1, "quantity": STOCK + 1})
    problem = assert_problem(answer, 409, "insufficient_stock", param="quantity")
    assert problem["missing"] == [{"sku": "S42", "requested": STOCK - 1, "available": STOCK - 2}]


async def test_a_line_taken_out_stays_to_be_seen(api: Api) -> None:
    placed = await api.place(order({"sku": "S42", "quantity": 2}, {"sku": "S43", "quantity": 1}))
    path = f"/v1/orders/{placed['id']}/cancel-lines"
    changed = (await api.post(path, {"lines": [{"line": 2}], "reason": "other"})).json()
    assert changed["lines"][1]["quantity"] == 0
    assert changed["lines"][1]["stages"] == {"canceled": 1}
    assert changed["totals"]["total"] == eur(4470)
    assert_problem(
        await api.post(path, {"lines": [{"line": 2}], "reason": "other"}), 409, "line_already_canceled", param="line"
    )


async def test_an_order_that_is_collected_has_no_address_to_change(api: Api) -> None:
    delivery = {"method": "store-pickup", "pickup_point": "PARIS-11"}
    await api.post(
        "/v1/stock/receive", {"location": "PARIS-11", "reference": "", "lines": [{"sku": "S42", "quantity": 5}]}
    )
    placed = await api.place(order(delivery=delivery))
    answer = await api.post(f"/v1/orders/{placed['id']}/change-delivery-address", {"address": PARIS})
    assert_problem(answer, 409, "goes_to_pickup_point", param="address")


async def test_what_may_be_changed_is_told_with_its_reason(api: Api) -> None:
    placed = await api.place(order({"sku": "S42", "quantity": 1}, {"sku": "S43", "quantity": 1}))
    cancel = f"/v1/orders/{placed['id']}/cancel-lines"
    await api.post(cancel, {"lines": [{"line": 2}], "reason": "other"})
    answer = await api.get(f"/v1/orders/{placed['number']}/allowed-changes", headers={"Accept-Language": "fr"})
    told = answer.json()
    assert (told["order"], told["version"]) == (placed["id"], 2)
    changes = {(one["change"], one["line"]): one for one in told["changes"]}
    assert {change for change, _ in changes} == {kind.value for kind in ChangeKind}
    assert changes["cancel_order", None] == {
        "change": "cancel_order",
        "line": None,
        "allowed": True,
        "reason": None,
        "detail": None,
        "until": "2026-03-02T12:30:00Z",
        "fee": eur(0),
        "instead": [],
        "intercept": False,
    }
    assert changes["cancel_lines", 2] == {
        "change": "cancel_lines",
        "line": 2,
        "allowed": False,
        "reason": "line_already_canceled",
        "detail": "La ligne 2 est déjà entièrement annulée.",
        "until": None,
        "fee": eur(0),
        "instead": ["add_line"],
        "intercept": False,
    }
