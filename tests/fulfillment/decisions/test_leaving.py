"""A parcel leaves with its label and with nothing that was taken back; then carriers tell where it is."""

from datetime import timedelta

import msgspec
import pytest
from tests.fulfillment.decisions.test_packing import takes_back
from tests.fulfillment.desk import Desk
from tests.scenario import LYON, NOW, order, units

from aftercart.fulfillment.decisions.close_parcel import CloseParcel
from aftercart.fulfillment.decisions.hand_over_parcel import HandOverParcel
from aftercart.fulfillment.decisions.record_label import (
    RecordLabel,
    RecordLabelRefused,
    RecordLabelVoided,
    RequestLabel,
)
from aftercart.fulfillment.decisions.reopen_parcel import ReopenParcel
from aftercart.fulfillment.decisions.track_parcel import TrackParcel
from aftercart.fulfillment.events import LabelPrinted, LabelRequested, ParcelHandedOver
from aftercart.fulfillment.model import LabelState, ParcelStatus
from aftercart.fulfillment.rules.floor_refusals import (
    LabelNotReady,
    LabelRequestOver,
    NotHandedOver,
    ParcelHoldsUnwanted,
)
from aftercart.kit.refusal import Invalid
from aftercart.orders.events import DeliveryAddressChanged
from aftercart.orders.model import Status


def packed(*skus: str) -> Desk:
    desk = Desk(order(*(f"{line} {sku} W1 picked 1" for line, sku in enumerate(skus, 1))))
    desk.packs(*skus)
    desk.does(CloseParcel, parcel=1)
    return desk


def left(*skus: str) -> Desk:
    desk = packed(*skus)
    desk.does(RecordLabel, parcel=1, request=1, tracking_number="T1")
    desk.does(HandOverParcel, parcel=1, handover="H1")
    return desk


def states(desk: Desk) -> list[LabelState]:
    return [label.state for label in desk.parcels[0].labels]


def test_a_parcel_leaves_with_its_label() -> None:
    desk = packed("A")
    with pytest.raises(LabelNotReady):
        desk.would(HandOverParcel, parcel=1)
    (printed,) = desk.does(RecordLabel, parcel=1, request=1, tracking_number="T1")
    assert isinstance(printed, LabelPrinted)
    (event,) = desk.does(HandOverParcel, parcel=1, handover="H1")
    assert isinstance(event, ParcelHandedOver)
    assert (event.tracking_number, event.parcel.handover, event.parcel.handed_over_at) == ("T1", "H1", NOW)
    assert desk.has() == units("1 A W1 shipped 1")
    assert desk.order.status is Status.SHIPPED


def test_what_is_collected_in_a_store_needs_no_label() -> None:
    delivery = {
        "method": "store-pickup",
        "address": None,
        "pickup_point": "S1",
        "price_minor": 0,
        "promised_date": None,
    }
    desk = Desk(order("1 A S1 picked 1", delivery=delivery))
    desk.packs("A", location="S1")
    desk.does(CloseParcel, parcel=1)
    assert desk.parcels[0].labels == ()
    desk.does(HandOverParcel, parcel=1)
    assert desk.has() == units("1 A S1 shipped 1")


def test_nothing_leaves_that_was_taken_back_at_the_last_moment() -> None:
    desk = packed("A", "B")
    desk.does(RecordLabel, parcel=1, request=1, tracking_number="T1")
    takes_back(desk, 2, 1)
    with pytest.raises(ParcelHoldsUnwanted) as refused:
        desk.would(HandOverParcel, parcel=1)
    assert refused.value.values["unwanted"] == [{"line": 2, "sku": "B", "quantity": 1}]


def test_an_answer_to_a_request_that_was_settled_is_refused() -> None:
    desk = packed("A")
    desk.does(RecordLabel, parcel=1, request=1, tracking_number="T1")
    for late in (RecordLabel, RecordLabelRefused):
        wish = {"tracking_number": "T2"} if late is RecordLabel else {"reason": "no"}
        with pytest.raises(LabelRequestOver):
            desk.would(late, parcel=1, request=1, **wish)
        with pytest.raises(LabelRequestOver):
            desk.would(late, parcel=1, request=2, **wish)
    with pytest.raises(LabelRequestOver):
        desk.would(RecordLabelVoided, parcel=1, request=1)


