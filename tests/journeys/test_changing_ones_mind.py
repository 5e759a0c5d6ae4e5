"""What a customer may do with an order between placing it and its release, told over HTTP."""

from tests.shop_over_http import LYON, PARIS, ShopOverHttp, euros, order


def test_zoe_orders_changes_her_mind_three_times_and_cancels(shop: ShopOverHttp) -> None:
    shop.open(stock={"ROBE-36": 5, "ROBE-38": 5})
    answer = shop.place({"ROBE-36": 1, "ROBE-38": 2})
    assert answer.status_code == 201
    placed = answer.json()
    assert (placed["status"], placed["version"], answer.headers["etag"]) == ("confirmed", 1, '"1"')
    assert [line["stages"] for line in placed["lines"]] == [{"reserved": 1}, {"reserved": 2}]
    assert placed["totals"]["total"] == euros(3 * 1_990)
    assert shop.read(placed["id"]).json() == shop.read(placed["number"]).json() == placed
    assert (shop.available("ROBE-36"), shop.available("ROBE-38")) == (4, 3)

    preview = shop.ask(placed["number"], "change-delivery-address?preview=true", {"address": LYON}).json()
    assert preview["order"]["delivery"]["address"] == LYON | {"line2": None}
    assert shop.read(placed["id"]).json() == placed, "a preview changes nothing"
    moved = shop.ask(placed["number"], "change-delivery-address", {"address": LYON, "quote": preview["quote"]}).json()
    assert moved == preview["order"]

    fewer = shop.ask(placed["id"], "change-line-quantity", {"line": 2, "quantity": 1}).json()
    assert fewer["lines"][1]["stages"] == {"reserved": 1, "canceled": 1}
    assert fewer["totals"]["total"] == euros(2 * 1_990)
    more = shop.ask(placed["id"], "change-line-quantity", {"line": 2, "quantity": 3}).json()
    assert more["lines"][1]["stages"] == {"reserved": 3, "canceled": 1}
    assert shop.available("ROBE-38") == 2

    without = shop.ask(placed["id"], "cancel-lines", {"lines": [{"line": 1}], "reason": "ordered_by_mistake"}).json()
    assert without["lines"][0]["stages"] == {"canceled": 1}
    assert (without["status"], shop.available("ROBE-36")) == ("confirmed", 5)

    canceled = shop.ask(placed["id"], "cancel-order", {"reason": "changed_mind"}).json()
    assert (canceled["status"], canceled["totals"]["total"], canceled["release_at"]) == ("canceled", euros(0), None)
    assert (shop.available("ROBE-36"), shop.available("ROBE-38")) == (5, 5)
    assert shop.timeline(placed["number"]) == [
        "OrderPlaced",
        "DeliveryAddressChanged",
        "LineQuantityChanged",
        "LineQuantityChanged",
        "LinesCanceled",
        "OrderCanceled",
    ]


def test_what_may_be_changed_is_told_before_and_why_not_after(shop: ShopOverHttp) -> None:
    shop.open(stock={"CHAPEAU": 2})
    placed = shop.place({"CHAPEAU": 1}).json()
    changes = shop.get(f"/v1/orders/{placed['id']}/allowed-changes").json()["changes"]
    assert {change["change"] for change in changes if not change["allowed"]} == {
        "change_pickup_point",  # it goes to an address
        "accept_split",  # it is all there
    }
    assert {change["until"] for change in changes if change["allowed"]} == {placed["release_at"]}
    shop.ask(placed["id"], "cancel-order", {"reason": "too_slow"})
    changes = shop.get(f"/v1/orders/{placed['id']}/allowed-changes").json()["changes"]
    assert {change["reason"] for change in changes if change["change"] != "order_again"} == {"order_already_canceled"}
    assert next(change for change in changes if change["change"] == "order_again")["allowed"]
    again = shop.ask(placed["id"], "cancel-order", {"reason": "too_slow"})
    assert (again.status_code, again.json()["code"]) == (409, "order_already_canceled")


