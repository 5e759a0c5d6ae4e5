"""What lies where in the demo shop when it opens, what is kept back, and what is to come."""

import random
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final

import msgspec

from aftercart.catalog.decisions.upsert_variants import VariantDefinition
from aftercart.catalog.model import VariantKind
from aftercart.demo.places import LOCATIONS
from aftercart.inventory.decisions.receive_stock import ReceiptLine, ReceiveStock
from aftercart.inventory.decisions.set_safety_stock import SafetyLineWish, SetSafetyStock
from aftercart.inventory.decisions.upsert_locations import LocationDefinition
from aftercart.inventory.decisions.upsert_supply import SupplyDefinition, SupplyLineDefinition, UpsertSupply
from aftercart.inventory.model import LocationKind

SOLD_OUT: Final = frozenset({"VERCORS-ECRU-M", "QUAI-BLANC-40", "VEILLEE-FIGUE"})
"""These have no stock anywhere, so that something is backordered from the first day."""
ONLY_IN_LILLE: Final = frozenset({"MIROIR-LAITON", "BESACE-COGNAC"})
"""These lie in one warehouse alone, so that some order needs two parcels."""

_SEED: Final = 20260301
_STOCKED_IN_WAREHOUSE: Final = 0.9
_STOCKED_IN_STORE: Final = 0.4
_SAFE_FROM_UNITS: Final = 4
"""A store that opens with so many units of a SKU keeps one of them back."""
_PRE_ORDERED_UNITS: Final = 50
_SUPPLIERS: Final = {
    "DEMO-PO-101": "Filature des Monts",
    "DEMO-PO-102": "Manufacture Belhomme",
    "DEMO-PO-103": "Ciergerie Lavandin",
    "DEMO-PO-104": "Faïencerie du Gué",
    "DEMO-PO-105": "Ateliers Quatre-Vents",
}


class Purchase(msgspec.Struct, frozen=True, kw_only=True):
    """A purchase order: how it was announced and what was said of it later, and what of it arrived."""

    told: tuple[SupplyDefinition, ...]
    arrived: ReceiveStock | None = None

    @property
    def reference(self) -> str:
        """Returns the number under which all of it is known."""
        return self.told[0].reference

    @property
    def announcements(self) -> Iterator[UpsertSupply]:
        """Yields what was said, one wish after the other."""
        return (UpsertSupply(supplies=(told,)) for told in self.told)


def opening_stock(variants: Iterable[VariantDefinition]) -> Iterator[ReceiveStock]:
    """Yields one receipt per location; warehouses have most variants, stores a choice of few units each."""
    stocked = [one for one in variants if one.kind is VariantKind.STOCKED and one.sku not in SOLD_OUT]
    for location in LOCATIONS:
        chance = random.Random(f"{_SEED} {location.code}")  # noqa: S311 - the same stock on every machine
        lines = tuple(_lines(location, stocked, chance))
        yield ReceiveStock(location=location.code, reference=f"DEMO-OPENING-{location.code}", lines=lines)


def _lines(
    location: LocationDefinition, stocked: Iterable[VariantDefinition], chance: random.Random
) -> Iterator[ReceiptLine]:
    warehouse = location.kind is LocationKind.WAREHOUSE
    for variant in stocked:
        there = chance.random() < (_STOCKED_IN_WAREHOUSE if warehouse else _STOCKED_IN_STORE)
        quantity = chance.randint(8, 60) if warehouse else chance.randint(1, 6)
        if variant.sku in ONLY_IN_LILLE:
            there = location.code == "LILLE"
        if there:
            yield ReceiptLine(sku=variant.sku, quantity=quantity)


def safety_stock(receipts: Iterable[ReceiveStock]) -> Iterator[SetSafetyStock]:
    """Yields what each store keeps back of its opening stock."""
    stores = {location.code for location in LOCATIONS if location.kind is LocationKind.STORE}
    for receipt in receipts:
        many = [line.sku for line in receipt.lines if line.quantity >= _SAFE_FROM_UNITS]
        if receipt.location in stores and many:
            lines = tuple(SafetyLineWish(sku=sku, safety=1) for sku in many)
            yield SetSafetyStock(location=receipt.location, lines=lines)


def purchases(variants: Iterable[VariantDefinition], *, today: date) -> tuple[Purchase, ...]:
    """Returns the purchase orders: one in time, one late, one short, one that came in part, and the pre-orders."""

    def told(reference: str, location: str, days: int, units: Mapping[str, int]) -> SupplyDefinition:
        lines = tuple(SupplyLineDefinition(sku=sku, quantity=quantity) for sku, quantity in units.items())
        on = today + timedelta(days=days)
        return SupplyDefinition(
            reference=reference,
            location=location,
            expected_date=on,
            lines=lines,
            supplier=_SUPPLIERS[reference],
        )

    shoes = {"QUAI-BLANC-40": 30, "QUAI-BLANC-41": 20}
    return (
        Purchase(told=(told("DEMO-PO-101", "BORDEAUX", 9, {"VERCORS-ECRU-M": 40}),)),
        Purchase(told=(told("DEMO-PO-102", "LILLE", 3, shoes), told("DEMO-PO-102", "LILLE", 17, shoes))),
        Purchase(
            told=(
                told("DEMO-PO-103", "BORDEAUX", 5, {"VEILLEE-FIGUE": 80, "VEILLEE-CEDRE": 40}),
                told("DEMO-PO-103", "BORDEAUX", 5, {"VEILLEE-FIGUE": 25}),
            )
        ),
        Purchase(
            told=(told("DEMO-PO-104", "LYON", 0, {"GALET-BLANC": 60, "GALETBOL-BLANC": 60}),),
            arrived=ReceiveStock(
                location="LYON",
                reference="DEMO-PO-104",
                lines=(ReceiptLine(sku="GALET-BLANC", quantity=60), ReceiptLine(sku="GALETBOL-BLANC", quantity=24)),
            ),
        ),
        Purchase(told=(_of_pre_orders(variants, today),)),
    )


def _of_pre_orders(variants: Iterable[VariantDefinition], today: date) -> SupplyDefinition:
    lines = tuple(
        SupplyLineDefinition(sku=one.sku, quantity=_PRE_ORDERED_UNITS, expected_date=one.available_from)
        for one in variants
        if one.kind is VariantKind.PREORDER
    )
    return SupplyDefinition(
        reference="DEMO-PO-105",
        location="BORDEAUX",
        expected_date=today,
        lines=lines,
        supplier=_SUPPLIERS["DEMO-PO-105"],
    )
