"""An order that is collected in a store is served by that store, from what is there or announced for it, or refused."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import msgspec
import pytest
from tests.scenario import BACKORDERS, NEXT_WEEK, ORDER_ID, PLACES, cart, facts, location, moves, order, variant
from tests.story import given

from aftercart.inventory.model import Incoming, Stock
from aftercart.orders.decisions.change_delivery_method import ChangeDeliveryMethod, change_delivery_method
from aftercart.orders.decisions.change_line_quantity import ChangeLineQuantity, change_line_quantity
from aftercart.orders.decisions.change_pickup_point import ChangePickupPoint, change_pickup_point
from aftercart.orders.decisions.place_order import PlaceOrder, place_order
from aftercart.orders.decisions.review_promise import ReviewPromise, review_promise
from aftercart.orders.events import DeliveryMethodChanged, OrderPlaced, PromiseMoved
from aftercart.orders.evolve import evolve
from aftercart.orders.model import Order
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.stock_for_lines import MissingStock, NotInStore
from aftercart.sourcing.rules.candidates import candidate_for_pickup

ANNOUNCED = variant("A", kind="preorder", available_from="2026-03-09")
MADE = variant("A", kind="made_to_order", production_days=5)
S2 = location("S2", kind="store", pickups=True, ships=False)
IN_S1: dict[str, Any] = {"method": "store-pickup", "pickup_point": "S1"}
COLLECT = {"address": None, "price_minor": 0, "promised_date": None} | IN_S1


def shop(
    stock: Mapping[str, int] | None = None,
    *,
    coming: Mapping[str, int] | None = None,
    store: str = "S1",
    **changes: Any,
) -> Facts:
    """Returns the facts for an order collected in ``store``; supply ``{"A@S1": 5}`` comes next week."""
    shelves, supply = stock or {}, coming or {}
    queued: Mapping[str, int] = changes.pop("queued", {})

    def stock_of(sku: str, code: str) -> Stock | None:
        place = f"{sku}@{code}"
        incoming = Incoming(reference="PO-1", expected_date=NEXT_WEEK, quantity=supply.get(place, 0))
        return Stock(
            sku=sku,
            location=code,
            on_hand=shelves.get(place, 0),
            backordered=queued.get(place, 0),
            incoming=(incoming,) if place in supply else (),
        )

    described = {"candidates": (candidate_for_pickup(store),), "locations": (*PLACES, S2), "stock_of": stock_of}
    return facts(shelves, **(described | changes))


def place(command: PlaceOrder) -> Callable[[Facts], OrderPlaced]:
    return lambda source: place_order(command, number="AAAAA-AAAAA", fingerprint="f", facts=source)


def collected(*ledger: str) -> Order:
    return order(*ledger, delivery=COLLECT, release_at=None)


def to_store(source: Facts) -> Callable[[Order], tuple[DeliveryMethodChanged, ...]]:
    command = msgspec.convert({"order_id": ORDER_ID, **IN_S1}, ChangeDeliveryMethod, from_attributes=True)
    return lambda order: change_delivery_method(command, order, facts=source)


def test_a_store_without_the_goods_is_refused_by_its_field() -> None:
    missing = (MissingStock(sku="A", requested=2, available=1),)
    given(shop({"A@S1": 1, "A@W1": 9})).when(place(cart({"sku": "A", "quantity": 2}, delivery=IN_S1))).then_refused(
        NotInStore, param="delivery.pickup_point", store="S1", missing=missing
    )


def test_the_store_that_was_chosen_serves_the_order() -> None:
    source = shop({"A@S1": 3, "A@S2": 3}, store="S2")
    event = given(source).when(place(cart(delivery=IN_S1 | {"pickup_point": "S2"}))).event(OrderPlaced)
    assert event.moves == moves("1 A S2 new>reserved 1")
    assert event.sourcing.chosen == ("S2",)


@pytest.mark.parametrize("channel", [None, BACKORDERS])
@pytest.mark.parametrize("coming", [{}, {"A@W1": 9}, {"A@S1": 1}])
def test_what_is_announced_is_not_promised_where_not_enough_of_it_comes(coming: dict[str, int], channel: Any) -> None:
    source = shop(coming=coming, variants={"A": ANNOUNCED}, channel=channel)
    missing = (MissingStock(sku="A", requested=2, available=0),)
    command = cart({"sku": "A", "quantity": 2}, delivery=IN_S1)
    given(source).when(place(command)).then_refused(NotInStore, param="delivery.pickup_point", missing=missing)


def test_those_who_wait_already_come_first() -> None:
    source = shop(coming={"A@S1": 2}, queued={"A@S1": 1}, variants={"A": ANNOUNCED})
    given(source).when(place(cart({"sku": "A", "quantity": 2}, delivery=IN_S1))).then_refused(NotInStore)
    given(source).when(place(cart({"sku": "A"}, delivery=IN_S1))).event(OrderPlaced)


def test_what_is_announced_is_promised_for_the_day_it_comes_to_the_store() -> None:
    source = shop({"A@S1": 1}, coming={"A@S1": 1}, variants={"A": ANNOUNCED})
    command = cart({"sku": "A", "quantity": 2}, delivery=IN_S1)
    event = given(source).when(place(command)).event(OrderPlaced)
    assert event.moves == moves("1 A S1 new>reserved 1", "1 A S1 new>backordered 1")
    placed = evolve(None, event, order_id=ORDER_ID)
    assert [(one.location, one.reference) for one in placed.awaited] == [("S1", "PO-1")]
    assert placed.delivery.promised_date == NEXT_WEEK


def test_nothing_is_made_in_a_store() -> None:
    source = shop(variants={"A": MADE})
    given(source).when(place(cart(delivery=IN_S1))).then_refused(NotInStore, param="delivery.pickup_point", store="S1")


def test_what_is_made_in_a_warehouse_may_be_collected_there() -> None:
    source = shop(variants={"A": MADE}, locations=(location("S1", pickups=True), *PLACES[1:]))
    event = given(source).when(place(cart(delivery=IN_S1))).event(OrderPlaced)
    assert evolve(None, event, order_id=ORDER_ID).delivery.promised_date == date(2026, 3, 9)


def test_an_order_that_waits_elsewhere_does_not_go_to_a_store() -> None:
    source = shop(coming={"A@W1": 9}, variants={"A": ANNOUNCED})
    given(order("1 A W1 backordered 1")).when(to_store(source)).then_refused(
        NotInStore, param="pickup_point", store="S1"
    )


def test_an_order_that_waits_in_the_store_does_not_stand_in_its_own_way() -> None:
    source = shop(coming={"A@S1": 2}, queued={"A@S1": 2}, variants={"A": ANNOUNCED})
    event = given(order("1 A S1 backordered 2")).when(to_store(source)).event(DeliveryMethodChanged)
    assert event.moves == ()


def test_what_is_made_elsewhere_does_not_go_to_a_store() -> None:
    before = order("1 A W1 reserved 1")
    before = msgspec.structs.replace(before, lines=(msgspec.structs.replace(before.lines[0], made_to_order=True),))
    refused = given(before).when(to_store(shop(variants={"A": MADE})))
    refused.then_refused(NotInStore, param="pickup_point", store="S1")


def test_another_store_that_does_not_get_it_is_refused() -> None:
    source = shop(coming={"A@S1": 2}, store="S2", variants={"A": ANNOUNCED})
    command = ChangePickupPoint(order_id=ORDER_ID, pickup_point="S2")
    before = collected("1 A S1 backordered 2")
    given(before).when(lambda order: change_pickup_point(command, order, facts=source)).then_refused(
        NotInStore, param="pickup_point", store="S2"
    )


def test_more_of_it_is_had_only_as_far_as_it_comes_to_the_store() -> None:
    source = shop(coming={"A@S1": 2}, queued={"A@S1": 2}, variants={"A": ANNOUNCED})
    command = ChangeLineQuantity(order_id=ORDER_ID, line=1, quantity=3)
    before = collected("1 A S1 backordered 2")
    given(before).when(lambda order: change_line_quantity(command, order, facts=source)).then_refused(
        NotInStore, param="quantity", store="S1"
    )


def test_the_day_of_the_announcement_is_no_promise_once_nothing_comes_to_the_store() -> None:
    source = shop(coming={"A@S1": 1}, variants={"A": ANNOUNCED})
    event = given(source).when(place(cart(delivery=IN_S1))).event(OrderPlaced)
    before = evolve(None, event, order_id=ORDER_ID)
    command = ReviewPromise(order_id=ORDER_ID, sku="A", location="S1")
    nothing = shop(variants={"A": ANNOUNCED})
    moved = given(before).when(lambda order: review_promise(command, order, facts=nothing)).event(PromiseMoved)
    assert (moved.expected_date, moved.promised_date) == (None, None)
