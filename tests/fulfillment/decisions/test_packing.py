"""The second check: every item is scanned into its parcel, and nothing that was taken back leaves in one."""

import pytest
from tests.fulfillment.desk import Desk
from tests.scenario import facts, order, units

from aftercart.fulfillment.decisions.close_parcel import CloseParcel
from aftercart.fulfillment.decisions.open_parcel import OpenParcel
from aftercart.fulfillment.decisions.pack_item import PackItem
from aftercart.fulfillment.decisions.put_units_back import PutUnitsBack
from aftercart.fulfillment.decisions.reopen_parcel import ReopenParcel
from aftercart.fulfillment.decisions.unpack_item import UnpackItem
from aftercart.fulfillment.decisions.void_parcel import VoidParcel
from aftercart.fulfillment.model import Content, LabelState, ParcelStatus
from aftercart.fulfillment.rules.contents import CARTON_GRAMS
from aftercart.fulfillment.rules.floor_refusals import (
    ItemNotWanted,
    NothingToPack,
    NothingToPutBack,
    ParcelEmpty,
    ParcelHoldsUnwanted,
    ParcelNotClosed,
    ParcelNotEmpty,
    ParcelNotFound,
    ParcelNotOpen,
    StillInParcel,
    WrongItem,
)
from aftercart.orders.decisions.cancel_lines import CancelLines, LineToCancel, cancel_lines
from aftercart.orders.model import CancellationReason

IN_HAND = order("1 A W1 picked 2", "2 B W1 picked 1")


def takes_back(desk: Desk, line: int, quantity: int) -> None:
    command = CancelLines(
        order_id=desk.order.order_id,
        lines=(LineToCancel(line=line, quantity=quantity),),
        reason=CancellationReason.CHANGED_MIND,
    )
    desk.after(cancel_lines(command, desk.order, facts=facts()))


def test_items_go_into_the_parcel_one_scan_after_the_other() -> None:
    desk = Desk(IN_HAND)
    parcel = desk.packs("A", "B", "A")
    assert parcel.contents == (Content(line=1, sku="A", quantity=2), Content(line=2, sku="B", quantity=1))
    assert desk.has() == IN_HAND.units, "packed is what is in a closed parcel"


def test_a_wrong_item_is_refused_with_what_is_still_to_be_packed() -> None:
    desk = Desk(IN_HAND)
    desk.packs("A")
    with pytest.raises(WrongItem) as refused:
        desk.would(PackItem, parcel=1, sku="C")
    assert refused.value.values["items"] == [
        {"line": 1, "sku": "A", "quantity": 1},
        {"line": 2, "sku": "B", "quantity": 1},
    ]
    with pytest.raises(WrongItem):
        desk.would(PackItem, parcel=1, sku="B", quantity=2)


def test_two_lines_of_one_sku_are_packed_from_the_first_on() -> None:
    desk = Desk(order("1 A W1 picked 1", "2 A W1 picked 2"))
    desk.packs()
    desk.does(PackItem, parcel=1, sku="A", quantity=2)
    assert desk.parcels[0].contents == (Content(line=1, sku="A", quantity=1), Content(line=2, sku="A", quantity=1))


def test_an_empty_parcel_is_not_opened_twice_and_without_anything_in_hand_none_is() -> None:
    desk = Desk(IN_HAND)
    desk.does(OpenParcel, location="W1")
    assert desk.would(OpenParcel, location="W1") == ()
    with pytest.raises(NothingToPack):
        desk.would(OpenParcel, location="W2")


def test_what_was_taken_back_is_not_laid_into_a_parcel() -> None:
    desk = Desk(IN_HAND)
    desk.packs("A")
    takes_back(desk, 2, 1)
    with pytest.raises(ItemNotWanted):
        desk.would(PackItem, parcel=1, sku="B")


def test_a_parcel_with_something_in_it_that_was_taken_back_cannot_be_closed() -> None:
    desk = Desk(IN_HAND)
    desk.packs("A", "A", "B")
    takes_back(desk, 1, 1)
    with pytest.raises(ParcelHoldsUnwanted) as refused:
        desk.would(CloseParcel, parcel=1)
    assert refused.value.values["unwanted"] == [{"line": 1, "sku": "A", "quantity": 1}]
    with pytest.raises(StillInParcel):
        desk.would(PutUnitsBack, location="W1", sku="A")
    desk.does(UnpackItem, parcel=1, sku="A")
    desk.does(PutUnitsBack, location="W1", sku="A", bin="A-1-1")
    desk.does(CloseParcel, parcel=1)
    assert desk.has() == units("1 A W1 canceled 1", "1 A W1 packed 1", "2 B W1 packed 1")


