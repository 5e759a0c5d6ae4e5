"""Without a scanner the button is the lock: what was released is in hand, and then in one parcel."""

import pytest
from tests.fulfillment.desk import Desk
from tests.scenario import NOW, order, units

from aftercart.fulfillment.decisions.finish_preparing import FinishPreparing
from aftercart.fulfillment.decisions.start_preparing import StartPreparing
from aftercart.fulfillment.events import UnitsPicked
from aftercart.fulfillment.model import Content, LabelState, ParcelStatus
from aftercart.fulfillment.rules.floor_refusals import NothingToPack, NothingToPick
from aftercart.orders.model import Hold, HoldReason, Status
from aftercart.orders.rules.change_refusals import OrderOnHold

HELD = (Hold(reason=HoldReason.MANUAL, since=NOW, expires_at=None),)


def test_what_was_released_at_the_place_is_in_hand_and_nothing_else() -> None:
    desk = Desk(order("1 A W1 released 2", "2 B W2 released 1", "3 C W1 reserved 1"))
    (event,) = desk.does(StartPreparing, location="W1")
    assert isinstance(event, UnitsPicked)
    assert desk.has() == units("1 A W1 picked 2", "2 B W2 released 1", "3 C W1 reserved 1")
    assert desk.order.status is Status.IN_PREPARATION
    assert event.at == NOW


def test_nothing_is_in_hand_twice() -> None:
    desk = Desk(order("1 A W1 released 2"))
    desk.does(StartPreparing, location="W1")
    with pytest.raises(NothingToPick):
        desk.would(StartPreparing, location="W1")
    with pytest.raises(NothingToPick):
        desk.would(StartPreparing, location="W2")


@pytest.mark.parametrize("command", [StartPreparing, FinishPreparing])
def test_a_hold_stops_hands(command: type[object]) -> None:
    desk = Desk(order("1 A W1 released 1", "2 B W1 picked 1", holds=HELD))
    with pytest.raises(OrderOnHold):
        desk.would(command, location="W1")


def test_done_is_one_parcel_with_all_that_lies_in_no_other() -> None:
    desk = Desk(order("1 A W1 picked 2", "2 B W1 picked 1", "2 B W1 intercepted 1"))
    desk.packs("A")
    desk.does(FinishPreparing, location="W1", carton="S")
    parcel = desk.parcels[-1]
    assert parcel.contents == (Content(line=1, sku="A", quantity=1), Content(line=2, sku="B", quantity=1))
    assert (parcel.status, parcel.carton, parcel.closed_at) == (ParcelStatus.CLOSED, "S", NOW)
    assert parcel.label is not None
    assert parcel.label.state is LabelState.REQUESTED
    assert desk.has() == units("1 A W1 packed 1", "1 A W1 picked 1", "2 B W1 intercepted 1", "2 B W1 packed 1")


def test_done_with_nothing_in_hand_is_refused() -> None:
    with pytest.raises(NothingToPack):
        Desk(order("1 A W1 released 2")).would(FinishPreparing, location="W1")
