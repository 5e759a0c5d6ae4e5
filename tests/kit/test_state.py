"""A command sees what earlier commands left, overlaid with its own changes, which count once it is accepted."""

import pytest
from tests.kit.toy_store import Shelf, ShelfKey

from aftercart.kit.state import Key, NeedsChanged, State

A, B = ShelfKey("a"), ShelfKey("b")


def test_own_changes_come_before_those_of_others() -> None:
    base: dict[Key[object], object] = {A: Shelf("a", 1)}
    state = State(base)
    assert state.find(A) == Shelf("a", 1)
    state.put(A, Shelf("a", 2))
    assert state.find(A) == Shelf("a", 2)
    assert State(base).find(A) == Shelf("a", 1)


def test_changes_that_are_kept_are_seen_by_the_next_command() -> None:
    base: dict[Key[object], object] = {A: None}
    state = State(base)
    state.put(A, Shelf("a", 2))
    state.keep()
    assert State(base).find(A) == Shelf("a", 2)


def test_what_does_not_exist_is_none_and_what_was_not_named_is_asked_for() -> None:
    state = State({A: None})
    assert state.find(A) is None
    assert (state.knows(A), state.knows(B)) == (True, False)
    with pytest.raises(NeedsChanged) as needs:
        state.find(B)
    assert needs.value.keys == {B}
    state.put(B, Shelf("b", 1))
    assert state.knows(B)


def test_keys_of_two_kinds_never_meet() -> None:
    class OtherKey(Key[Shelf], frozen=True, order=True, gc=False):
        name: str

    assert OtherKey("a") != A
    assert len({OtherKey("a"), A}) == 2
    assert sorted([B, A]) == [A, B]
