"""Stock follows goods, reservations, waiting units and supply; short is what is reserved but not there."""

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.scenario import moves, supply_line

from aftercart.inventory.model import HOLDING_STAGES, LEGAL_MOVES, Incoming, Stage, Stock, StockKey, UnitMove
from aftercart.inventory.rules.stock_changes import (
    backordered_deltas,
    changed_stock,
    holds_stock,
    reserved_deltas,
    with_supply,
)

W1 = StockKey("A", "W1")
W2 = StockKey("A", "W2")


@pytest.mark.parametrize(("source", "targets"), list(LEGAL_MOVES.items()), ids=[stage.value for stage in Stage])
def test_every_legal_move_holds_or_frees_exactly_at_the_border_of_holding(
    source: Stage, targets: frozenset[Stage]
) -> None:
    for target in targets:
        grows = 2 * ((target in HOLDING_STAGES) - (source in HOLDING_STAGES))
        expected = {W1: grows} if grows else {}
        assert reserved_deltas(moves(f"1 A W1 {source.value}>{target.value} 2")) == expected


def test_new_units_are_held_where_they_are_reserved_only() -> None:
    assert reserved_deltas(moves("1 A W1 new>reserved 2", "1 A W2 new>backordered 3")) == {W1: 2}


def test_units_that_change_place_are_freed_there_and_held_here() -> None:
    assert reserved_deltas(moves("1 A W1>W2 backordered>reserved 2")) == {W2: 2}
    assert reserved_deltas(moves("1 A W1>W2 released>reserved 2")) == {W1: -2, W2: 2}


def test_units_wait_where_they_are_backordered() -> None:
    assert backordered_deltas(moves("1 A W1 new>reserved 2", "1 A W2 new>backordered 3")) == {W2: 3}
    assert backordered_deltas(moves("1 A W1>W2 backordered>reserved 2")) == {W1: -2}
    assert backordered_deltas(moves("1 A W1 backordered>canceled 2", "1 A W2 reserved>backordered 1")) == {
        W1: -2,
        W2: 1,
    }


def made(*entries: str) -> tuple[UnitMove, ...]:
    return tuple(msgspec.structs.replace(move, made_to_order=True) for move in moves(*entries))


def test_units_made_to_order_hold_stock_only_once_they_are_made() -> None:
    held = {stage for stage in Stage if holds_stock(stage, made_to_order=True)}
    assert held == HOLDING_STAGES - {Stage.RESERVED, Stage.IN_PRODUCTION}
    assert {stage for stage in Stage if holds_stock(stage, made_to_order=False)} == HOLDING_STAGES
    assert reserved_deltas(made("1 A W1 new>reserved 2", "1 A W1 reserved>in_production 2")) == {}
    assert reserved_deltas(made("1 A W1 in_production>released 2")) == {W1: 2}
    assert reserved_deltas(made("1 A W1 released>reserved 2")) == {W1: -2}


def test_units_made_to_order_wait_for_no_delivery() -> None:
    assert backordered_deltas(made("1 A W1 new>backordered 2", "1 A W1 backordered>reserved 2")) == {}


def test_only_units_made_to_order_say_so_in_an_event() -> None:
    assert b"made_to_order" not in msgspec.json.encode(moves("1 A W1 new>reserved 2"))
    assert b'"made_to_order":true' in msgspec.json.encode(made("1 A W1 new>reserved 2"))


def test_what_is_to_come_is_sorted_by_date_and_reference_and_ends_when_nothing_is_left() -> None:
    stock = Stock(sku="A", location="W1", on_hand=3)
    for reference, day, outstanding in (("PO-2", 9, 5), ("PO-1", 9, 4), ("PO-3", 2, 1), ("PO-2", 1, 2)):
        stock = with_supply(
            stock, supply_line(reference=reference, expected_date=date(2026, 3, day), ordered=outstanding)
        )
    assert stock.incoming == (
        Incoming(reference="PO-2", expected_date=date(2026, 3, 1), quantity=2),
        Incoming(reference="PO-3", expected_date=date(2026, 3, 2), quantity=1),
        Incoming(reference="PO-1", expected_date=date(2026, 3, 9), quantity=4),
    )
    for reference, changes in (("PO-1", {"received": 10}), ("PO-2", {"closed": True}), ("PO-3", {"ordered": 0})):
        stock = with_supply(stock, supply_line(reference=reference, **changes))
    assert stock == Stock(sku="A", location="W1", on_hand=3)


def test_moves_of_one_sku_add_up_and_what_adds_up_to_nothing_is_left_out() -> None:
    entries = moves("1 A W1 new>reserved 2", "2 A W1 reserved>canceled 2", "3 A W2 new>reserved 1")
    assert reserved_deltas(entries) == {W2: 1}


@given(st.integers(0, 50), st.integers(0, 50), st.integers(-50, 50), st.integers(-50, 50))
def test_short_is_what_is_reserved_but_not_there(on_hand: int, reserved: int, more: int, held: int) -> None:
    coming = (Incoming(reference="PO", expected_date=date(2026, 3, 9), quantity=4),)
    before = Stock(sku="A", location="W1", on_hand=on_hand, reserved=reserved, safety=3, quarantined=2, incoming=coming)
    after = changed_stock(before, on_hand_delta=more, reserved_delta=held, backordered_delta=7)
    assert (after.on_hand, after.reserved) == (on_hand + more, reserved + held)
    assert (after.safety, after.quarantined, after.backordered, after.incoming) == (3, 2, 7, coming)
    assert after.short == max(after.reserved - after.on_hand, 0)
    assert after.available == after.on_hand - after.reserved - 5
