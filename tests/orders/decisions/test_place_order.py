"""An order is placed: its lines, its units with a place each, its holds, or what stands against it."""

from collections.abc import Callable
from datetime import date, timedelta

import msgspec
import pytest
from tests.scenario import (
    BACKORDERS,
    NOW,
    ORDER_ID,
    PARIS,
    RELEASE,
    TO_PARIS,
    cart,
    eur,
    facts,
    line,
    moves,
    units,
    variant,
)
from tests.story import given

from aftercart.inventory.model import Incoming, Stock
from aftercart.kit.refusal import Invalid
from aftercart.orders.decisions.place_order import PlaceOrder, place_order
from aftercart.orders.events import OrderPlaced
from aftercart.orders.evolve import evolve
from aftercart.orders.model import Hold, HoldReason, Order, Promotion, PromotionKind, Status
from aftercart.orders.rules.aftermath import OrderTooExpensive
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.holds import PAYMENT_WAIT
from aftercart.orders.rules.lines import UNIT_PRICE_MAX
from aftercart.orders.rules.stock_for_lines import InsufficientStock, MissingStock, NowhereToShipFrom
from aftercart.sourcing.model import SourcingRule

PLENTY = facts({"A@W1": 100, "B@W1": 100, "A@S1": 5})


def place(command: PlaceOrder) -> Callable[[Facts], OrderPlaced]:
    return lambda facts: place_order(command, number="AAAAA-AAAAA", fingerprint="f", facts=facts)


def placed(command: PlaceOrder, source: Facts = PLENTY) -> OrderPlaced:
    return given(source).when(place(command)).event(OrderPlaced)


def order_after(event: OrderPlaced) -> Order:
    return evolve(None, event, order_id=ORDER_ID)


def test_an_order_is_kept_as_it_was_agreed() -> None:
    command = cart(
        {"sku": "A", "quantity": 2, "gift_message": "Merci"},
        {"sku": "B", "unit_price": eur(250), "discount": eur(50)},
        reference="WEB-1",
        billing_address=TO_PARIS,
        delivery={"method": "colissimo-home", "address": TO_PARIS, "price": eur(490), "promised_date": "2026-03-05"},
    )
    order = order_after(placed(command))
    assert order.lines == (
        line(1, "A", 2, gift_message="Merci"),
        line(2, "B", 1, unit_price_minor=250, discount_minor=50),
    )
    assert (order.reference, order.billing_address, order.version) == ("WEB-1", PARIS, 1)
    assert (order.delivery.price_minor, str(order.delivery.promised_date)) == (490, "2026-03-05")
    assert (order.total_minor, order.status, order.release_at) == (2690, Status.CONFIRMED, RELEASE)


def test_every_unit_begins_reserved_at_the_first_place_that_has_everything() -> None:
    event = placed(cart({"sku": "A", "quantity": 2}, {"sku": "B"}), facts({"A@W1": 9, "A@W2": 9, "B@W2": 9}))
    assert event.moves == moves("1 A W2 new>reserved 2", "2 B W2 new>reserved 1")
    assert event.sourcing.rule is SourcingRule.SINGLE_LOCATION


def test_one_sku_on_two_lines_is_checked_on_the_sum() -> None:
    command = cart({"sku": "A", "quantity": 2}, {"sku": "A", "quantity": 2})
    missing = (MissingStock(sku="A", requested=4, available=3),)
    given(facts({"A@W1": 3})).when(place(command)).then_refused(InsufficientStock, param="lines", missing=missing)
    assert placed(command, facts({"A@W1": 4})).moves == moves("1 A W1 new>reserved 2", "2 A W1 new>reserved 2")


def test_everything_missing_is_named_with_what_is_left() -> None:
    command = cart({"sku": "B", "quantity": 5}, {"sku": "A", "quantity": 2})
    missing = (
        MissingStock(sku="A", requested=2, available=0),
        MissingStock(sku="B", requested=5, available=4),
    )
    source = facts({"B@W1": 3, "B@W2": 1, "A@W1": -2})
    given(source).when(place(command)).then_refused(InsufficientStock, param="lines", missing=missing)


