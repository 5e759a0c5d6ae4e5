"""Moving units conserves them, and only along the table of legal moves."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.scenario import line, moves, units

from aftercart.inventory.model import HOLDING_STAGES, LEGAL_MOVES, Stage, UnitMove
from aftercart.orders.model import Units
from aftercart.orders.rules.unit_ledger import IllegalMove, live_quantity, move_units, waiting_pieces

FIRST = {Stage.BACKORDERED, Stage.RESERVED}
ENDS = {Stage.RETURNED, Stage.LOST, Stage.CANCELED}


def test_the_table_knows_every_stage_and_leaves_no_end() -> None:
    assert set(LEGAL_MOVES) == set(Stage)
    assert {stage for stage, targets in LEGAL_MOVES.items() if not targets} == ENDS


def test_every_stage_can_be_reached_and_every_way_ends() -> None:
    reached, ending = set(FIRST), set(ENDS)
    for _ in Stage:
        reached |= {target for stage in reached for target in LEGAL_MOVES[stage]}
        ending |= {stage for stage, targets in LEGAL_MOVES.items() if targets & ending}
    assert reached == ending == set(Stage)


def test_goods_that_left_are_never_canceled() -> None:
    assert not any(Stage.CANCELED in LEGAL_MOVES[stage] for stage in (Stage.SHIPPED, Stage.DELIVERED))


@pytest.mark.parametrize(("source", "target"), list(product(Stage, Stage)), ids=lambda stage: stage.value)
def test_a_move_is_made_exactly_when_the_table_has_it(source: Stage, target: Stage) -> None:
    before = units(f"1 A W2 {source.value} 3")
    move = moves(f"1 A W2>W1 {source.value}>{target.value} 2")
    if target not in LEGAL_MOVES[source]:
        with pytest.raises(IllegalMove):
            move_units(before, move)
    else:
        assert move_units(before, move) == units(f"1 A W1 {target.value} 2", f"1 A W2 {source.value} 1")


def test_reserved_units_may_go_elsewhere_but_not_nowhere() -> None:
    before = units("1 A W1 reserved 3")
    assert move_units(before, moves("1 A W1>W2 reserved>reserved 3")) == units("1 A W2 reserved 3")
    for nowhere in ("1 A W1 reserved>reserved 3", "1 A W1>W1 reserved>reserved 3"):
        with pytest.raises(IllegalMove):
            move_units(before, moves(nowhere))


@pytest.mark.parametrize("target", list(Stage))
def test_new_units_begin_reserved_or_waiting(target: Stage) -> None:
    move = moves(f"1 A W1 new>{target.value} 2")
    if target not in FIRST:
        with pytest.raises(IllegalMove):
            move_units((), move)
    else:
        assert move_units((), move) == units(f"1 A W1 {target.value} 2")


@pytest.mark.parametrize("quantity", [0, -1])
def test_a_move_moves_at_least_one_unit(quantity: int) -> None:
    with pytest.raises(IllegalMove):
        move_units(units("1 A W1 reserved 3"), moves(f"1 A W1 reserved>canceled {quantity}"))


@pytest.mark.parametrize(
    "entry",
    ["1 A W1 reserved>canceled 3", "2 A W1 reserved>canceled 1", "1 B W1 reserved>canceled 1"],
    ids=["too many", "another line", "another SKU"],
)
def test_units_that_are_not_there_cannot_move(entry: str) -> None:
    with pytest.raises(IllegalMove):
        move_units(units("1 A W1 reserved 2"), moves(entry))


def test_what_lies_in_hand_is_canceled_only_when_it_is_put_back() -> None:
    for stage in (Stage.PICKED, Stage.PACKED):
        assert Stage.CANCELED not in LEGAL_MOVES[stage]
        assert Stage.INTERCEPTED in LEGAL_MOVES[stage]
    assert LEGAL_MOVES[Stage.INTERCEPTED] == {Stage.CANCELED}


def test_units_leave_one_place_for_another() -> None:
    moved = move_units(units("1 A W1 backordered 3"), moves("1 A W1>W2 backordered>reserved 2"))
    assert moved == units("1 A W1 backordered 1", "1 A W2 reserved 2")


def test_the_ledger_is_sorted_and_has_no_empty_entries() -> None:
    before = units("2 B W1 reserved 1", "1 A W2 reserved 1", "1 A W1 reserved 1")
    after = move_units(before, moves("1 A W2 reserved>canceled 1", "1 A W1 reserved>backordered 1"))
    assert after == units("1 A W1 backordered 1", "1 A W2 canceled 1", "2 B W1 reserved 1")


@pytest.mark.parametrize("stage", list(Stage))
def test_canceled_and_intercepted_units_are_not_wanted_and_all_others_are(stage: Stage) -> None:
    ledger = tuple(units(f"1 A W1 {stage.value} 3", "2 B W1 reserved 5"))
    unwanted = stage in {Stage.CANCELED, Stage.INTERCEPTED}
    assert live_quantity(ledger, line(1, "A", 3)) == (0 if unwanted else 3)


def test_of_a_bundle_a_piece_waits_as_long_as_any_part_of_it_does() -> None:
    parts = [{"sku": "A", "quantity": 1}, {"sku": "B", "quantity": 2}]
    kit = line(1, "KIT", 3, components=parts)
    assert waiting_pieces(units("1 A W1 reserved 3", "1 B W1 backordered 3", "1 B W1 reserved 3"), kit) == 2
    assert waiting_pieces(units("1 A W1 backordered 3", "1 B W1 backordered 1", "1 B W2 reserved 5"), kit) == 3
    assert waiting_pieces(units("1 A W1 reserved 3", "1 B W1 reserved 6", "2 A W1 backordered 9"), kit) == 0
    assert waiting_pieces(units("1 A W1 backordered 2", "1 A W2 backordered 1"), line(1, "A", 3)) == 3


@st.composite
def walks(draw: st.DrawFn) -> tuple[UnitMove, ...]:
    """Legal moves one after the other, each of units that are there."""
    ledger: dict[tuple[int, str, Stage], int] = {}
    walk: list[UnitMove] = []
    for _ in range(draw(st.integers(1, 15))):
        line, place = draw(st.integers(1, 2)), draw(st.sampled_from(["W1", "W2"]))
        quantity = draw(st.integers(1, 4))
        there = sorted(ledger, key=str)
        source = draw(st.sampled_from([None, *there]))
        if source is None:
            stage, origin = None, None
            target = draw(st.sampled_from(sorted(FIRST, key=str)))
        else:
            line, left, stage = source
            if not LEGAL_MOVES[stage]:
                continue
            origin = left if left != place else None
            quantity = min(quantity, ledger[source])
            elsewhere_only = {stage} if origin is None else set[Stage]()
            target = draw(st.sampled_from(sorted(LEGAL_MOVES[stage] - elsewhere_only, key=str)))
            ledger[source] -= quantity
            if not ledger[source]:
                del ledger[source]
        entered = (line, place, target)
        ledger[entered] = ledger.get(entered, 0) + quantity
        walk.append(
            UnitMove(line=line, sku="A", location=place, quantity=quantity, source=stage, target=target, origin=origin)
        )
    return tuple(walk)


@given(walks())
def test_no_unit_is_made_or_lost_by_moving(walk: tuple[UnitMove, ...]) -> None:
    after = move_units((), walk)
    for number in (1, 2):
        begun = sum(move.quantity for move in walk if move.line == number and move.source is None)
        assert sum(entry.quantity for entry in after if entry.line == number) == begun
    assert all(entry.quantity > 0 for entry in after)


@given(walks())
def test_moves_made_at_once_or_one_by_one_come_to_the_same(walk: tuple[UnitMove, ...]) -> None:
    one_by_one: tuple[Units, ...] = ()
    for move in walk:
        one_by_one = move_units(one_by_one, (move,))
    assert one_by_one == move_units((), walk)


def test_stock_is_held_from_the_reservation_to_the_handover_or_until_it_is_put_back() -> None:
    assert {
        Stage.RESERVED,
        Stage.IN_PRODUCTION,
        Stage.RELEASED,
        Stage.PICKED,
        Stage.PACKED,
        Stage.INTERCEPTED,
    } == HOLDING_STAGES
