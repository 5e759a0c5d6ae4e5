"""The work on the floor: what is to be done at a location, and the steps on one order there."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec

from aftercart.fulfillment.decisions.close_parcel import Grams
from aftercart.fulfillment.decisions.finish_preparing import FinishPreparing
from aftercart.fulfillment.decisions.open_parcel import OpenParcel
from aftercart.fulfillment.decisions.put_units_back import PutUnitsBack
from aftercart.fulfillment.decisions.start_preparing import StartPreparing
from aftercart.fulfillment.model import FulfillmentStatus
from aftercart.fulfillment.rules.floor_refusals import NothingToPack, NothingToPick, NothingToPutBack, StillInParcel
from aftercart.kit.paging import LIMIT_MAX, checked_limit, decode_cursor
from aftercart.kit.refusal import Invalid
from aftercart.orders.model import QUANTITY_MAX, Code
from aftercart.orders.rules.change_refusals import OrderOnHold
from aftercart.permissions import authorize_read
from aftercart.views.fulfillment_orders import Cursor, Work, find_fulfillment_orders
from aftercart.web.api.call import Call
from aftercart.web.api.floor_answers import (
    FulfillmentOrderAnswer,
    FulfillmentOrderNotFound,
    reply_with_work,
    submit,
    work_in_path,
)
from aftercart.web.api.order_commands import encode
from aftercart.web.api.reply import Reply
from aftercart.web.api.route import Answered, Route
from aftercart.web.api.scanning import scanned_sku

_BASE: Final = "/v1/fulfillment-orders"
_ONE: Final = f"{_BASE}/{{fulfillment_order}}"


class WorkQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which work: at a ``location``; with ``work`` only where that is to be done next."""

    location: Code | None = None
    work: Work | None = None
    cursor: Annotated[str, msgspec.Meta(max_length=1_000)] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=LIMIT_MAX)] | None = None


class ListedWork(msgspec.Struct, frozen=True, kw_only=True):
    """The work on one order at one location, in units by what is to be done next."""

    id: str
    order: UUID
    location: str
    status: FulfillmentStatus
    method: str
    released_at: datetime
    to_pick: int
    to_pack: int
    to_hand_over: int
    to_put_back: int


class WorkListAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of work, the longest released first; ``next_cursor`` asks for the next page."""

    items: list[ListedWork]
    next_cursor: str | None


class FinishPreparingBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The parcel all of it goes into; without a weight it is added up from what is in it."""

    carton: Code | None = None
    weight_grams: Grams | None = None


class PutUnitsBackBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What lies in the shelf again: a SKU or GTIN as scanned, and into which ``bin``."""

    code: Code
    quantity: Annotated[int, msgspec.Meta(ge=1, le=QUANTITY_MAX)] = 1
    bin: Code | None = None


async def read_list(call: Call) -> Reply:
    """Reads a page of work."""
    query = call.query(WorkQuery)
    authorize_read(call.actor, "fulfillment")
    cursor = None if query.cursor is None else decode_cursor(query.cursor, Cursor)
    page = await find_fulfillment_orders(
        call.shop.database,
        location=query.location,
        work=query.work,
        cursor=cursor,
        limit=checked_limit(query.limit),
    )
    items = [
        ListedWork(
            id=f"{one.number}-{one.location}",
            order=one.order_id,
            location=one.location,
            status=one.status,
            method=one.method,
            released_at=one.released_at,
            to_pick=one.to_pick,
            to_pack=one.to_pack,
            to_hand_over=one.to_hand_over,
            to_put_back=one.to_put_back,
        )
        for one in page.items
    ]
    return Reply(200, encode(WorkListAnswer(items=items, next_cursor=page.next_cursor)))


async def read(call: Call) -> Reply:
    """Reads the work on one order at one location."""
    call.refuse_query()
    authorize_read(call.actor, "fulfillment")
    return await reply_with_work(call, *await work_in_path(call))


async def start_preparing(call: Call) -> Reply:
    """Begins to fetch all that was released."""
    order_id, location = await work_in_path(call)
    answer = await submit(call, StartPreparing(order_id=order_id, location=location))
    return await reply_with_work(call, order_id, location, replayed=answer.replayed)


async def finish_preparing(call: Call) -> Reply:
    """Closes one parcel with all that was fetched."""
    body = await call.body(_FINISH)
    order_id, location = await work_in_path(call)
    command = FinishPreparing(order_id=order_id, location=location, carton=body.carton, weight_grams=body.weight_grams)
    answer = await submit(call, command)
    return await reply_with_work(call, order_id, location, replayed=answer.replayed)


async def open_parcel(call: Call) -> Reply:
    """Begins a parcel."""
    order_id, location = await work_in_path(call)
    answer = await submit(call, OpenParcel(order_id=order_id, location=location))
    return await reply_with_work(call, order_id, location, replayed=answer.replayed)


async def put_units_back(call: Call) -> Reply:
    """Lays what was intercepted back into the shelf."""
    body = await call.body(_PUT_BACK)
    order_id, location = await work_in_path(call)
    sku = await scanned_sku(call, body.code)
    command = PutUnitsBack(order_id=order_id, location=location, sku=sku, quantity=body.quantity, bin=body.bin)
    answer = await submit(call, command)
    return await reply_with_work(call, order_id, location, replayed=answer.replayed)


_FINISH: Final = msgspec.json.Decoder(FinishPreparingBody)
_PUT_BACK: Final = msgspec.json.Decoder(PutUnitsBackBody)
_AFTER: Final = (Answered(status=200, meaning="The work as it is then", shape=FulfillmentOrderAnswer),)

ROUTES: Final = (
    Route(
        name="list_fulfillment_orders",
        method="GET",
        path=_BASE,
        tag="Floor",
        summary="List the work on the floor",
        description="One entry per order and location, as long as something of it is in the house.",
        handle=read_list,
        query=WorkQuery,
        answers=(Answered(status=200, meaning="A page of work", shape=WorkListAnswer),),
        refusals=(Invalid,),
    ),
    Route(
        name="read_fulfillment_order",
        method="GET",
        path=_ONE,
        tag="Floor",
        summary="Read the work on one order at one location",
        handle=read,
        answers=(Answered(status=200, meaning="The work as it is now", shape=FulfillmentOrderAnswer),),
        refusals=(FulfillmentOrderNotFound,),
    ),
    Route(
        name="start_preparing",
        method="POST",
        path=f"{_ONE}/start-preparing",
        tag="Floor",
        summary="Begin to prepare an order",
        description="Without a scanner this is the lock: from now on nothing is taken back for free.",
        handle=start_preparing,
        command=StartPreparing,
        key="optional",
        answers=_AFTER,
        refusals=(FulfillmentOrderNotFound, OrderOnHold, NothingToPick),
    ),
    Route(
        name="finish_preparing",
        method="POST",
        path=f"{_ONE}/finish-preparing",
        tag="Floor",
        summary="Close one parcel with all that was fetched",
        handle=finish_preparing,
        command=FinishPreparing,
        body=FinishPreparingBody,
        key="optional",
        answers=_AFTER,
        refusals=(FulfillmentOrderNotFound, OrderOnHold, NothingToPack, Invalid),
    ),
    Route(
        name="open_parcel",
        method="POST",
        path=f"{_ONE}/open-parcel",
        tag="Floor",
        summary="Begin a parcel",
        description="An empty one that is open already is not doubled.",
        handle=open_parcel,
        command=OpenParcel,
        key="optional",
        answers=_AFTER,
        refusals=(FulfillmentOrderNotFound, OrderOnHold, NothingToPack),
    ),
    Route(
        name="put_units_back",
        method="POST",
        path=f"{_ONE}/put-units-back",
        tag="Floor",
        summary="Put back what was taken out of an order",
        description="Only then is it free for others. What lies in a parcel is pulled out of it first.",
        handle=put_units_back,
        command=PutUnitsBack,
        body=PutUnitsBackBody,
        key="optional",
        answers=_AFTER,
        refusals=(FulfillmentOrderNotFound, NothingToPutBack, StillInParcel, Invalid),
    ),
)
