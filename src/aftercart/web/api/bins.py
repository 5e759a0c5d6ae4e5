"""Bins: what lies where, and what lies in none."""

from typing import Annotated, Final

import msgspec

from aftercart.inventory.model import BinQuantity
from aftercart.kit.paging import LIMIT_MAX, checked_limit, decode_cursor
from aftercart.kit.refusal import Invalid
from aftercart.orders.model import Code
from aftercart.permissions import authorize_read
from aftercart.views.bins import Cursor, InBin, LooseStock, find_bins, find_loose_stock
from aftercart.web.api.call import Call
from aftercart.web.api.order_commands import encode
from aftercart.web.api.reply import Reply
from aftercart.web.api.route import Answered, Route


class BinsQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The bins of a ``location``: one of this code, or those in which a SKU lies."""

    location: Code
    bin: Code | None = None
    sku: Code | None = None
    cursor: Annotated[str, msgspec.Meta(max_length=1_000)] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=LIMIT_MAX)] | None = None


class LooseQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What lies in no bin of a ``location``."""

    location: Code
    cursor: Annotated[str, msgspec.Meta(max_length=1_000)] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=LIMIT_MAX)] | None = None


class BinAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A bin and what lies in it, by SKU."""

    code: str
    location: str
    aisle: int
    bay: int
    level: int
    x_m: float
    y_m: float
    contents: tuple[InBin, ...]


class BinsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of bins, by code; ``next_cursor`` asks for the next page."""

    items: list[BinAnswer]
    next_cursor: str | None


class LooseAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What of a SKU is to be put away, ``loose``; below zero its ``bins`` have more than there is: count them."""

    sku: str
    on_hand: int
    in_hand: int
    loose: int
    bins: tuple[BinQuantity, ...]


class LooseListAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of what lies in no bin, by SKU; ``next_cursor`` asks for the next page."""

    items: list[LooseAnswer]
    next_cursor: str | None


async def read_bins(call: Call) -> Reply:
    """Reads a page of bins."""
    query = call.query(BinsQuery)
    authorize_read(call.actor, "fulfillment")
    cursor = None if query.cursor is None else decode_cursor(query.cursor, Cursor)
    page = await find_bins(
        call.shop.database,
        location=query.location,
        code=query.bin,
        sku=query.sku,
        cursor=cursor,
        limit=checked_limit(query.limit),
    )
    items = [
        BinAnswer(
            code=one.place.code,
            location=one.place.location,
            aisle=one.place.aisle,
            bay=one.place.bay,
            level=one.place.level,
            x_m=one.place.x_m,
            y_m=one.place.y_m,
            contents=one.contents,
        )
        for one in page.items
    ]
    return Reply(200, encode(BinsAnswer(items=items, next_cursor=page.next_cursor)))


async def read_loose(call: Call) -> Reply:
    """Reads a page of what lies in no bin."""
    query = call.query(LooseQuery)
    authorize_read(call.actor, "fulfillment")
    cursor = None if query.cursor is None else decode_cursor(query.cursor, Cursor)
    page = await find_loose_stock(
        call.shop.database, location=query.location, cursor=cursor, limit=checked_limit(query.limit)
    )
    answer = LooseListAnswer(items=[_loose(one) for one in page.items], next_cursor=page.next_cursor)
    return Reply(200, encode(answer))


def _loose(one: LooseStock) -> LooseAnswer:
    return LooseAnswer(sku=one.sku, on_hand=one.on_hand, in_hand=one.in_hand, loose=one.loose, bins=one.bins)


ROUTES: Final = (
    Route(
        name="list_bins",
        method="GET",
        path="/v1/bins",
        tag="Picking",
        summary="List bins and what lies in them",
        handle=read_bins,
        query=BinsQuery,
        answers=(Answered(status=200, meaning="A page of bins", shape=BinsAnswer),),
        refusals=(Invalid,),
    ),
    Route(
        name="list_loose_stock",
        method="GET",
        path="/v1/bins/loose",
        tag="Picking",
        summary="List what is to be put away",
        handle=read_loose,
        query=LooseQuery,
        answers=(Answered(status=200, meaning="A page of what lies in no bin", shape=LooseListAnswer),),
        refusals=(Invalid,),
    ),
)