def test_a_channel_that_backorders_lets_missing_units_wait() -> None:
    event = placed(cart({"sku": "A", "quantity": 5}), facts({"A@W2": 3}, channel=BACKORDERS))
    assert event.moves == moves("1 A W2 new>reserved 3", "1 A W2 new>backordered 2")
    assert (event.holds, event.release_at) == ((), None)
    assert order_after(event).status is Status.BACKORDERED


def test_units_nobody_has_wait_at_the_first_place() -> None:
    assert placed(cart(), facts({}, channel=BACKORDERS)).moves == moves("1 A W1 new>backordered 1")


def test_what_is_announced_may_wait_on_any_channel() -> None:
    source = facts({}, variants={"A": variant("A", kind="preorder"), "B": variant("B")})
    assert placed(cart({"sku": "A"}), source).moves == moves("1 A W1 new>backordered 1")
    given(source).when(place(cart({"sku": "A"}, {"sku": "B"}))).then_refused(
        InsufficientStock, missing=(MissingStock(sku="B", requested=1, available=0),)
    )


def test_what_is_announced_waits_where_it_is_on_its_way_to_even_if_later() -> None:
    def stock_of(sku: str, code: str) -> Stock | None:
        coming = Incoming(reference="PO-1", expected_date=date(2026, 3, 16), quantity=1)
        return Stock(sku=sku, location=code, incoming=(coming,)) if code == "W2" else None

    announced = variant("A", kind="preorder", available_from="2026-03-09")
    source = facts({}, variants={"A": announced}, stock_of=stock_of)
    one, two = placed(cart({"sku": "A"}), source), placed(cart({"sku": "A", "quantity": 2}), source)
    assert one.moves == moves("1 A W2 new>backordered 1")
    assert [(it.location, it.expected_date) for it in order_after(one).awaited] == [("W2", date(2026, 3, 16))]
    # Nobody sends two of them: what is left is the day they are announced for, anywhere.
    assert two.moves == moves("1 A W1 new>backordered 2")
    assert [(it.location, it.expected_date) for it in order_after(two).awaited] == [("W1", date(2026, 3, 9))]


def test_what_is_made_to_order_takes_no_stock_and_is_made_where_the_rest_comes_from() -> None:
    source = facts({"A@W1": 9, "B@W2": 9}, variants={"A": variant("A", kind="made_to_order"), "B": variant("B")})
    event = placed(cart({"sku": "A", "quantity": 2}, {"sku": "B"}), source)
    (made,) = moves("1 A W2 new>reserved 2")
    assert set(event.moves) == {*moves("2 B W2 new>reserved 1"), msgspec.structs.replace(made, made_to_order=True)}
    order = order_after(event)
    assert order.lines[0].made_to_order
    assert order.release_at is None


def test_a_bundle_is_served_from_the_stock_of_its_components() -> None:
    bundle = variant("SET", kind="bundle", components=[{"sku": "A", "quantity": 2}, {"sku": "B", "quantity": 1}])
    variants = {"A": variant("A"), "B": variant("B"), "SET": bundle}
    command = cart({"sku": "SET", "quantity": 2})
    order = order_after(placed(command, facts({"A@W1": 9, "B@W1": 2}, variants=variants)))
    assert order.units == units("1 A W1 reserved 4", "1 B W1 reserved 2")
    assert order.total_minor == 2000
    missing = (MissingStock(sku="A", requested=4, available=3),)
    given(facts({"A@W1": 3, "B@W1": 2}, variants=variants)).when(place(command)).then_refused(
        InsufficientStock, missing=missing
    )


