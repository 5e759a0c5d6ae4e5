"""How orders change on what hands do to their goods."""

from datetime import datetime, timedelta

import pytest
from tests.scenario import NOW, ORDER_ID, moves, order, units

from aftercart.orders.events import UnitsMoved
from aftercart.orders.evolve import evolve
from aftercart.orders.model import Order, Status

LATER = NOW + timedelta(minutes=5)


def moved(before: Order, *entries: str, at: datetime) -> Order:
    event = UnitsMoved(moves=moves(*entries), holds=before.holds, release_at=before.release_at, at=at)
    return evolve(before, event, order_id=ORDER_ID)


def test_an_order_knows_when_the_first_of_its_goods_was_taken_in_hand() -> None:
    before = order("1 A W1 released 2")
    picked = moved(before, "1 A W1 released>picked 1", at=NOW)
    assert (picked.touched_at, picked.status) == (NOW, Status.IN_PREPARATION)
    assert moved(picked, "1 A W1 released>picked 1", at=LATER).touched_at == NOW
    assert moved(picked, "1 A W1 picked>released 1", at=LATER).touched_at == NOW


@pytest.mark.parametrize("entry", ["1 A W1 released>reserved 1", "2 B W1 intercepted>canceled 1"])
def test_what_nobody_takes_from_a_shelf_is_no_touch(entry: str) -> None:
    before = order("1 A W1 released 2", "2 B W1 intercepted 1")
    assert moved(before, entry, at=NOW).touched_at is None


def test_what_is_put_back_changes_neither_total_nor_status() -> None:
    before = order("1 A W1 picked 1", "1 A W1 intercepted 1", touched_at=NOW)
    after = moved(before, "1 A W1 intercepted>canceled 1", at=LATER)
    assert after.units == units("1 A W1 canceled 1", "1 A W1 picked 1")
    assert (after.total_minor, after.status) == (before.total_minor, before.status)