def test_what_was_taken_back_is_pulled_out_of_a_closed_parcel() -> None:
    desk = Desk(IN_HAND)
    desk.packs("A", "A", "B")
    desk.does(CloseParcel, parcel=1)
    takes_back(desk, 2, 1)
    assert desk.has() == units("1 A W1 packed 2", "2 B W1 intercepted 1")
    with pytest.raises(StillInParcel):
        desk.would(PutUnitsBack, location="W1", sku="B")
    desk.does(ReopenParcel, parcel=1)
    assert desk.has() == units("1 A W1 picked 2", "2 B W1 intercepted 1")
    desk.does(UnpackItem, parcel=1, sku="B")
    desk.does(PutUnitsBack, location="W1", sku="B")
    desk.does(CloseParcel, parcel=1, carton="M", weight_grams=700)
    assert desk.has() == units("1 A W1 packed 2", "2 B W1 canceled 1")
    states = [label.state for label in desk.parcels[0].labels]
    assert states == [LabelState.VOID_REQUESTED, LabelState.REQUESTED]
    assert desk.parcels[0].weight_grams == 700


def test_of_what_was_taken_back_no_more_is_put_back() -> None:
    desk = Desk(order("1 A W1 picked 2", "1 A W1 intercepted 1"))
    desk.does(PutUnitsBack, location="W1", sku="A")
    with pytest.raises(NothingToPutBack):
        desk.would(PutUnitsBack, location="W1", sku="A")
    with pytest.raises(NothingToPutBack):
        desk.would(PutUnitsBack, location="W2", sku="A")


def test_only_what_was_pulled_out_is_put_back_while_the_rest_lies_in_a_parcel() -> None:
    desk = Desk(order("1 A W1 picked 3"))
    desk.packs("A", "A")
    takes_back(desk, 1, 2)
    desk.does(PutUnitsBack, location="W1", sku="A")
    with pytest.raises(StillInParcel):
        desk.would(PutUnitsBack, location="W1", sku="A")
    desk.does(UnpackItem, parcel=1, sku="A")
    desk.does(PutUnitsBack, location="W1", sku="A")
    assert desk.has() == units("1 A W1 canceled 2", "1 A W1 picked 1")


def test_taking_out_takes_what_nobody_wants_first() -> None:
    desk = Desk(order("1 A W1 picked 1", "2 A W1 picked 1"))
    desk.packs("A", "A")
    takes_back(desk, 2, 1)
    desk.does(UnpackItem, parcel=1, sku="A")
    assert desk.parcels[0].contents == (Content(line=1, sku="A", quantity=1),)
    with pytest.raises(WrongItem):
        desk.would(UnpackItem, parcel=1, sku="A", quantity=2)


def test_a_parcel_weighs_what_is_in_it_and_its_carton() -> None:
    desk = Desk(IN_HAND)
    desk.packs("A", "B")
    desk.does(CloseParcel, parcel=1)
    assert desk.parcels[0].weight_grams == 2 * 500 + CARTON_GRAMS


def test_an_empty_parcel_is_given_up_and_not_closed() -> None:
    desk = Desk(IN_HAND)
    desk.packs()
    with pytest.raises(ParcelEmpty):
        desk.would(CloseParcel, parcel=1)
    desk.does(PackItem, parcel=1, sku="A")
    with pytest.raises(ParcelNotEmpty):
        desk.would(VoidParcel, parcel=1)
    desk.does(UnpackItem, parcel=1, sku="A")
    desk.does(VoidParcel, parcel=1)
    assert desk.parcels[0].status is ParcelStatus.VOIDED
    with pytest.raises(ParcelNotOpen):
        desk.would(PackItem, parcel=1, sku="A")


@pytest.mark.parametrize("command", [CloseParcel, VoidParcel, ReopenParcel])
def test_only_a_parcel_there_is_can_be_worked_on(command: type[object]) -> None:
    with pytest.raises(ParcelNotFound):
        Desk(IN_HAND).would(command, parcel=1)


def test_only_a_closed_parcel_is_opened_again() -> None:
    desk = Desk(IN_HAND)
    desk.packs("A")
    with pytest.raises(ParcelNotClosed):
        desk.would(ReopenParcel, parcel=1)
