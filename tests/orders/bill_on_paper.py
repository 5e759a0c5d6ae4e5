"""What an order should cost, kept with pencil and paper: pieces, the discount of each, delivery by its tariff, fees."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from tests.orders.living_shop import ADVANTAGE_PERCENT, METHODS, PRICES, WEIGHTS
from tests.orders.order_on_paper import shares

from aftercart.kit.money import allocate, divide_rounded
from aftercart.orders.decisions.add_line import AddLine
from aftercart.orders.decisions.cancel_lines import CancelLines
from aftercart.orders.decisions.cancel_order import CancelOrder
from aftercart.orders.decisions.change_delivery_method import ChangeDeliveryMethod
from aftercart.orders.decisions.change_line_quantity import ChangeLineQuantity
from aftercart.orders.decisions.swap_variant import SwapVariant
from aftercart.orders.model import OrderChange, PriceMode, PromotionMode

RATES: Final = {
    "colissimo-home": ((1_000, 600), (5_000, 750), (30_000, 1000)),
    "chronopost-express": ((2_000, 1500), (10_000, 1750), (30_000, 2100)),
    "mondial-relay-point": ((1_000, 400), (5_000, 500), (30_000, 700)),
    "store-pickup": ((10**9, 0),),
    "van": ((10**9, 500),),
}
"""(up to so many grams, price) within France, method by method."""


def tariff(method: str, grams: int) -> int:
    """Returns what a method asks for a parcel within France."""
    return next(price for most, price in RATES[method] if grams <= most)


@dataclass
class Promised:
    """A promotion of the order: ``percent`` of its lines or the ``amount``, while the goods come to ``minimum``."""

    code: str
    minimum: int
    percent: int = 0
    amount: int = 0

    def discount(self, value: int) -> int:
        """Returns its discount on goods of a value."""
        return divide_rounded(value * self.percent, 100) if self.percent else min(self.amount, value)


@dataclass
class BilledLine:
    """So many pieces at a price; ``shares`` is the discount of the first ones, ``first`` what was ordered at first."""

    sku: str
    price: int
    pieces: int
    shares: list[int]
    promotion: str | None = None
    clawed_back: bool = False
    first: "BilledLine | None" = None

    @property
    def value(self) -> int:
        return self.price * self.pieces

    @property
    def discount(self) -> int:
        return 0 if self.clawed_back else sum(self.shares[: self.pieces])

    def have(self, pieces: int) -> None:
        """Writes down how many pieces are wanted; more of what is announced get the discount for that, too."""
        is_early = self.sku == "P" and self.promotion is None and self.pieces <= len(self.shares)
        tenth = self.price * ADVANTAGE_PERCENT / 100
        if is_early and self.shares and self.shares[-1] and abs(self.shares[-1] - tenth) < 1:
            self.shares += [self.shares[-1]] * (pieces - len(self.shares))
        self.pieces = pieces

    def take_last(self, pieces: int) -> int:
        """Takes the last pieces out for good, and returns the discount that goes with them."""
        first = self.pieces - pieces
        leaving = sum(self.shares[first : self.pieces])
        del self.shares[first : self.pieces]
        self.pieces = first
        return leaving

    def exchanged(self, sku: str) -> int:
        """Returns what another size costs: the catalog's difference to what was ordered at first comes and goes."""
        first = self.first or self
        more = {size: max(PRICES[size] - PRICES[first.sku], 0) for size in (self.sku, sku)}
        return max(self.price - more[self.sku] + more[sku], min(self.price, first.price))


@dataclass
class Bill:
    """The whole of it. ``grams`` is what was weighed at checkout, ``offset`` what the shop asked above its tariff."""

    grams: int
    offset: int
    delivery: int
    lines: list[BilledLine] = field(default_factory=list[BilledLine])
    promotions: list[Promised] = field(default_factory=list[Promised])
    fees: list[int] = field(default_factory=list[int])

    @property
    def pieces(self) -> int:
        return sum(line.pieces for line in self.lines)

    @property
    def total(self) -> int:
        if not self.pieces:
            return 0
        return sum(line.value - line.discount for line in self.lines) + self.delivery + sum(self.fees)

    def note(self, change: OrderChange, *, usual: PromotionMode) -> None:
        """Writes down a change that was made; ``usual`` is what becomes of discounts when nobody says otherwise."""
        match change:
            case AddLine():
                price = PRICES[change.sku[-1]]
                self.lines.append(BilledLine(sku=change.sku[-1], price=price, pieces=change.quantity, shares=[]))
                self.reprice(change.pricing.promotions or usual)
            case ChangeLineQuantity() if change.quantity != self.lines[change.line - 1].pieces:
                self.lines[change.line - 1].have(change.quantity)
                self.reprice(change.pricing.promotions or usual)
            case SwapVariant():
                self._swap(change)
                self.reprice(change.pricing.promotions or usual)
            case CancelLines():
                for one in change.lines:
                    line = self.lines[one.line - 1]
                    line.pieces -= line.pieces if one.quantity is None else one.quantity
                self.reprice(change.promotions or usual)
            case CancelOrder():
                for line in self.lines:
                    line.pieces = 0
            case ChangeDeliveryMethod():
                self.delivery = max(tariff(change.method, self.grams) + self.offset, 0)
            case _:
                pass

    def reprice(self, mode: PromotionMode) -> None:
        """Takes discounts back, or computes them anew, on what is wanted now."""
        for promotion in self.promotions:
            lines = [line for line in self.lines if line.promotion == promotion.code and line.pieces]
            met = sum(line.value for line in self.lines) >= promotion.minimum
            if mode is PromotionMode.CLAW_BACK:
                for line in lines:
                    line.clawed_back = not met
            elif mode is PromotionMode.RECOMPUTE and lines:
                whole = promotion.discount(sum(line.value for line in lines)) if met else 0
                for line, share in zip(lines, allocate(whole, [line.value for line in lines]), strict=True):
                    line.shares, line.clawed_back = shares(share, line.pieces), False

    def _swap(self, change: SwapVariant) -> None:
        line = self.lines[change.line - 1]
        assert change.quantity is not None
        sku = change.sku[-1]
        match change.pricing.price:
            case PriceMode.CURRENT:
                price = PRICES[sku]
            case PriceMode.KEEP_PAID:
                price = line.price
            case _:
                price = line.exchanged(sku)
        discount = min(line.take_last(change.quantity), price * change.quantity)
        self.lines.append(
            BilledLine(
                sku=sku,
                price=price,
                pieces=change.quantity,
                shares=shares(discount, change.quantity),
                promotion=line.promotion,
                clawed_back=line.clawed_back,
                first=line.first or line,
            )
        )


def weight_of(pieces: Iterable[tuple[str, int]]) -> int:
    """Returns what so many pieces of these SKUs weigh, in grams."""
    return sum(WEIGHTS[sku] * quantity for sku, quantity in pieces)


assert RATES.keys() == METHODS, "the tariffs of all methods of the shop are on paper"