def test_an_order_to_a_relay_point_has_no_address_to_change(shop: ShopOverHttp) -> None:
    shop.open(stock={"ECHARPE": 1})
    delivery = {"method": "mondial-relay-point", "pickup_point": "FR-12345"}
    placed = shop.place({"ECHARPE": 1}, delivery=delivery).json()
    answer = shop.ask(placed["id"], "change-delivery-address", {"address": PARIS})
    assert (answer.status_code, answer.json()["code"]) == (409, "goes_to_pickup_point")


def test_a_key_answers_the_same_also_after_the_order_has_changed(shop: ShopOverHttp) -> None:
    shop.open(stock={"GANTS": 5})
    first = shop.place({"GANTS": 2}, key="panier-77")
    shop.ask(first.json()["id"], "change-line-quantity", {"line": 1, "quantity": 1}, idempotency_key="moins-un")
    shop.ask(first.json()["id"], "cancel-order", {"reason": "other"})
    again = shop.place({"GANTS": 2}, key="panier-77")
    assert (again.status_code, again.content, again.headers["etag"]) == (201, first.content, '"1"')
    assert again.headers["idempotency-replayed"] == "true"
    less = shop.ask(first.json()["id"], "change-line-quantity", {"line": 1, "quantity": 1}, idempotency_key="moins-un")
    assert (less.status_code, less.json()["version"], less.json()["status"]) == (200, 2, "confirmed")
    assert shop.read(first.json()["id"]).json()["status"] == "canceled"
    assert shop.available("GANTS") == 5


def test_a_key_is_for_one_wish_only(shop: ShopOverHttp) -> None:
    shop.open(stock={"BERET": 5})
    shop.place({"BERET": 1}, key="panier-78")
    other = shop.place({"BERET": 2}, key="panier-78")
    assert (other.status_code, other.json()["code"], other.json()["param"]) == (
        422,
        "idempotency_key_reused",
        "Idempotency-Key",
    )
    missing = shop.post("/v1/orders", order({"BERET": 1}))
    assert (missing.status_code, missing.json()["code"]) == (400, "idempotency_key_missing")
    assert shop.available("BERET") == 4


def test_a_quote_refuses_consequences_that_nobody_saw(shop: ShopOverHttp) -> None:
    shop.open(stock={"VASE": 5, "FLEUR": 5})
    placed = shop.place({"VASE": 1, "FLEUR": 3}).json()
    wish = {"lines": [{"line": 2, "quantity": 1}], "reason": "changed_mind"}
    seen = shop.ask(placed["id"], "cancel-lines?preview=true", wish).json()
    assert seen["consequences"]["after"]["total"] == euros(3 * 1_990)
    shop.ask(placed["id"], "change-line-quantity", {"line": 1, "quantity": 2})
    refused = shop.ask(placed["id"], "cancel-lines", wish | {"quote": seen["quote"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "quote_changed")
    assert refused.json()["consequences"]["after"]["total"] == euros(4 * 1_990)
    granted = shop.ask(placed["id"], "cancel-lines", wish | {"quote": refused.json()["quote"]})
    assert (granted.status_code, granted.json()["totals"]["total"]) == (200, euros(4 * 1_990))


def test_a_machine_that_insists_on_a_version_is_told_when_it_is_stale(shop: ShopOverHttp) -> None:
    shop.open(stock={"NAPPE": 5})
    placed = shop.place({"NAPPE": 2})
    order_id, etag = placed.json()["id"], placed.headers["etag"]
    first = shop.ask(order_id, "change-line-quantity", {"line": 1, "quantity": 3}, if_match=etag)
    assert (first.status_code, first.headers["etag"]) == (200, '"2"')
    stale = shop.ask(order_id, "change-line-quantity", {"line": 1, "quantity": 4}, if_match=etag)
    assert (stale.status_code, stale.json()["code"], stale.json()["current"]) == (412, "version_mismatch", 2)
    assert shop.read(order_id).json() == first.json()