def test_promotions_are_kept_with_the_lines_they_discount() -> None:
    order = order_after(
        placed(
            cart(
                {"sku": "A", "quantity": 2, "discount": eur(200), "promotion": "TEN"},
                promotions=[{"code": "TEN", "kind": "percentage", "rate": "0.10", "minimum": eur(1500)}],
            )
        )
    )
    assert order.promotions == (Promotion(code="TEN", kind=PromotionKind.PERCENTAGE, value=1000, minimum_minor=1500),)
    assert order.lines[0].promotion == "TEN"
    assert order.total_minor == 1800


@pytest.mark.parametrize(
    ("promotion", "param"),
    [
        ({"kind": "percentage"}, "promotions[0].rate"),
        ({"kind": "percentage", "rate": "ten"}, "promotions[0].rate"),
        ({"kind": "percentage", "rate": "0.10", "amount": eur(1)}, "promotions[0].amount"),
        ({"kind": "amount"}, "promotions[0].amount"),
        ({"kind": "amount", "amount": eur(1), "rate": "0.10"}, "promotions[0].rate"),
    ],
)
def test_a_promotion_that_cannot_be_is_refused(promotion: dict[str, object], param: str) -> None:
    command = cart(promotions=[{"code": "TEN"} | promotion])
    given(PLENTY).when(place(command)).then_refused(Invalid, param=param)


def test_a_promotion_is_named_once() -> None:
    ten = {"code": "TEN", "kind": "percentage", "rate": "0.10"}
    given(PLENTY).when(place(cart(promotions=[ten, ten]))).then_refused(Invalid, param="promotions[1].code", got="TEN")


def test_a_line_cannot_name_a_promotion_the_order_does_not_have() -> None:
    given(PLENTY).when(place(cart({"sku": "A", "promotion": "TEN"}))).then_refused(Invalid, param="lines[0].promotion")


def test_a_channel_nobody_described_refuses_missing_stock() -> None:
    given(facts({}, channel=None)).when(place(cart())).then_refused(InsufficientStock)


def test_without_a_place_that_ships_nothing_can_be_ordered() -> None:
    given(facts({}, candidates=(), channel=BACKORDERS)).when(place(cart())).then_refused(
        NowhereToShipFrom, param="delivery"
    )


def test_a_total_above_what_is_authorized_holds_the_order_for_its_payment() -> None:
    authorized = placed(cart(payment={"method": "card", "authorized": eur(1000)}))
    assert (authorized.holds, authorized.release_at) == ((), RELEASE)
    event = placed(cart(payment={"method": "card", "authorized": eur(999)}))
    assert event.holds == (Hold(reason=HoldReason.PAYMENT, since=NOW, expires_at=NOW + PAYMENT_WAIT),)
    assert (event.release_at, order_after(event).status) == (None, Status.AWAITING_PAYMENT)


def test_the_email_is_kept_in_lower_case() -> None:
    command = cart(customer={"email": "Ada@Example.ORG", "name": "Ada", "locale": "fr"})
    assert placed(command).customer.email == "ada@example.org"


def test_an_order_from_elsewhere_counts_from_when_it_was_placed() -> None:
    earlier = NOW - timedelta(days=3)
    event = placed(cart(placed_at=earlier, payment={"method": "card", "authorized": eur(0)}))
    assert (event.placed_at, event.holds[0].since) == (earlier, earlier)


def test_an_order_cannot_come_from_the_future() -> None:
    command = cart(placed_at=NOW + timedelta(microseconds=1))
    given(PLENTY).when(place(command)).then_refused(Invalid, param="placed_at")


def test_an_order_may_be_collected_in_a_store_or_at_a_pickup_point() -> None:
    in_store = cart(delivery={"method": "store-pickup", "pickup_point": "S1"})
    event = placed(in_store, facts({"A@S1": 5}, candidates=("S1",)))
    assert (event.delivery.address, event.delivery.pickup_point) == (None, "S1")
    at_point = cart(delivery={"method": "mondial-relay-point", "pickup_point": "FR-0815"})
    assert placed(at_point).delivery.pickup_point == "FR-0815"


