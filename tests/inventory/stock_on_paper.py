"""What stock and supply should be, kept with pencil and paper; written without the shop's code."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

Place = tuple[str, str]
"""A SKU and a location."""


@dataclass
class SupplyOnPaper:
    on: date
    ordered: int
    received: int = 0
    closed: bool = False

    @property
    def outstanding(self) -> int:
        return 0 if self.closed or self.received > self.ordered else self.ordered - self.received


@dataclass
class StockOnPaper:
    """On hand, kept back and to come; what orders hold and wait for is written in the orders."""

    on_hand: Counter[Place] = field(default_factory=Counter[Place])
    safety: Counter[Place] = field(default_factory=Counter[Place])
    quarantined: Counter[Place] = field(default_factory=Counter[Place])
    supply: dict[tuple[str, str, str], SupplyOnPaper] = field(default_factory=dict[tuple[str, str, str], SupplyOnPaper])

    def announce(self, sku: str, location: str, reference: str, *, on: date, quantity: int) -> None:
        known = self.supply.get((sku, location, reference))
        if known is None:
            if quantity:
                self.supply[sku, location, reference] = SupplyOnPaper(on, quantity)
        elif (known.on, known.ordered) != (on, quantity):
            known.on, known.ordered, known.closed = on, quantity, False

    def receive(self, location: str, reference: str, units: Mapping[str, int], *, last: bool) -> None:
        for sku, quantity in units.items():
            self.on_hand[sku, location] += quantity
        for (sku, place, name), line in self.supply.items():
            if (place, name) == (location, reference):
                line.received += units.get(sku, 0)
                line.closed = line.closed or (last and line.outstanding > 0)

    def incoming(self, sku: str, location: str) -> list[tuple[date, str, int]]:
        """(day, reference, units), the earliest first."""
        return sorted(
            (line.on, reference, line.outstanding)
            for (supplied, place, reference), line in self.supply.items()
            if (supplied, place) == (sku, location) and line.outstanding
        )

    def free(self, sku: str, location: str, *, reserved: int) -> int:
        """Units that may be put aside."""
        return max(self.on_hand[sku, location] - reserved - self.quarantined[sku, location], 0)
