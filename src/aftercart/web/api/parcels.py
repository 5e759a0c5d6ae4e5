"""Parcels: packed item by item, closed, handed over, followed."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final

import msgspec

from aftercart.fulfillment.decisions.close_parcel import CloseParcel, Grams
from aftercart.fulfillment.decisions.hand_over_parcel import HandOverParcel
from aftercart.fulfillment.decisions.pack_item import PackItem
from aftercart.fulfillment.decisions.record_label import RequestLabel
from aftercart.fulfillment.decisions.reopen_parcel import ReopenParcel
from aftercart.fulfillment.decisions.set_packing import INSERTS_MAX
from aftercart.fulfillment.decisions.unpack_item import UnpackItem
from aftercart.fulfillment.decisions.void_parcel import VoidParcel
from aftercart.fulfillment.model import ParcelsKey, ParcelStatus
from aftercart.fulfillment.rules.floor_refusals import (
    ItemNotWanted,
    LabelNotReady,
    ParcelEmpty,
    ParcelHoldsUnwanted,
    ParcelNotClosed,
    ParcelNotEmpty,
    ParcelNotOpen,
    WrongItem,
)
from aftercart.kit.commands import Command
from aftercart.kit.paging import LIMIT_MAX, checked_limit, decode_cursor
from aftercart.kit.refusal import Invalid, Refusal
from aftercart.orders.model import QUANTITY_MAX, Code, OrderKey
from aftercart.orders.rules.change_refusals import OrderOnHold
from aftercart.permissions import authorize_read
from aftercart.views.parcels import Cursor, ParcelFilter, find_parcels
from aftercart.web.api.call import Call
from aftercart.web.api.floor_answers import (
    NoSuchParcel,
    ParcelAnswer,
    parcel_answer,
    parcel_in_path,
    reply_with_parcel,
    submit,
)
from aftercart.web.api.order_commands import encode
from aftercart.web.api.reply import Reply
from aftercart.web.api.route import Answered, Route
from aftercart.web.api.scanning import scanned_sku

_BASE: Final = "/v1/parcels"
_ONE: Final = f"{_BASE}/{{parcel}}"


class ParcelsQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which parcels: packed at a ``location``, in a ``status``, on a list of a ``handover``, with a tracking number."""

    location: Code | None = None
    status: ParcelStatus | None = None
    handover: Code | None = None
    tracking_number: Code | None = None
    cursor: Annotated[str, msgspec.Meta(max_length=1_000)] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=LIMIT_MAX)] | None = None


class ParcelsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of parcels, the oldest orders first; ``next_cursor`` asks for the next page."""

    items: list[ParcelAnswer]
    next_cursor: str | None


class ItemBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was scanned, a SKU or a GTIN, and how many of it."""

    code: Code
    quantity: Annotated[int, msgspec.Meta(ge=1, le=QUANTITY_MAX)] = 1


class CloseParcelBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The carton it is in, and what it weighs with it; without a weight it is added up from what is in it.

    ``inserts`` are the codes of what was put in beside the goods.
    """

    carton: Code | None = None
    weight_grams: Grams | None = None
    inserts: Annotated[tuple[Code, ...], msgspec.Meta(max_length=INSERTS_MAX)] = ()


class HandOverBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The list with which the carrier takes it, such as today's of one truck."""

    handover: Code | None = None


async def read_list(call: Call) -> Reply:
    """Reads a page of parcels."""
    query = call.query(ParcelsQuery)
    authorize_read(call.actor, "fulfillment")
    wanted = ParcelFilter(
        location=query.location, status=query.status, handover=query.handover, tracking_number=query.tracking_number
    )
    cursor = None if query.cursor is None else decode_cursor(query.cursor, Cursor)
    page = await find_parcels(call.shop.database, wanted, cursor=cursor, limit=checked_limit(query.limit))
    ids = {one.order_id for one in page.items}
    state = await call.shop.bus.read([*map(OrderKey, ids), *map(ParcelsKey, ids)])
    items: list[ParcelAnswer] = []
    for one in page.items:
        order = state.find(OrderKey(one.order_id))
        assert order is not None, f"parcel {one.number}-{one.parcel.parcel} has no order"
        items.append(parcel_answer(order, state.find(ParcelsKey(one.order_id)) or (), one.parcel))
    return Reply(200, encode(ParcelsAnswer(items=items, next_cursor=page.next_cursor)))


async def read(call: Call) -> Reply:
    """Reads one parcel."""
    call.refuse_query()
    authorize_read(call.actor, "fulfillment")
    return await reply_with_parcel(call, *await parcel_in_path(call))


