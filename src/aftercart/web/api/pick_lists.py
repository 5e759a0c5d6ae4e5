"""Pick lists: put together, walked stop by stop, and brought to the pack station."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec

from aftercart.fulfillment.decisions.create_pick_list import CreatePickList
from aftercart.fulfillment.model import LIST_ORDERS_MAX, PickListStatus
from aftercart.fulfillment.rules.floor_refusals import (
    NoWorkToAssign,
    PickListNotFound,
)
from aftercart.fulfillment.rules.picking_carts import CART_ORDERS_MAX
from aftercart.kit.paging import LIMIT_MAX, checked_limit, decode_cursor
from aftercart.kit.refusal import Invalid
from aftercart.orders.model import Code
from aftercart.permissions import authorize_read
from aftercart.picking import create_list
from aftercart.shipping.queries import find_methods
from aftercart.views.pick_lists import Cursor, ListFilter, find_pick_lists
from aftercart.views.work_to_assign import WorkFilter
from aftercart.web.api.call import Call
from aftercart.web.api.headers import idempotency_key
from aftercart.web.api.order_commands import encode
from aftercart.web.api.pick_list_answers import PickListAnswer, list_in_path, reply_with_list
from aftercart.web.api.reply import Reply
from aftercart.web.api.route import Answered, Route

_BASE: Final = "/v1/pick-lists"
_ONE: Final = f"{_BASE}/{{pick_list}}"
OrdersOnList = Annotated[int, msgspec.Meta(ge=1, le=LIST_ORDERS_MAX)]


class WorkWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which work: at a location, for trucks until ``due_until``, of these methods or of this carrier."""

    location: Code
    orders_max: OrdersOnList = CART_ORDERS_MAX
    methods: Annotated[tuple[Code, ...], msgspec.Meta(min_length=1, max_length=100)] | None = None
    carrier: Code | None = None
    due_until: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class ListsQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which lists: at a ``location``, of a ``wave``, in a ``status``."""

    location: Code | None = None
    wave: Code | None = None
    status: PickListStatus | None = None
    cursor: Annotated[str, msgspec.Meta(max_length=1_000)] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=LIMIT_MAX)] | None = None


class ListedList(msgspec.Struct, frozen=True, kw_only=True):
    """A pick list in a list; its walk is ``meters`` long."""

    id: UUID
    location: str
    wave: str | None
    status: PickListStatus
    picker: str | None
    orders: int
    meters: float
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class ListsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of pick lists, the newest first; ``next_cursor`` asks for the next page."""

    items: list[ListedList]
    next_cursor: str | None


async def work_filter(call: Call, wish: WorkWish) -> WorkFilter:
    """Returns the filter of a wish, with the methods that its carrier brings; raises ``Invalid`` for both at once."""
    methods = wish.methods
    if wish.carrier is not None:
        if methods is not None:
            raise Invalid(param="carrier", expected="either methods or a carrier", got=wish.carrier)
        methods = tuple(one.code for one in await find_methods(call.shop.database) if one.carrier == wish.carrier)
    return WorkFilter(location=wish.location, methods=methods, due_until=wish.due_until)


async def read_lists(call: Call) -> Reply:
    """Reads a page of pick lists."""
    query = call.query(ListsQuery)
    authorize_read(call.actor, "fulfillment")
    cursor = None if query.cursor is None else decode_cursor(query.cursor, Cursor)
    page = await find_pick_lists(
        call.shop.database,
        ListFilter(location=query.location, wave=query.wave, status=query.status),
        cursor=cursor,
        limit=checked_limit(query.limit),
    )
    items = [
        ListedList(
            id=one.pick_list,
            location=one.location,
            wave=one.wave,
            status=one.status,
            picker=one.picker,
            orders=one.order_count,
            meters=one.meters,
            created_at=one.created_at,
            started_at=one.started_at,
            ended_at=one.ended_at,
        )
        for one in page.items
    ]
    return Reply(200, encode(ListsAnswer(items=items, next_cursor=page.next_cursor)))


async def read_list(call: Call) -> Reply:
    """Reads a pick list and what is to be done on it."""
    call.refuse_query()
    authorize_read(call.actor, "fulfillment")
    return await reply_with_list(call, list_in_path(call))


async def create(call: Call) -> Reply:
    """Puts the best cart of the work that waits on a list."""
    wish = await call.body(_CREATE)
    authorize_read(call.actor, "walking")
    key = idempotency_key(call.headers.get(b"idempotency-key"))
    which = await work_filter(call, wish)
    pick_list, replayed = await create_list(call.shop, call.actor, which, orders_max=wish.orders_max, key=key)
    return await reply_with_list(call, pick_list, status=201, replayed=replayed)


_CREATE: Final = msgspec.json.Decoder(WorkWish)

ROUTES: Final = (
    Route(
        name="list_pick_lists",
        method="GET",
        path=_BASE,
        tag="Picking",
        summary="List pick lists",
        handle=read_lists,
        query=ListsQuery,
        answers=(Answered(status=200, meaning="A page of pick lists", shape=ListsAnswer),),
        refusals=(Invalid,),
    ),
    Route(
        name="create_pick_list",
        method="POST",
        path=_BASE,
        tag="Picking",
        summary="Put together what is walked together",
        description="The best cart of the work that waits and is on no list, for the earliest truck.",
        handle=create,
        command=CreatePickList,
        body=WorkWish,
        key="optional",
        answers=(Answered(status=201, meaning="The new list", shape=PickListAnswer),),
        refusals=(NoWorkToAssign, Invalid),
    ),
    Route(
        name="read_pick_list",
        method="GET",
        path=_ONE,
        tag="Picking",
        summary="Read a pick list",
        description="What is to be fetched is read from the orders as they are now: what was taken back is not there.",
        handle=read_list,
        answers=(Answered(status=200, meaning="The list as it is now", shape=PickListAnswer),),
        refusals=(PickListNotFound,),
    ),
)
