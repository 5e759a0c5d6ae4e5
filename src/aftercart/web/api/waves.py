"""Waves: all that waits for a truck, a carrier, or as much as a floor can do, on as many pick lists as it takes."""

from datetime import datetime
from typing import Annotated, Final

import msgspec

from aftercart.fulfillment.model import PickListStatus
from aftercart.fulfillment.rules.floor_refusals import NoWorkToAssign
from aftercart.kit.paging import LIMIT_MAX, checked_limit, decode_cursor
from aftercart.kit.refusal import Invalid
from aftercart.orders.model import Code
from aftercart.permissions import authorize_read
from aftercart.picking import build_wave
from aftercart.views.pick_lists import ListedWave, WaveCursor, find_wave, find_waves
from aftercart.web.api.call import Call
from aftercart.web.api.headers import idempotency_key
from aftercart.web.api.order_commands import encode
from aftercart.web.api.pick_lists import WorkWish, work_filter
from aftercart.web.api.reply import Reply
from aftercart.web.api.route import Answered, Route

WAVE_ORDERS_MAX: Final = 5_000
_BASE: Final = "/v1/waves"


class WaveBody(WorkWish, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which work, and of how many orders at most: what the floor can do until the truck comes."""

    orders: Annotated[int, msgspec.Meta(ge=1, le=WAVE_ORDERS_MAX)] = WAVE_ORDERS_MAX


class WavesQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which waves: at a ``location``."""

    location: Code | None = None
    cursor: Annotated[str, msgspec.Meta(max_length=1_000)] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=LIMIT_MAX)] | None = None


class WaveAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One wave: how many of its lists are in which status, its orders, and the meters of all walks."""

    id: str
    location: str
    built_at: datetime
    lists: dict[PickListStatus, int]
    orders: int
    meters: float


class WavesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of waves, the newest first; ``next_cursor`` asks for the next page."""

    items: list[WaveAnswer]
    next_cursor: str | None


async def build(call: Call) -> Reply:
    """Builds a wave."""
    wish = await call.body(_BUILD)
    authorize_read(call.actor, "walking")
    key = idempotency_key(call.headers.get(b"idempotency-key"))
    which = await work_filter(call, wish)
    name = await build_wave(call.shop, call.actor, which, orders_max=wish.orders_max, limit=wish.orders, key=key)
    wave = await find_wave(call.shop.database, name)
    assert wave is not None, "a wave that was built has a list"
    return Reply(201, encode(_answer(wave)))


async def read_waves(call: Call) -> Reply:
    """Reads a page of waves."""
    query = call.query(WavesQuery)
    authorize_read(call.actor, "fulfillment")
    cursor = None if query.cursor is None else decode_cursor(query.cursor, WaveCursor)
    page = await find_waves(
        call.shop.database, location=query.location, cursor=cursor, limit=checked_limit(query.limit)
    )
    answer = WavesAnswer(items=[_answer(one) for one in page.items], next_cursor=page.next_cursor)
    return Reply(200, encode(answer))


def _answer(wave: ListedWave) -> WaveAnswer:
    return WaveAnswer(
        id=wave.wave,
        location=wave.location,
        built_at=wave.built_at,
        lists=wave.lists,
        orders=wave.order_count,
        meters=wave.meters,
    )


_BUILD: Final = msgspec.json.Decoder(WaveBody)

ROUTES: Final = (
    Route(
        name="build_wave",
        method="POST",
        path=_BASE,
        tag="Picking",
        summary="Put all that waits on pick lists",
        description=(
            "By truck, carrier or method, as many orders as the floor can do: orders of a single stop apart, those "
            "that lead through the same aisles together. Each list holds at most `orders_max` orders; their lists are "
            "found by `wave`. Safe to send again with its key."
        ),
        handle=build,
        body=WaveBody,
        key="optional",
        answers=(Answered(status=201, meaning="The wave", shape=WaveAnswer),),
        refusals=(NoWorkToAssign, Invalid),
    ),
    Route(
        name="list_waves",
        method="GET",
        path=_BASE,
        tag="Picking",
        summary="List waves",
        handle=read_waves,
        query=WavesQuery,
        answers=(Answered(status=200, meaning="A page of waves", shape=WavesAnswer),),
        refusals=(Invalid,),
    ),
)
