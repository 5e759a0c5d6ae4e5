"""What is stuck, since when and why: one question for whoever runs the shop."""

from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec

from aftercart.kit.paging import LIMIT_MAX, checked_limit, decode_cursor
from aftercart.kit.refusal import Invalid
from aftercart.orders.model import Status
from aftercart.permissions import authorize_read
from aftercart.views.stuck_orders import Cursor, find_stuck_orders
from aftercart.web.api.call import Call
from aftercart.web.api.reply import Reply
from aftercart.web.api.route import Answered, Route

_encode: Final = msgspec.json.Encoder().encode


StuckCause = Literal[
    "payment", "fraud_review", "missing_stock", "address", "customer_choice", "manual",
    "backordered", "to_be_made", "in_production", "release_overdue",
]  # fmt: skip


class StuckOrdersQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which of them, and which page; ``cause`` is one of ``causes``, and lists what is on time too."""

    cause: StuckCause | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=LIMIT_MAX)] | None = None
    cursor: Annotated[str, msgspec.Meta(max_length=500)] | None = None


class StuckOrderAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One order that waits. ``causes`` are reasons of holds, ``backordered``, ``to_be_made``, ``in_production`` or
    ``release_overdue``.

    The first of them stands since ``since``; ``seconds`` is how long that is. ``promised_date`` is the last day the
    order was promised for, which may not stand any more.
    """

    id: UUID
    number: str
    status: Status
    channel: str
    causes: tuple[str, ...]
    since: datetime
    seconds: int
    locations: tuple[str, ...]
    promised_date: str | None


class StuckOrdersAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of orders that wait, the longest waiting first; ``next_cursor`` asks for the next page."""

    items: list[StuckOrderAnswer]
    next_cursor: str | None


async def read(call: Call) -> Reply:
    """Reads what does not move."""
    query = call.query(StuckOrdersQuery)
    authorize_read(call.actor, "stuck_orders")
    cursor = None if query.cursor is None else decode_cursor(query.cursor, Cursor)
    now = call.shop.clock.now()
    page = await find_stuck_orders(
        call.shop.database,
        now=now,
        today=now.astimezone(call.shop.surroundings.zone).date(),
        cursor=cursor,
        limit=checked_limit(query.limit),
        cause=query.cause,
    )
    items = [
        StuckOrderAnswer(
            id=one.order_id,
            number=one.number,
            status=one.status,
            channel=one.channel,
            causes=one.causes,
            since=one.since,
            seconds=int((now - one.since).total_seconds()),
            locations=one.locations,
            promised_date=one.promised_date,
        )
        for one in page.items
    ]
    return Reply(200, _encode(StuckOrdersAnswer(items=items, next_cursor=page.next_cursor)))


ROUTES: Final = (
    Route(
        name="read_stuck_orders",
        method="GET",
        path="/v1/stuck-orders",
        tag="Operation",
        summary="Read what is stuck, since when and why",
        description=(
            "Orders on hold, waiting for stock or for their production, and releases that are overdue. An order that "
            "waits for nothing but goods or work that are on time, such as a pre-order before its day, is left out "
            "unless its `cause` is asked for; it is stuck once that day is over or nobody knows one."
        ),
        handle=read,
        query=StuckOrdersQuery,
        answers=(Answered(status=200, meaning="A page of orders that wait", shape=StuckOrdersAnswer),),
        refusals=(Invalid,),
    ),
)
