"""Stock is received, adjusted and counted: what each document says, and what it cannot say."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import msgspec
import pytest
from tests.story import given

from aftercart.catalog.model import VariantKind
from aftercart.inventory.decisions.adjust_stock import AdjustStock, NotEnoughOnHand, adjust_stock
from aftercart.inventory.decisions.count_stock import CountStock, count_stock
from aftercart.inventory.decisions.receive_stock import ReceiveStock, receive_stock
from aftercart.inventory.events import CountedLine, StockAdjusted, StockCounted, StockDelta, StockReceived
from aftercart.inventory.model import Stock
from aftercart.inventory.rules.document_lines import ON_HAND_MAX, QUANTITY_MAX, TooMuchOnHand
from aftercart.kit.refusal import Invalid
from aftercart.kit.state import Event

Shelf = Mapping[str, tuple[int, int]]
"""SKU -> units on hand, and how many of them are reserved."""
EMPTY: Shelf = {}
KINDS: Mapping[str, VariantKind] = {"A": VariantKind.STOCKED, "B": VariantKind.MADE_TO_ORDER, "SET": VariantKind.BUNDLE}


def looking_at(decide: Callable[..., Event], command: Any) -> Callable[[Shelf], Event]:
    def on(shelf: Shelf) -> Event:
        def stock_of(sku: str) -> Stock:
            on_hand, reserved = shelf.get(sku, (0, 0))
            return Stock(sku=sku, location="W1", on_hand=on_hand, reserved=reserved)

        return decide(command, knows_location={"W1"}.__contains__, kind_of=KINDS.get, stock_of=stock_of)

    return on


def receive(*lines: tuple[str, int], location: str = "W1") -> Callable[[Shelf], Event]:
    described = [{"sku": sku, "quantity": quantity} for sku, quantity in lines]
    command = msgspec.convert({"location": location, "reference": "PO-1", "lines": described}, ReceiveStock)
    return looking_at(partial(receive_stock, supply_lines=()), command)


def adjust(*lines: tuple[str, int], location: str = "W1") -> Callable[[Shelf], Event]:
    described = [{"sku": sku, "delta": delta} for sku, delta in lines]
    command = msgspec.convert({"location": location, "reason": "broken", "lines": described}, AdjustStock)
    return looking_at(adjust_stock, command)


def count(*lines: tuple[str, int], location: str = "W1") -> Callable[[Shelf], Event]:
    described = [{"sku": sku, "quantity": quantity} for sku, quantity in lines]
    return looking_at(count_stock, msgspec.convert({"location": location, "lines": described}, CountStock))


def deltas(*lines: tuple[str, int]) -> tuple[StockDelta, ...]:
    return tuple(StockDelta(sku=sku, delta=delta) for sku, delta in lines)


def test_a_delivery_is_put_into_stock() -> None:
    received = StockReceived(location="W1", reference="PO-1", lines=deltas(("A", 5), ("B", 2)))
    given(EMPTY).when(receive(("A", 5), ("B", 2))).then(received)


def test_a_sku_on_two_lines_of_a_delivery_counts_with_its_sum() -> None:
    received = StockReceived(location="W1", reference="PO-1", lines=deltas(("A", 6), ("B", 2)))
    given(EMPTY).when(receive(("A", 5), ("B", 2), ("A", 1))).then(received)


def test_stock_is_adjusted_by_a_difference() -> None:
    adjusted = StockAdjusted(location="W1", reason="broken", lines=deltas(("A", -2), ("B", 3)))
    given({"A": (5, 3)}).when(adjust(("A", -2), ("B", 3))).then(adjusted)


def test_reserved_units_and_units_that_are_not_there_cannot_be_adjusted_away() -> None:
    given({"A": (5, 3)}).when(adjust(("A", -3))).then_refused(NotEnoughOnHand, param="lines", sku="A", reserved=3)
    given(EMPTY).when(adjust(("A", -1))).then_refused(NotEnoughOnHand, on_hand=0, delta=-1)


def test_a_sku_on_two_lines_of_an_adjustment_is_checked_on_the_sum() -> None:
    given({"A": (3, 0)}).when(adjust(("A", -2), ("A", -2))).then_refused(NotEnoughOnHand, delta=-4)
    adjusted = StockAdjusted(location="W1", reason="broken", lines=deltas(("A", -3)))
    given({"A": (3, 0)}).when(adjust(("A", -5), ("A", 2))).then(adjusted)


def test_found_units_are_welcome_even_where_more_is_reserved_than_there_is() -> None:
    adjusted = StockAdjusted(location="W1", reason="broken", lines=deltas(("A", 1)))
    given({"A": (1, 5)}).when(adjust(("A", 1))).then(adjusted)
    nothing = StockAdjusted(location="W1", reason="broken", lines=deltas(("A", 0)))
    given({"A": (1, 5)}).when(adjust(("A", 0))).then(nothing)


def test_a_count_says_what_was_found_what_differs_and_what_is_short() -> None:
    counted = StockCounted(
        location="W1",
        lines=(
            CountedLine(sku="A", counted=2, delta=-3, short=2),
            CountedLine(sku="B", counted=7, delta=7, short=0),
        ),
    )
    given({"A": (5, 4)}).when(count(("A", 2), ("B", 7))).then(counted)


def test_a_count_that_finds_what_is_known_says_so() -> None:
    counted = StockCounted(location="W1", lines=(CountedLine(sku="A", counted=5, delta=0, short=0),))
    given({"A": (5, 5)}).when(count(("A", 5))).then(counted)


def test_a_sku_is_counted_once_per_count() -> None:
    given(EMPTY).when(count(("A", 1), ("A", 1))).then_refused(Invalid, param="lines[1].sku", got="A")


@pytest.mark.parametrize("document", [receive, adjust, count])
def test_unknown_places_and_skus_are_refused_with_their_field(document: Callable[..., Any]) -> None:
    given(EMPTY).when(document(("A", 1), location="nowhere")).then_refused(Invalid, param="location", got="nowhere")
    given(EMPTY).when(document(("A", 1), ("X", 1))).then_refused(Invalid, param="lines[1].sku", got="X")
    expected = "a SKU that is no bundle"
    given(EMPTY).when(document(("A", 1), ("SET", 1))).then_refused(Invalid, param="lines[1].sku", expected=expected)


@pytest.mark.parametrize("document", [receive, adjust])
def test_a_shelf_has_an_end(document: Callable[..., Any]) -> None:
    full = {"A": (ON_HAND_MAX - QUANTITY_MAX + 1, 0)}
    given(full).when(document(("A", QUANTITY_MAX))).then_refused(TooMuchOnHand, param="lines", sku="A")
    assert given(full).when(document(("A", QUANTITY_MAX - 1))).event(Event)


def test_lines_that_move_nothing_or_too_much_do_not_reach_the_decision() -> None:
    for wrong in (0, QUANTITY_MAX + 1):
        with pytest.raises(msgspec.ValidationError):
            receive(("A", wrong))
    with pytest.raises(msgspec.ValidationError):
        count(("A", -1))
    with pytest.raises(msgspec.ValidationError):
        adjust(("A", -QUANTITY_MAX - 1))