def test_a_label_for_a_parcel_that_was_opened_again_is_given_back() -> None:
    desk = packed("A")
    desk.does(ReopenParcel, parcel=1)
    assert states(desk) == [LabelState.VOID_REQUESTED]
    with pytest.raises(LabelRequestOver):
        desk.would(RecordLabel, parcel=1, request=1, tracking_number="T1")
    desk.does(RecordLabelVoided, parcel=1, request=1)
    desk.does(CloseParcel, parcel=1)
    assert states(desk) == [LabelState.VOIDED, LabelState.REQUESTED]


def test_a_label_for_another_address_is_given_back_and_asked_for_again() -> None:
    desk = packed("A")
    elsewhere = msgspec.structs.replace(desk.order.delivery, address=LYON)
    previous = desk.order.delivery.address
    assert previous is not None
    desk.sees(DeliveryAddressChanged(previous=previous, address=LYON, delivery=elsewhere))
    (event,) = desk.does(RecordLabel, parcel=1, request=1, tracking_number="T1")
    assert isinstance(event, LabelRequested)
    assert states(desk) == [LabelState.VOID_REQUESTED, LabelState.REQUESTED]
    desk.does(RecordLabel, parcel=1, request=2, tracking_number="T2")
    label = desk.parcels[0].label
    assert label is not None
    assert label.tracking_number == "T2"


def test_a_refused_label_is_asked_for_again_and_one_there_is_is_not() -> None:
    desk = packed("A")
    assert desk.would(RequestLabel, parcel=1) == ()
    desk.does(RecordLabelRefused, parcel=1, request=1, reason="no such street")
    with pytest.raises(LabelNotReady):
        desk.would(HandOverParcel, parcel=1)
    desk.does(RequestLabel, parcel=1)
    desk.does(RecordLabel, parcel=1, request=2, tracking_number="T1")
    assert desk.would(RequestLabel, parcel=1) == ()


def told(desk: Desk, status: str, *, hours: int, event: str | None = None) -> None:
    desk.does(
        TrackParcel,
        parcel=1,
        event=event or f"{status}-{hours}",
        status=ParcelStatus(status),
        at=NOW + timedelta(hours=hours),
    )


def test_a_parcel_is_where_its_newest_news_says_in_whatever_order_they_come() -> None:
    desk = left("A")
    told(desk, "out_for_delivery", hours=20)
    told(desk, "in_transit", hours=5)
    assert desk.parcels[0].status is ParcelStatus.OUT_FOR_DELIVERY
    told(desk, "delivered", hours=24)
    told(desk, "failed", hours=30)
    assert desk.parcels[0].status is ParcelStatus.DELIVERED
    assert desk.order.status is Status.DELIVERED
    assert [one.status.value for one in desk.parcels[0].tracked] == [
        "in_transit",
        "out_for_delivery",
        "delivered",
        "failed",
    ]


def test_what_was_told_before_is_no_news() -> None:
    desk = left("A")
    told(desk, "delivered", hours=24, event="E1")
    assert desk.would(TrackParcel, parcel=1, event="E1", status=ParcelStatus.DELIVERED, at=NOW) == ()


def test_what_comes_back_and_what_is_lost_has_ended() -> None:
    desk = left("A")
    told(desk, "returned", hours=50)
    assert desk.has() == units("1 A W1 returned 1")
    told(desk, "delivered", hours=60)
    assert (desk.parcels[0].status, desk.has()) == (ParcelStatus.RETURNED, units("1 A W1 returned 1"))
    lost = left("A")
    told(lost, "lost", hours=50)
    told(lost, "delivered", hours=60)
    assert lost.has() == units("1 A W1 lost 1")


def test_what_was_delivered_may_still_come_back() -> None:
    desk = left("A")
    told(desk, "delivered", hours=24)
    told(desk, "lost", hours=26)
    assert desk.has() == units("1 A W1 delivered 1")
    told(desk, "returned", hours=50)
    assert desk.has() == units("1 A W1 returned 1")


def test_only_a_parcel_that_left_is_followed_and_only_by_news() -> None:
    with pytest.raises(NotHandedOver):
        told(packed("A"), "delivered", hours=1)
    with pytest.raises(Invalid):
        told(left("A"), "closed", hours=1)