@pytest.mark.parametrize(
    ("delivery", "param"),
    [
        ({"method": "colissimo-home"}, "delivery.address"),
        ({"method": "chronopost-express", "address": TO_PARIS, "pickup_point": "S1"}, "delivery.pickup_point"),
        ({"method": "colissimo-home", "address": {**TO_PARIS, "postcode": "1"}}, "delivery.address.postcode"),
        ({"method": "mondial-relay-point"}, "delivery.pickup_point"),
        ({"method": "mondial-relay-point", "pickup_point": "X", "address": TO_PARIS}, "delivery.address"),
        ({"method": "store-pickup"}, "delivery.pickup_point"),
        ({"method": "store-pickup", "pickup_point": "W1"}, "delivery.pickup_point"),
        ({"method": "store-pickup", "pickup_point": "nowhere"}, "delivery.pickup_point"),
        ({"method": "store-pickup", "pickup_point": "S1", "address": TO_PARIS}, "delivery.address"),
        (
            {"method": "colissimo-home", "address": TO_PARIS, "price": {"minor_units": 1, "currency": "GBP"}},
            "delivery.price.currency",
        ),
        ({"method": "colissimo-home", "address": TO_PARIS, "price": eur(-1)}, "delivery.price.minor_units"),
    ],
)
def test_a_delivery_that_cannot_be_is_refused_with_its_field(delivery: dict[str, object], param: str) -> None:
    given(PLENTY).when(place(cart(delivery=delivery))).then_refused(Invalid, param=param)


@pytest.mark.parametrize(
    ("changed", "param"),
    [
        ({"sku": "unknown"}, "lines[1].sku"),
        ({"unit_price": {"minor_units": 1, "currency": "GBP"}}, "lines[1].unit_price.currency"),
        ({"unit_price": eur(-1)}, "lines[1].unit_price.minor_units"),
        ({"unit_price": eur(UNIT_PRICE_MAX + 1)}, "lines[1].unit_price"),
        ({"discount": {"minor_units": 1, "currency": "GBP"}}, "lines[1].discount.currency"),
        ({"discount": eur(-1)}, "lines[1].discount.minor_units"),
        ({"quantity": 2, "discount": eur(2001)}, "lines[1].discount"),
    ],
)
def test_a_line_that_cannot_be_is_refused_with_its_field(changed: dict[str, object], param: str) -> None:
    command = cart({"sku": "A"}, {"sku": "B", **changed})
    given(PLENTY).when(place(command)).then_refused(Invalid, param=param)


def test_a_discount_may_be_the_whole_price() -> None:
    assert order_after(placed(cart({"sku": "A", "quantity": 2, "discount": eur(2000)}))).total_minor == 0


def test_a_price_of_the_catalog_in_another_currency_does_not_count() -> None:
    source = facts({"A@W1": 1}, variants={"A": variant("A", currency="GBP")})
    given(source).when(place(cart())).then_refused(Invalid, param="lines[0].unit_price", got=None)
    assert placed(cart({"sku": "A", "unit_price": eur(700)}), source).lines[0].unit_price_minor == 700


@pytest.mark.parametrize(
    ("authorized", "param"),
    [
        ({"minor_units": 1, "currency": "GBP"}, "payment.authorized.currency"),
        (eur(-1), "payment.authorized.minor_units"),
    ],
)
def test_an_authorization_that_cannot_be_is_refused(authorized: dict[str, object], param: str) -> None:
    command = cart(payment={"method": "card", "authorized": authorized})
    given(PLENTY).when(place(command)).then_refused(Invalid, param=param)


def test_a_billing_address_its_country_does_not_know_is_refused() -> None:
    command = cart(billing_address={**TO_PARIS, "country": "XX"})
    given(PLENTY).when(place(command)).then_refused(Invalid, param="billing_address.country", got="XX")


def test_a_total_above_the_largest_amount_is_refused() -> None:
    much = {"sku": "A", "quantity": 1_000_000, "unit_price": eur(UNIT_PRICE_MAX)}
    given(facts({"A@W1": 9_000_000})).when(place(cart(much, much))).then_refused(OrderTooExpensive, param="lines")
