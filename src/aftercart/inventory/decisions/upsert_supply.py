"""Announcing goods that are to come, or saying that they come later, earlier, with less or with more."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Annotated, Final

import msgspec

from aftercart.catalog.model import VariantKind
from aftercart.inventory.events import Expected, SupplyChange, SupplyChanged
from aftercart.inventory.model import Stock, StockKey, SupplyLine, SupplyLineKey
from aftercart.inventory.rules.document_lines import LINES_MAX, QUANTITY_MAX, KindOf, LocationCode, Sku
from aftercart.inventory.rules.stock_changes import INCOMING_MAX
from aftercart.kit.commands import Command, UpsertResult
from aftercart.kit.refusal import Invalid, Refusal

SUPPLIES_MAX: Final = 1_000
BOUGHT_IN: Final = frozenset({VariantKind.STOCKED, VariantKind.PREORDER})
"""The kinds of variants of which supply can be announced."""


class SupplyLineDefinition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many units of a SKU are to come in all; 0 cancels. Without a date of its own that of the supply counts."""

    sku: Sku
    quantity: Annotated[int, msgspec.Meta(ge=0, le=QUANTITY_MAX)]
    expected_date: date | None = None


class SupplyDefinition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A purchase order for one location, as whoever placed it describes it; dates are those of the location."""

    reference: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    location: LocationCode
    expected_date: date
    lines: Annotated[tuple[SupplyLineDefinition, ...], msgspec.Meta(min_length=1, max_length=LINES_MAX)]
    supplier: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | None = None


class UpsertSupply(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Announce these supplies, or bring those that exist to what is described here.

    Lines that are not mentioned stay as they are. A quantity counts what has arrived already: one below it means that
    nothing more is to come. What a receipt closed opens again only when its date or quantity changes.
    """

    supplies: Annotated[tuple[SupplyDefinition, ...], msgspec.Meta(min_length=1, max_length=SUPPLIES_MAX)]


class TooManySupplies(Refusal):
    """Only so many supplies of a SKU may be outstanding at a location: a line of one of them must be closed first."""

    def __init__(self, *, sku: str, location: str) -> None:
        super().__init__(param="supplies", sku=sku, location=location, supplies_max=INCOMING_MAX)


def lines_of(command: UpsertSupply) -> Iterator[tuple[SupplyLineKey, SupplyDefinition, SupplyLineDefinition, str]]:
    """Yields every line with its key, its supply, and the path of its field."""
    for place, supply in enumerate(command.supplies):
        for index, line in enumerate(supply.lines):
            key = SupplyLineKey(line.sku, supply.location, supply.reference)
            yield key, supply, line, f"supplies[{place}].lines[{index}]"


def upsert_supply(
    command: UpsertSupply,
    *,
    knows_location: Callable[[str], bool],
    kind_of: KindOf,
    stock_of: Callable[[StockKey], Stock],
    find_line: Callable[[SupplyLineKey], SupplyLine | None],
) -> tuple[tuple[SupplyChanged, ...], UpsertResult]:
    """Returns the event for what is new or different, none when all is as described already.

    Raises ``Invalid`` for a location or SKU that is unknown or cannot be supplied, and for a line named twice;
    ``TooManySupplies`` when more than ``INCOMING_MAX`` would be outstanding.
    """
    _require_supplies(command, knows_location=knows_location)
    changes: list[SupplyChange] = []
    seen: set[SupplyLineKey] = set()
    outstanding: dict[StockKey, set[str]] = {}
    for key, supply, definition, at in lines_of(command):
        _require_bought_in(key.sku, kind_of(key.sku), param=f"{at}.sku")
        if key in seen:
            raise Invalid(param=f"{at}.sku", expected="each SKU once per supply", got=key.sku)
        seen.add(key)
        change = _change(key, supply, definition, find_line(key))
        if change is None:
            continue
        changes.append(change)
        stock_key = StockKey(key.sku, key.location)
        if stock_key not in outstanding:
            outstanding[stock_key] = {one.reference for one in stock_of(stock_key).incoming}
        if change.after.outstanding:
            outstanding[stock_key].add(key.reference)
        else:
            outstanding[stock_key].discard(key.reference)
    for stock_key, references in outstanding.items():
        if len(references) > INCOMING_MAX:
            raise TooManySupplies(sku=stock_key.sku, location=stock_key.location)
    created = sum(change.before is None for change in changes)
    result = UpsertResult(created=created, updated=len(changes) - created, unchanged=len(seen) - len(changes))
    return (SupplyChanged(lines=tuple(changes)),) if changes else (), result


def _require_supplies(command: UpsertSupply, *, knows_location: Callable[[str], bool]) -> None:
    if sum(len(supply.lines) for supply in command.supplies) > LINES_MAX:
        raise Invalid(param="supplies", expected=f"at most {LINES_MAX} lines together", got=None)
    for place, supply in enumerate(command.supplies):
        if not knows_location(supply.location):
            expected = "the code of a known location"
            raise Invalid(param=f"supplies[{place}].location", expected=expected, got=supply.location)


def _require_bought_in(sku: str, kind: VariantKind | None, *, param: str) -> None:
    if kind is None:
        raise Invalid(param=param, expected="a known SKU", got=sku)
    if kind not in BOUGHT_IN:
        raise Invalid(param=param, expected="a SKU that is bought in: no bundle, nothing made to order", got=sku)


def _change(
    key: SupplyLineKey, supply: SupplyDefinition, definition: SupplyLineDefinition, line: SupplyLine | None
) -> SupplyChange | None:
    if line is None and definition.quantity == 0:
        # Whoever sends all lines of a purchase order sends those too that were canceled before anybody heard of them.
        return None
    expected_date = definition.expected_date or supply.expected_date
    before = None if line is None else _expected(line)
    if line is not None and (line.expected_date, line.ordered) == (expected_date, definition.quantity):
        after = _expected(line)
    else:
        left = max(definition.quantity - (0 if line is None else line.received), 0)
        after = Expected(expected_date=expected_date, quantity=definition.quantity, outstanding=left)
    if line is not None and after == before and line.supplier == supply.supplier:
        return None
    return SupplyChange(
        sku=key.sku,
        location=key.location,
        reference=key.reference,
        supplier=supply.supplier,
        before=before,
        after=after,
    )


def _expected(line: SupplyLine) -> Expected:
    return Expected(expected_date=line.expected_date, quantity=line.ordered, outstanding=line.outstanding)
