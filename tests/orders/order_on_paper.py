"""What an order should be, kept with pencil and paper: counts of units, not places; written without the shop's code."""

from collections import Counter
from dataclasses import dataclass, field

from aftercart.orders.model import Order

Stock = dict[tuple[str, str], int]
"""(SKU, place) -> units on hand."""


@dataclass
class LineOnPaper:
    sku: str
    price: int
    discounts: list[int]
    reserved: int = 0
    waiting: int = 0
    canceled: int = 0

    @property
    def live(self) -> int:
        return self.reserved + self.waiting

    def take(self, quantity: int) -> None:
        """Units that wait go first."""
        from_waiting = min(self.waiting, quantity)
        self.waiting -= from_waiting
        self.reserved -= quantity - from_waiting
        self.canceled += quantity

    @property
    def cost(self) -> int:
        return self.live * self.price - sum(self.discounts[: self.live])


@dataclass
class OrderOnPaper:
    authorized: int
    delivery: int
    address: str
    lines: list[LineOnPaper] = field(default_factory=list[LineOnPaper])
    events: int = 0
    went_missing: bool = False

    @property
    def live(self) -> int:
        return sum(line.live for line in self.lines)

    @property
    def waiting(self) -> int:
        return sum(line.waiting for line in self.lines)

    @property
    def total(self) -> int:
        return sum(line.cost for line in self.lines) + self.delivery if self.live else 0

    def reserved_of(self, sku: str) -> int:
        return sum(line.reserved for line in self.lines if line.sku == sku)

    def settle(self) -> None:
        """One more event happened; nobody waits for missing stock once nothing waits."""
        self.events += 1
        self.went_missing = self.went_missing and bool(self.waiting)

    @property
    def holds(self) -> set[str]:
        if not self.live:
            return set()
        unpaid = {"payment"} if self.total > self.authorized else set[str]()
        return unpaid | ({"missing_stock"} if self.went_missing else set())

    @property
    def status(self) -> str:
        if not self.live:
            return "canceled"
        if "payment" in self.holds:
            return "awaiting_payment"
        if self.holds:
            return "on_hold"
        return "backordered" if self.waiting else "confirmed"


def shares(discount: int, units: int) -> list[int]:
    """The discount in shares as equal as cents allow, the larger ones first."""
    return [discount // units + (1 if number < discount % units else 0) for number in range(units)]


def assert_as_on_paper(order: Order, paper: OrderOnPaper) -> None:
    """Compares a real order with the one on paper."""
    counted = Counter[tuple[int, str]]()
    for entry in order.units:
        counted[entry.line, entry.stage.value] += entry.quantity
    for number, line in enumerate(paper.lines, 1):
        expected = {"reserved": line.reserved, "backordered": line.waiting, "canceled": line.canceled}
        assert {stage: counted.pop((number, stage), 0) for stage in expected} == expected, number
        assert order.lines[number - 1].ordered == line.live + line.canceled
    assert not counted
    assert (order.total_minor, order.version) == (paper.total, paper.events)
    assert {hold.reason.value for hold in order.holds} == paper.holds
    assert order.status.value == paper.status
    assert order.delivery.address is not None
    assert order.delivery.address.city == paper.address
    assert (order.release_at is None) == (bool(paper.holds) or bool(paper.waiting) or not paper.live)
