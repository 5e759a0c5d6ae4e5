"""Walking with a pick list: the bin's scan is the lock, items go into totes, what is missing goes to the latest."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import pytest
from tests.fulfillment.walk import LIST, Walk, order_id
from tests.scenario import NOW, facts, units

from aftercart.fulfillment.decisions.abandon_pick_list import AbandonPickList, abandon_pick_list
from aftercart.fulfillment.decisions.abandon_picking import AbandonPicking
from aftercart.fulfillment.decisions.create_pick_list import CreatePickList, create_pick_list
from aftercart.fulfillment.decisions.finish_pick_list import FinishPickList, finish_pick_list
from aftercart.fulfillment.decisions.pick_units import PickUnits, Reached
from aftercart.fulfillment.decisions.report_short import ReportShort, report_short
from aftercart.fulfillment.decisions.start_pick_list import StartPickList, start_pick_list
from aftercart.fulfillment.decisions.take_item import TakeItem, take_item
from aftercart.fulfillment.decisions.write_off_units import WriteOffUnits
from aftercart.fulfillment.model import PickListStatus, ShortReason, Tote
from aftercart.fulfillment.rules.floor_refusals import (
    NothingToPick,
    NotOnPickList,
    NotToTake,
    NoWorkToAssign,
    PickListNotOpen,
    PickListNotStarted,
    StillToFetch,
)
from aftercart.orders.decisions.cancel_lines import CancelLines, cancel_lines
from aftercart.orders.model import Hold, HoldReason
from aftercart.orders.rules.change_refusals import OrderOnHold

FIRST, SECOND = order_id(1), order_id(2)
HELD = (Hold(reason=HoldReason.MANUAL, since=NOW, expires_at=None),)


def two_orders() -> Walk:
    """Both want ``A``, of which five lie in two bins; the second wants ``B`` too."""
    return Walk(
        ("1 A W1 released 2",),
        ("1 A W1 released 2", "2 B W1 released 1"),
        stops=("A-01/A", "A-02/B", "B-01/A"),
        bins={"A": {"A-01": 3, "B-01": 2}, "B": {"A-02": 9}},
    )


def take_back(walk: Walk, which: UUID, line: int, quantity: int) -> None:
    wish = {"order_id": which, "lines": [{"line": line, "quantity": quantity}], "reason": "changed_mind"}
    command = msgspec.convert(wish, CancelLines)
    walk.on_order(which, cancel_lines(command, walk.orders[which], facts=facts()))


class TestCreatePickList:
    def test_only_work_that_is_on_no_other_list_is_on_it(self) -> None:
        command = CreatePickList(location="W1", orders=(FIRST, SECOND, FIRST), stops=(), meters=7.5, wave="w")
        (created,) = create_pick_list(command, is_free=lambda one: one == SECOND, now=NOW)
        assert created.totes == (Tote(tote=1, order_id=SECOND),)
        assert (created.wave, created.meters, created.created_at) == ("w", 7.5, NOW)

    def test_nothing_free_is_no_list(self) -> None:
        command = CreatePickList(location="W1", orders=(FIRST,), stops=(), meters=0.0)
        with pytest.raises(NoWorkToAssign):
            create_pick_list(command, is_free=lambda _: False, now=NOW)


class TestStartPickList:
    def test_one_picker_has_it(self) -> None:
        walk = two_orders()
        assert (walk.list.status, walk.list.picker, walk.list.started_at) == (PickListStatus.STARTED, "Paul", NOW)
        assert start_pick_list(StartPickList(pick_list=LIST, picker="Paul"), walk.list, now=NOW) == ()
        with pytest.raises(PickListNotOpen):
            start_pick_list(StartPickList(pick_list=LIST, picker="Jeanne"), walk.list, now=NOW)


class TestPickUnits:
    def test_what_lies_in_a_bin_is_shared_out_in_the_order_of_totes(self) -> None:
        walk = two_orders()
        assert walk.asks() == [("A-01", "A", 3, 0), ("A-02", "B", 1, 0), ("B-01", "A", 1, 0)]
        walk.scans("A-01")
        assert walk.orders[FIRST].units == units("1 A W1 picked 2")
        assert walk.orders[SECOND].units == units("1 A W1 picked 1", "1 A W1 released 1", "2 B W1 released 1")
        assert walk.asks() == [("A-01", "A", 0, 3), ("A-02", "B", 1, 0), ("B-01", "A", 1, 0)]

    def test_scanning_again_reaches_nothing_twice(self) -> None:
        walk = two_orders()
        picks = walk.picks_at("A-01")
        for command in picks:
            walk.picks(command)
        assert walk.picks_at("A-01") == []
        with pytest.raises(NothingToPick):
            walk.picks(picks[0])

    def test_what_was_taken_back_is_not_reached(self) -> None:
        walk = two_orders()
        (first, _) = walk.picks_at("A-01")
        take_back(walk, FIRST, 1, 1)
        walk.picks(first)
        assert walk.orders[FIRST].units == units("1 A W1 canceled 1", "1 A W1 picked 1")

    def test_an_order_on_hold_is_passed_by(self) -> None:
        walk = two_orders()
        (first, _) = walk.picks_at("A-01")
        walk.orders[FIRST] = msgspec.structs.replace(walk.orders[FIRST], holds=HELD)
        assert {command.order_id for command in walk.picks_at("A-01")} == {SECOND}
        with pytest.raises(OrderOnHold):
            walk.picks(first)

    def test_what_the_books_do_not_have_is_looked_for_at_the_first_stop(self) -> None:
        walk = Walk(("1 A W1 released 4",), stops=("A-01/A",), bins={"A": {"A-01": 1}})
        assert walk.asks() == [("A-01", "A", 4, 0)]

    def test_what_lies_in_no_bin_is_a_stop_too(self) -> None:
        walk = Walk(("1 A W1 released 1",), stops=("/A",), bins={})
        walk.scans("")
        assert walk.orders[FIRST].units == units("1 A W1 picked 1")

    def test_other_lists_and_other_orders_are_none_of_its_business(self) -> None:
        walk = two_orders()
        wish: dict[str, Any] = {
            "location": "W1",
            "pick_list": LIST,
            "bin": "A-01",
            "items": (Reached(sku="A", quantity=1),),
        }
        stranger = msgspec.structs.replace(walk.orders[FIRST], order_id=order_id(7))
        walk.orders[stranger.order_id] = stranger
        with pytest.raises(NotOnPickList):
            walk.picks(PickUnits(order_id=stranger.order_id, **wish))
        del walk.orders[stranger.order_id]
        walk.gives_up()
        with pytest.raises(PickListNotStarted):
            walk.picks(PickUnits(order_id=FIRST, **wish))


class TestTakeItem:
    def test_it_goes_into_the_totes_that_wait_for_it(self) -> None:
        walk = two_orders()
        walk.scans("A-01")
        assert walk.takes("A") == [(FIRST, 1)]
        assert walk.takes("A", 2) == [(FIRST, 1), (SECOND, 1)]
        assert walk.asks() == [("A-02", "B", 1, 0), ("B-01", "A", 1, 0)]

    @pytest.mark.parametrize(("sku", "quantity"), [("B", 1), ("A", 4), ("X", 1)])
    def test_something_else_or_too_much_is_refused_with_what_was_expected(self, sku: str, quantity: int) -> None:
        walk = two_orders()
        walk.scans("A-01")
        with pytest.raises(NotToTake) as refusal:
            walk.takes(sku, quantity)
        assert refusal.value.values["items"] == [{"sku": "A", "quantity": 3}]

    def test_what_was_taken_back_after_the_scan_stays_where_it_lies(self) -> None:
        walk = two_orders()
        walk.scans("A-01")
        take_back(walk, FIRST, 1, 2)
        assert walk.takes("A") == [(SECOND, 1)]
        with pytest.raises(NotToTake):
            walk.takes("A")

    def test_nothing_is_taken_from_a_list_that_ended(self) -> None:
        walk = two_orders()
        walk.scans("A-01")
        walk.gives_up()
        with pytest.raises(PickListNotStarted):
            take_item(TakeItem(pick_list=LIST, sku="A"), walk.list, orders=walk.orders)


class TestReportShort:
    def test_the_latest_promise_goes_without(self) -> None:
        walk = two_orders()
        for which, day in ((FIRST, date(2026, 3, 9)), (SECOND, date(2026, 3, 5))):
            told = walk.orders[which]
            delivery = msgspec.structs.replace(told.delivery, promised_date=day)
            walk.orders[which] = msgspec.structs.replace(told, delivery=delivery)
        walk.scans("A-01")
        assert walk.misses("A", 2) == [(FIRST, 2)]
        assert walk.asks()[0] == ("A-01", "A", 0, 1)

    def test_no_more_than_was_to_be_taken(self) -> None:
        walk = two_orders()
        walk.scans("A-01")
        walk.takes("A", 2)
        wish = ReportShort(pick_list=LIST, sku="A", quantity=2, short_reason=ShortReason.DAMAGED)
        with pytest.raises(NotToTake):
            report_short(wish, walk.list, orders=walk.orders)


class TestWriteOffUnits:
    def test_the_units_wait_again_and_the_order_is_held_until_they_are_found(self) -> None:
        walk = two_orders()
        walk.scans("A-01")
        walk.takes("A", 2)
        walk.misses("A", reason="damaged")
        (event,) = walk.writes_off(SECOND, "A", "A-01")
        assert (event.quantity, event.short_reason, event.bin) == (1, ShortReason.DAMAGED, "A-01")
        assert "backordered" in {entry.stage for entry in walk.orders[SECOND].units if entry.sku == "A"}
        assert [hold.reason for hold in event.holds] == [HoldReason.MISSING_STOCK]

    def test_it_happens_once(self) -> None:
        walk = two_orders()
        walk.scans("A-01")
        walk.misses("A")
        command = WriteOffUnits(order_id=SECOND, location="W1", pick_list=LIST, bin="A-01", sku="A")
        assert command.sku == "A"
        assert len(walk.writes_off(SECOND, "A", "A-01")) == 1
        assert walk.writes_off(SECOND, "A", "A-01") == ()

    def test_what_was_taken_back_meanwhile_has_not_to_be_put_back_by_anybody(self) -> None:
        walk = Walk(("1 A W1 released 1",), stops=("A-01/A",), bins={"A": {"A-01": 1}})
        walk.scans("A-01")
        walk.misses("A")
        take_back(walk, FIRST, 1, 1)
        walk.writes_off(FIRST, "A", "A-01")
        assert walk.orders[FIRST].units == units("1 A W1 canceled 1")


class TestAbandonPickList:
    def test_what_was_taken_stays_and_what_was_only_reached_is_released_again(self) -> None:
        walk = two_orders()
        walk.scans("A-01")
        walk.takes("A")
        walk.gives_up()
        assert walk.list.status is PickListStatus.ABANDONED
        assert walk.orders[FIRST].units == units("1 A W1 picked 1", "1 A W1 released 1")
        assert walk.orders[SECOND].units == units("1 A W1 released 2", "2 B W1 released 1")

    def test_an_ended_list_cannot_be_given_up(self) -> None:
        walk = two_orders()
        walk.gives_up()
        with pytest.raises(PickListNotOpen):
            abandon_pick_list(AbandonPickList(pick_list=LIST), walk.list, now=NOW)


class TestAbandonPicking:
    def test_what_nobody_wants_any_more_is_canceled_where_it_lies(self) -> None:
        walk = Walk(("1 A W1 released 2",), stops=("A-01/A",), bins={"A": {"A-01": 2}})
        walk.scans("A-01")
        take_back(walk, FIRST, 1, 1)
        walk.gives_up()
        assert walk.orders[FIRST].units == units("1 A W1 canceled 1", "1 A W1 released 1")

    def test_not_before_the_list_has_ended_and_only_once(self) -> None:
        walk = two_orders()
        walk.scans("A-01")
        command = AbandonPicking(order_id=FIRST, location="W1", pick_list=LIST, bin="A-01")
        assert walk.gives_back(command.order_id, command.bin) == ()
        walk.gives_up()
        assert walk.gives_back(command.order_id, command.bin) == ()


class TestFinishPickList:
    def test_not_while_something_is_to_be_fetched(self) -> None:
        walk = two_orders()
        walk.scans("A-01")
        with pytest.raises(StillToFetch) as refusal:
            finish_pick_list(FinishPickList(pick_list=LIST), walk.list, orders=walk.orders, now=NOW)
        assert refusal.value.values["items"] == [{"sku": "A", "quantity": 4}, {"sku": "B", "quantity": 1}]

    def test_when_all_is_in_its_totes(self) -> None:
        walk = two_orders()
        for code, sku, quantity in (("A-01", "A", 3), ("A-02", "B", 1), ("B-01", "A", 1)):
            walk.scans(code)
            walk.takes(sku, quantity)
        walk.finishes()
        assert (walk.list.status, walk.list.ended_at) == (PickListStatus.FINISHED, NOW)

    def test_what_is_held_or_taken_back_is_not_waited_for(self) -> None:
        walk = two_orders()
        walk.orders[SECOND] = msgspec.structs.replace(walk.orders[SECOND], holds=HELD)
        walk.scans("A-01")
        take_back(walk, FIRST, 1, 2)
        walk.finishes()
        assert walk.orders[FIRST].units == units("1 A W1 canceled 2")
