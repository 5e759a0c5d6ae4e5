"""Stock follows goods and reservations; what is short is what is reserved but not there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.scenario import moves

from aftercart.inventory.model import HOLDING_STAGES, LEGAL_MOVES, Stage, Stock, StockKey
from aftercart.inventory.rules.stock_changes import changed_stock, reserved_deltas

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


def test_moves_of_one_sku_add_up_and_what_adds_up_to_nothing_is_left_out() -> None:
    entries = moves("1 A W1 new>reserved 2", "2 A W1 reserved>canceled 2", "3 A W2 new>reserved 1")
    assert reserved_deltas(entries) == {W2: 1}


@given(st.integers(0, 50), st.integers(0, 50), st.integers(-50, 50), st.integers(-50, 50))
def test_short_is_what_is_reserved_but_not_there(on_hand: int, reserved: int, more: int, held: int) -> None:
    before = Stock(sku="A", location="W1", on_hand=on_hand, reserved=reserved, safety=3, quarantined=2)
    after = changed_stock(before, on_hand_delta=more, reserved_delta=held)
    assert (after.on_hand, after.reserved) == (on_hand + more, reserved + held)
    assert (after.safety, after.quarantined) == (3, 2)
    assert after.short == max(after.reserved - after.on_hand, 0)
    assert after.available == after.on_hand - after.reserved - 5
