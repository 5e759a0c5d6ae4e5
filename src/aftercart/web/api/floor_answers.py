"""Work on the floor and parcels as the API tells them, and how they are named in a path."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from aftercart.fulfillment.model import (
    FulfillmentStatus,
    Insert,
    LabelState,
    Parcel,
    ParcelsKey,
    ParcelStatus,
    Tracked,
)
from aftercart.fulfillment.queries import load_packing
from aftercart.fulfillment.rules.at_hand import AtHand, unwanted_in
from aftercart.fulfillment.rules.fulfillment_status import fulfillment_status
from aftercart.fulfillment.rules.packing import inserts_for
from aftercart.inventory.model import Stage
from aftercart.kit.commands import Answer, Command
from aftercart.kit.refusal import Refusal
from aftercart.orders.handlers import OrderNotFound
from aftercart.orders.model import Order
from aftercart.views.order_ids import find_order_id
from aftercart.web.api.call import Call
from aftercart.web.api.headers import idempotency_key
from aftercart.web.api.order_commands import REPLAYED, encode
from aftercart.web.api.reply import Reply

_NUMBER_CHARACTERS: Final = 11
"""An order number as it is shown: two halves of five, and a hyphen."""
_PARCEL_DIGITS_MAX: Final = 6


class ContentAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """So many units of a line. ``unwanted`` of them were taken back by their customer and are to be pulled out."""

    line: int
    sku: str
    name: str
    quantity: int
    unwanted: int = 0


class LabelAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The newest request for a label; ``reason`` is why the carrier refused it."""

    state: LabelState
    requested_at: datetime
    tracking_number: str | None
    reason: str | None


class ParcelAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One parcel. ``void_bps`` is how much of its carton is air, in hundredths of a percent."""

    id: str
    order: UUID
    location: str
    status: ParcelStatus
    contents: list[ContentAnswer]
    carton: str | None
    void_bps: int | None
    weight_grams: int | None
    inserts: tuple[str, ...]
    label: LabelAnswer | None
    tracked: tuple[Tracked, ...]
    handover: str | None
    opened_at: datetime
    closed_at: datetime | None
    handed_over_at: datetime | None


class WorkAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The units of one line and SKU at the location, by stage."""

    line: int
    sku: str
    name: str
    stages: dict[Stage, int]


class FulfillmentOrderAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The work on one order at one location. ``version`` is the order's.

    ``inserts`` are still to be put into one of its parcels, beside the goods.
    """

    id: str
    order: UUID
    version: int
    location: str
    status: FulfillmentStatus
    method: str
    gift_message: str | None
    inserts: tuple[Insert, ...]
    items: list[WorkAnswer]
    parcels: list[ParcelAnswer]


class FulfillmentOrderNotFound(Refusal):
    """No unit of such an order is, or was, at such a location."""

    status = 404

    def __init__(self) -> None:
        super().__init__(param="fulfillment_order")


class NoSuchParcel(Refusal):
    """There is no parcel of this name."""

    status = 404

    def __init__(self) -> None:
        super().__init__(param="parcel")


async def work_in_path(call: Call) -> tuple[UUID, str]:
    """Returns the order and the location that the path names; raises ``FulfillmentOrderNotFound``."""
    named = call.request.path_params["fulfillment_order"]
    order_id = await find_order_id(call.shop.database, named[:_NUMBER_CHARACTERS])
    location = named[_NUMBER_CHARACTERS + 1 :]
    if order_id is None or named[_NUMBER_CHARACTERS : _NUMBER_CHARACTERS + 1] != "-" or not location:
        raise FulfillmentOrderNotFound
    return order_id, location


async def parcel_in_path(call: Call) -> tuple[UUID, int]:
    """Returns the order and the number of the parcel that the path names; raises ``NoSuchParcel``."""
    named = call.request.path_params["parcel"]
    order_id = await find_order_id(call.shop.database, named[:_NUMBER_CHARACTERS])
    number = named[_NUMBER_CHARACTERS + 1 :]
    hyphen = named[_NUMBER_CHARACTERS : _NUMBER_CHARACTERS + 1] == "-"
    if order_id is None or not hyphen or not number.isascii() or not number.isdigit():
        raise NoSuchParcel
    if len(number) > _PARCEL_DIGITS_MAX:
        raise NoSuchParcel
    return order_id, int(number)


async def submit(call: Call, command: Command) -> Answer:
    """Submits a command of the floor under the caller's idempotency key, if there is one."""
    key = idempotency_key(call.headers.get(b"idempotency-key"))
    return await call.shop.submit(command, call.actor, key=key)


