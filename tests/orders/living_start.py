"""How a living order begins: a policy, what is on the shelves, and a cart; drawn, told to a shop, billed on paper."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hypothesis import strategies as st
from tests.orders.bill_on_paper import Bill, BilledLine, Promised, tariff, weight_of
from tests.orders.living_shop import ADVANTAGE_PERCENT, BUSY, PLACES, PRICES, RIVAL, STOCKED, policies
from tests.orders.living_wishes import quantities, skus
from tests.orders.order_on_paper import shares
from tests.scenario import TO_PARIS, cart, eur
from tests.small_shop import ADMIN, PATIENT, REFUSING, receipt

from aftercart.inventory.decisions.receive_stock import ReceiveStock
from aftercart.orders.decisions.place_order import PlaceOrder
from aftercart.orders.decisions.set_policy import SetPolicy
from aftercart.orders.rules.stock_for_lines import InsufficientStock
from aftercart.shop import Shop

PROMOTIONS: Final = (
    Promised("TEN", minimum=3000, percent=10),
    Promised("FIVE", minimum=2500, amount=500),
)

stocked = st.sampled_from(STOCKED)
places = st.sampled_from(PLACES)


@dataclass(frozen=True)
class CartLine:
    """Without a price it is the catalog's, and what is announced for later costs less; else a discount is given."""

    sku: str
    quantity: int
    given_price: int | None
    wished_discount: int
    promotion: str | None

    @property
    def price(self) -> int:
        return PRICES[self.sku] if self.given_price is None else self.given_price

    @property
    def discount(self) -> int:
        value = self.price * self.quantity
        if self.given_price is None:
            return value * ADVANTAGE_PERCENT // 100 if self.sku == "P" else 0
        return min(self.wished_discount, value)


@dataclass(frozen=True)
class Start:
    """All that is so before the first change of an order."""

    policy: SetPolicy
    shelves: list[tuple[str, str, int]]
    lines: list[CartLine]
    method: str
    price: int | None
    channel: str
    authorized: int
    rivals: int


starts = st.builds(
    Start,
    policy=policies,
    shelves=st.lists(st.tuples(stocked, places, st.integers(1, 12)), max_size=6),
    lines=st.lists(
        st.builds(
            CartLine,
            sku=st.sampled_from("ABC") | skus,
            quantity=quantities,
            given_price=st.integers(300, 3000) | st.integers(0, 300) | st.none(),
            wished_discount=st.integers(0, 999),
            promotion=st.none() | st.sampled_from([one.code for one in PROMOTIONS]),
        ),
        min_size=1,
        max_size=3,
    ),
    method=st.sampled_from(["colissimo-home", "chronopost-express"]),
    price=st.none() | st.integers(0, 2000),
    channel=st.sampled_from([PATIENT, PATIENT, REFUSING]),
    authorized=st.sampled_from([10**6, 10**6, 10**6, 8_000]),
    rivals=st.integers(0, 9),
)


async def open_for(shop: Shop, start: Start, prefix: str) -> PlaceOrder:
    """Decides on the policy and fills the shelves, with all that is needed where a channel refuses to wait.

    Rivals have ordered before, and taken hours of the busy floor.
    """
    await shop.submit(start.policy, ADMIN)
    if start.rivals:
        await shop.submit(receipt(BUSY.code, {RIVAL: start.rivals}), ADMIN)
    for _ in range(start.rivals):
        await shop.submit(cart({"sku": RIVAL}), ADMIN)
    for delivery in _deliveries(start, prefix):
        await shop.submit(delivery, ADMIN)
    order = _order_for(start, prefix)
    try:
        await shop.preview(order, ADMIN)
    except InsufficientStock:
        await shop.submit(receipt("W2", {prefix + sku: 99 for sku in STOCKED}), ADMIN)
    return order


def bill_for(start: Start) -> Bill:
    """Returns what the order should cost when it is placed."""
    asked = tariff(start.method, weight_of((one.sku, one.quantity) for one in start.lines))
    delivery = asked if start.price is None else start.price
    return Bill(
        grams=weight_of((one.sku, one.quantity) for one in start.lines),
        offset=delivery - asked,
        delivery=delivery,
        lines=[
            BilledLine(
                sku=one.sku[-1],
                price=one.price,
                pieces=one.quantity,
                shares=shares(one.discount, one.quantity),
                promotion=one.promotion,
            )
            for one in start.lines
        ],
        promotions=list(PROMOTIONS),
    )


def _deliveries(start: Start, prefix: str) -> Iterator[ReceiveStock]:
    return (receipt(place, {prefix + sku: quantity}) for sku, place, quantity in start.shelves)


def _order_for(start: Start, prefix: str) -> PlaceOrder:
    delivery: dict[str, object] = {"method": start.method, "address": TO_PARIS}
    if start.price is not None:
        delivery["price"] = eur(start.price)
    promotions = [
        {"code": one.code, "minimum": eur(one.minimum)}
        | (
            {"kind": "percentage", "rate": f"0.{one.percent}"}
            if one.percent
            else {"kind": "amount", "amount": eur(one.amount)}
        )
        for one in PROMOTIONS
    ]
    return cart(
        *(_line_for(one, prefix) for one in start.lines),
        channel=start.channel,
        delivery=delivery,
        payment={"method": "card", "authorized": eur(start.authorized)},
        promotions=promotions,
    )


def _line_for(one: CartLine, prefix: str) -> dict[str, object]:
    line: dict[str, object] = {"sku": prefix + one.sku, "quantity": one.quantity}
    if one.given_price is not None:
        line |= {"unit_price": eur(one.price), "discount": eur(one.discount)}
    if one.promotion is not None:
        line["promotion"] = one.promotion
    return line
