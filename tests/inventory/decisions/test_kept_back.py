"""Units are kept from being promised: for safety, or because something is wrong with them."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from tests.story import given

from aftercart.catalog.model import VariantKind
from aftercart.inventory.decisions.quarantine_stock import (
    NotEnoughInQuarantine,
    NotEnoughToPutAside,
    QuarantineStock,
    quarantine_stock,
)
from aftercart.inventory.decisions.set_safety_stock import SetSafetyStock, set_safety_stock
from aftercart.inventory.events import SafetyLine, SafetyStockSet, StockDelta, StockQuarantined
from aftercart.inventory.model import Stock
from aftercart.kit.refusal import Invalid
from aftercart.kit.state import Event

Shelf = Mapping[str, Stock]
EMPTY: Shelf = {}
KINDS = {"A": VariantKind.STOCKED, "B": VariantKind.PREORDER, "SET": VariantKind.BUNDLE}


def shelf(**a: int) -> Shelf:
    return {"A": msgspec.convert({"sku": "A", "location": "W1", **a}, Stock)}


def looking_at(decide: Callable[..., Event], command: Any) -> Callable[[Shelf], Event]:
    def on(there: Shelf) -> Event:
        def stock_of(sku: str) -> Stock:
            return there.get(sku) or Stock(sku=sku, location="W1")

        return decide(command, knows_location={"W1"}.__contains__, kind_of=KINDS.get, stock_of=stock_of)

    return on


def keep(*lines: tuple[str, int], location: str = "W1") -> Callable[[Shelf], Event]:
    described = [{"sku": sku, "safety": safety} for sku, safety in lines]
    command = msgspec.convert({"location": location, "lines": described}, SetSafetyStock)
    return looking_at(set_safety_stock, command)


def put_aside(*lines: tuple[str, int], location: str = "W1") -> Callable[[Shelf], Event]:
    described = [{"sku": sku, "delta": delta} for sku, delta in lines]
    command = msgspec.convert({"location": location, "reason": "wet", "lines": described}, QuarantineStock)
    return looking_at(quarantine_stock, command)


def put_aside_event(*lines: tuple[str, int]) -> StockQuarantined:
    deltas = tuple(StockDelta(sku=sku, delta=delta) for sku, delta in lines)
    return StockQuarantined(location="W1", reason="wet", lines=deltas)


def test_safety_is_set_with_what_it_was_before() -> None:
    lines = (SafetyLine(sku="A", previous_safety=2, safety=5), SafetyLine(sku="B", previous_safety=0, safety=1))
    given(shelf(on_hand=9, safety=2)).when(keep(("A", 5), ("B", 1))).then(SafetyStockSet(location="W1", lines=lines))


def test_safety_may_be_more_than_there_is() -> None:
    lines = (SafetyLine(sku="A", previous_safety=0, safety=50),)
    given(shelf(on_hand=9, reserved=9)).when(keep(("A", 50))).then(SafetyStockSet(location="W1", lines=lines))


def test_safety_that_is_as_described_is_told_all_the_same() -> None:
    lines = (SafetyLine(sku="A", previous_safety=2, safety=2),)
    given(shelf(safety=2)).when(keep(("A", 2))).then(SafetyStockSet(location="W1", lines=lines))


def test_safety_of_a_sku_is_set_once() -> None:
    given(EMPTY).when(keep(("A", 1), ("B", 1), ("A", 2))).then_refused(Invalid, param="lines[2].sku", got="A")


def test_free_units_are_put_aside_and_given_back() -> None:
    there = shelf(on_hand=9, reserved=4, safety=3, quarantined=2)
    given(there).when(put_aside(("A", 3))).then(put_aside_event(("A", 3)))
    given(there).when(put_aside(("A", -2))).then(put_aside_event(("A", -2)))


def test_reserved_units_and_units_that_are_not_there_cannot_be_put_aside() -> None:
    there = shelf(on_hand=9, reserved=4, quarantined=2)
    given(there).when(put_aside(("A", 4))).then_refused(NotEnoughToPutAside, param="lines", sku="A", free=3, delta=4)
    given(shelf(on_hand=2, reserved=5, short=3)).when(put_aside(("A", 1))).then_refused(NotEnoughToPutAside, free=0)
    given(EMPTY).when(put_aside(("B", 1))).then_refused(NotEnoughToPutAside, sku="B", free=0)


def test_no_more_is_given_back_than_was_put_aside() -> None:
    there = shelf(on_hand=9, quarantined=2)
    given(there).when(put_aside(("A", -3))).then_refused(NotEnoughInQuarantine, sku="A", quarantined=2, delta=-3)


def test_units_are_given_back_even_where_a_count_found_fewer_than_lie_in_quarantine() -> None:
    given(shelf(on_hand=1, quarantined=3)).when(put_aside(("A", -3))).then(put_aside_event(("A", -3)))


def test_a_sku_on_two_lines_counts_with_its_sum() -> None:
    there = shelf(on_hand=3)
    given(there).when(put_aside(("A", 2), ("A", 2))).then_refused(NotEnoughToPutAside, delta=4)
    given(there).when(put_aside(("A", 5), ("A", -2))).then(put_aside_event(("A", 3)))


def test_unknown_places_and_skus_and_bundles_are_refused_with_their_field() -> None:
    for wish in (keep, put_aside):
        given(EMPTY).when(wish(("A", 1), location="nowhere")).then_refused(Invalid, param="location", got="nowhere")
        given(EMPTY).when(wish(("A", 0), ("X", 0))).then_refused(Invalid, param="lines[1].sku", got="X")
        given(EMPTY).when(wish(("SET", 0))).then_refused(Invalid, param="lines[0].sku", got="SET")