async def load_order_and_parcels(call: Call, order_id: UUID) -> tuple[Order, tuple[Parcel, ...]]:
    """Returns an order and its parcels as they are now; raises ``OrderNotFound``."""
    order = await call.orders.find(order_id)
    if order is None:
        raise OrderNotFound
    state = await call.shop.bus.read((ParcelsKey(order_id),))
    return order, state.find(ParcelsKey(order_id)) or ()


async def reply_with_work(call: Call, order_id: UUID, location: str, *, replayed: bool = False) -> Reply:
    """Returns the work at a location as it is now; raises ``FulfillmentOrderNotFound`` where there never was any."""
    order, parcels = await load_order_and_parcels(call, order_id)
    stages = [entry.stage for entry in order.units if entry.location == location]
    if not stages:
        raise FulfillmentOrderNotFound
    answer = FulfillmentOrderAnswer(
        id=f"{order.number}-{location}",
        order=order.order_id,
        version=order.version,
        location=location,
        status=fulfillment_status(stages),
        method=order.delivery.method,
        gift_message=order.gift_message,
        inserts=inserts_for(await load_packing(call.shop.database), order, parcels),
        items=_items(order, location),
        parcels=[parcel_answer(order, parcels, one) for one in parcels if one.location == location],
    )
    return Reply(200, encode(answer), headers=(REPLAYED,) if replayed else ())


async def reply_with_parcel(call: Call, order_id: UUID, number: int, *, replayed: bool = False) -> Reply:
    """Returns a parcel as it is now; raises ``NoSuchParcel``."""
    order, parcels = await load_order_and_parcels(call, order_id)
    for parcel in parcels:
        if parcel.parcel == number:
            headers = (REPLAYED,) if replayed else ()
            return Reply(200, encode(parcel_answer(order, parcels, parcel)), headers=headers)
    raise NoSuchParcel


def parcel_answer(order: Order, parcels: tuple[Parcel, ...], parcel: Parcel) -> ParcelAnswer:
    """Returns a parcel of an order with what in it is not wanted any more."""
    unwanted: dict[tuple[int, str], int] = {}
    if parcel.status in {ParcelStatus.OPEN, ParcelStatus.CLOSED}:
        at_hand = AtHand(now=order.placed_at, parcels=parcels, methods={})
        unwanted = {(one.line, one.sku): one.quantity for one in unwanted_in(order, at_hand, parcel)}
    label = parcel.label
    return ParcelAnswer(
        id=f"{order.number}-{parcel.parcel}",
        order=order.order_id,
        location=parcel.location,
        status=parcel.status,
        contents=[
            ContentAnswer(
                line=one.line,
                sku=one.sku,
                name=order.lines[one.line - 1].name,
                quantity=one.quantity,
                unwanted=unwanted.get((one.line, one.sku), 0),
            )
            for one in parcel.contents
        ],
        carton=parcel.carton,
        void_bps=parcel.void_bps,
        weight_grams=parcel.weight_grams,
        inserts=parcel.inserts,
        label=None
        if label is None
        else LabelAnswer(
            state=label.state,
            requested_at=label.requested_at,
            tracking_number=label.tracking_number,
            reason=label.reason,
        ),
        tracked=parcel.tracked,
        handover=parcel.handover,
        opened_at=parcel.opened_at,
        closed_at=parcel.closed_at,
        handed_over_at=parcel.handed_over_at,
    )


def _items(order: Order, location: str) -> list[WorkAnswer]:
    items: dict[tuple[int, str], dict[Stage, int]] = {}
    for entry in order.units:
        if entry.location == location:
            items.setdefault((entry.line, entry.sku), {})[entry.stage] = entry.quantity
    return [
        WorkAnswer(line=line, sku=sku, name=order.lines[line - 1].name, stages=stages)
        for (line, sku), stages in items.items()
    ]