def _on_item(command: type[PackItem | UnpackItem]) -> Callable[[Call], Awaitable[Reply]]:
    async def carry(call: Call) -> Reply:
        body = await call.body(_ITEM)
        order_id, parcel = await parcel_in_path(call)
        sku = await scanned_sku(call, body.code)
        answer = await submit(call, command(order_id=order_id, parcel=parcel, sku=sku, quantity=body.quantity))
        return await reply_with_parcel(call, order_id, parcel, replayed=answer.replayed)

    return carry


def _on_parcel(command: Callable[..., Command]) -> Callable[[Call], Awaitable[Reply]]:
    async def carry(call: Call) -> Reply:
        order_id, parcel = await parcel_in_path(call)
        answer = await submit(call, command(order_id=order_id, parcel=parcel))
        return await reply_with_parcel(call, order_id, parcel, replayed=answer.replayed)

    return carry


async def close_parcel(call: Call) -> Reply:
    """Closes a parcel."""
    body = await call.body(_CLOSE)
    order_id, parcel = await parcel_in_path(call)
    command = CloseParcel(
        order_id=order_id,
        parcel=parcel,
        carton=body.carton,
        weight_grams=body.weight_grams,
        inserts=body.inserts,
    )
    answer = await submit(call, command)
    return await reply_with_parcel(call, order_id, parcel, replayed=answer.replayed)


async def hand_over_parcel(call: Call) -> Reply:
    """Gives a parcel to its carrier."""
    body = await call.body(_HAND_OVER)
    order_id, parcel = await parcel_in_path(call)
    answer = await submit(call, HandOverParcel(order_id=order_id, parcel=parcel, handover=body.handover))
    return await reply_with_parcel(call, order_id, parcel, replayed=answer.replayed)


_ITEM: Final = msgspec.json.Decoder(ItemBody)
_CLOSE: Final = msgspec.json.Decoder(CloseParcelBody)
_HAND_OVER: Final = msgspec.json.Decoder(HandOverBody)


def _step(
    command: type[Command],
    word: str,
    summary: str,
    handle: Callable[[Call], Awaitable[Reply]],
    *refusals: type[Refusal],
    body: Any = None,
    description: str = "",
) -> Route:
    return Route(
        name=word.replace("-", "_"),
        method="POST",
        path=f"{_ONE}/{word}",
        tag="Floor",
        summary=summary,
        description=description,
        handle=handle,
        command=command,
        body=body,
        key="optional",
        answers=(Answered(status=200, meaning="The parcel as it is then", shape=ParcelAnswer),),
        refusals=(NoSuchParcel, *refusals),
    )


ROUTES: Final = (
    Route(
        name="list_parcels",
        method="GET",
        path=_BASE,
        tag="Floor",
        summary="List parcels",
        handle=read_list,
        query=ParcelsQuery,
        answers=(Answered(status=200, meaning="A page of parcels", shape=ParcelsAnswer),),
        refusals=(Invalid,),
    ),
    Route(
        name="read_parcel",
        method="GET",
        path=_ONE,
        tag="Floor",
        summary="Read a parcel",
        handle=read,
        answers=(Answered(status=200, meaning="The parcel as it is now", shape=ParcelAnswer),),
        refusals=(NoSuchParcel,),
    ),
    _step(
        PackItem,
        "pack-item",
        "Lay something into a parcel",
        _on_item(PackItem),
        *(ParcelNotOpen, WrongItem, ItemNotWanted, Invalid),
        body=ItemBody,
        description="The second check. `items` of a refusal is what is still to be packed.",
    ),
    _step(
        UnpackItem,
        "unpack-item",
        "Take something out of a parcel",
        _on_item(UnpackItem),
        *(ParcelNotOpen, WrongItem, Invalid),
        body=ItemBody,
    ),
    _step(
        CloseParcel,
        "close-parcel",
        "Close a parcel",
        close_parcel,
        *(OrderOnHold, ParcelNotOpen, ParcelEmpty, ParcelHoldsUnwanted, Invalid),
        body=CloseParcelBody,
        description="Refused while something lies in it that its customer took back. Its label is asked for at once.",
    ),
    _step(
        ReopenParcel,
        "reopen-parcel",
        "Open a parcel again",
        _on_parcel(ReopenParcel),
        ParcelNotClosed,
        description="Its label is given back.",
    ),
    _step(
        VoidParcel,
        "void-parcel",
        "Give up an empty parcel",
        _on_parcel(VoidParcel),
        *(ParcelNotOpen, ParcelNotEmpty),
    ),
    _step(
        RequestLabel,
        "request-label",
        "Ask for the label once more",
        _on_parcel(RequestLabel),
        ParcelNotClosed,
        description="As when the carrier refused an address that was corrected since.",
    ),
    _step(
        HandOverParcel,
        "hand-over-parcel",
        "Give a parcel to its carrier",
        hand_over_parcel,
        *(OrderOnHold, ParcelNotClosed, ParcelHoldsUnwanted, LabelNotReady, Invalid),
        body=HandOverBody,
        description="Its goods are not on hand any more.",
    ),
)
