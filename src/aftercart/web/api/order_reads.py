"""Reading about orders: the list and search, the timeline of one, and what may still be changed."""

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec

from aftercart.access.model import Role
from aftercart.kit.paging import LIMIT_MAX, checked_limit, decode_cursor
from aftercart.kit.refusal import Invalid
from aftercart.notifications.audience import events_seen_by_customers
from aftercart.orders.handlers import OrderNotFound
from aftercart.orders.model import OrderKey, Status
from aftercart.permissions import authorize_read
from aftercart.sentences import Language, event_sentence
from aftercart.views.order_list import Cursor, OrderFilter, OrderSummary, find_orders
from aftercart.views.timeline import RecordedEvent, find_timeline
from aftercart.web.api.amounts import Amount
from aftercart.web.api.call import Call
from aftercart.web.api.customer_answer import is_customer
from aftercart.web.api.moments import moment_in_utc
from aftercart.web.api.order_allowed import AllowedChangesAnswer, allowed_answers, circumstances
from aftercart.web.api.order_commands import encode
from aftercart.web.api.reply import Reply
from aftercart.web.api.route import Answered, Route


class OrderListQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which orders: ``query`` is words that begin a word of the number, reference, e-mail, name, phone or address."""

    status: Status | None = None
    email: Annotated[str, msgspec.Meta(min_length=1, max_length=254)] | None = None
    query: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | None = None
    placed_after: datetime | None = None
    cursor: Annotated[str, msgspec.Meta(max_length=1_000)] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=LIMIT_MAX)] | None = None


class CustomerSummary(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Who ordered."""

    email: str
    name: str


class OrderSummaryAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a list shows of an order."""

    id: UUID
    number: str
    version: int
    status: Status
    reference: str | None
    channel: str
    customer: CustomerSummary
    total: Amount
    placed_at: datetime
    release_at: datetime | None


class OrderListAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of orders, newest first; ``next_cursor`` asks for the next page, the last page has none."""

    items: list[OrderSummaryAnswer]
    next_cursor: str | None


class TimelineEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One event; ``sentence`` tells it in the caller's language, ``data`` is the event itself.

    A customer reads no ``data``, and as ``actor`` whether it was the ``customer`` or the ``shop``.
    """

    seq: int
    type: str
    at: datetime
    actor: str
    sentence: str
    data: msgspec.Raw | None


class TimelineAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What happened to the order, from the first event on."""

    items: list[TimelineEntry]


async def read_list(call: Call) -> Reply:
    """Reads a page of the list of orders."""
    query = call.query(OrderListQuery)
    authorize_read(call.actor, "orders")
    after = None if query.placed_after is None else moment_in_utc(query.placed_after, param="placed_after")
    wanted = OrderFilter(status=query.status, email=query.email, query=query.query, placed_after=after)
    cursor = None if query.cursor is None else decode_cursor(query.cursor, Cursor)
    page = await find_orders(call.shop.database, wanted, cursor=cursor, limit=checked_limit(query.limit))
    answer = OrderListAnswer(items=[_summary(one) for one in page.items], next_cursor=page.next_cursor)
    return Reply(200, encode(answer))


async def read_timeline(call: Call) -> Reply:
    """Reads what happened to an order."""
    call.refuse_query()
    order_id = await order_in_reach(call)
    events = await find_timeline(call.shop.database, order_id)
    if not events:
        raise OrderNotFound
    if is_customer(call.actor):
        entries = [_for_customer(event, call.language) for event in events if event.type in _SEEN_BY_CUSTOMERS]
    else:
        entries = [_entry(event, call.language) for event in events]
    return Reply(200, encode(TimelineAnswer(items=entries)))


async def read_allowed_changes(call: Call) -> Reply:
    """Reads what may still be changed."""
    call.refuse_query()
    order_id = await order_in_reach(call)
    order = await call.orders.find(order_id)
    if order is None:
        raise OrderNotFound
    given = await circumstances(call)
    changes = allowed_answers(order, given, language=call.language, zone=call.shop.surroundings.zone)
    answer = AllowedChangesAnswer(order=order.order_id, version=order.version, changes=changes)
    return Reply(200, encode(answer), headers=((b"etag", b'"%d"' % order.version),))


async def order_in_reach(call: Call) -> UUID:
    """Returns the id of the order in the path; raises ``OrderNotFound``, for one out of reach too."""
    order_id = await call.order_id()
    authorize_read(call.actor, "order", OrderKey(order_id))
    return order_id


def _entry(event: RecordedEvent, language: Language) -> TimelineEntry:
    return TimelineEntry(
        seq=event.seq,
        type=event.type,
        at=event.at,
        actor=event.actor,
        sentence=event_sentence(event.type, _decode(event.data), language),
        data=event.data,
    )


def _for_customer(event: RecordedEvent, language: Language) -> TimelineEntry:
    theirs = event.actor.partition(":")[0] == Role.CUSTOMER.value
    actor = Role.CUSTOMER.value if theirs else _SHOP
    return msgspec.structs.replace(_entry(event, language), actor=actor, data=None)


def _summary(one: OrderSummary) -> OrderSummaryAnswer:
    return OrderSummaryAnswer(
        id=one.order_id,
        number=one.number,
        version=one.version,
        status=one.status,
        reference=one.reference,
        channel=one.channel,
        customer=CustomerSummary(email=one.email, name=one.name),
        total=Amount(minor_units=one.total_minor, currency=one.currency),
        placed_at=one.placed_at,
        release_at=one.release_at,
    )


def _decode(event_json: msgspec.Raw) -> dict[str, Any]:
    return msgspec.json.decode(event_json, type=dict[str, Any])


_SEEN_BY_CUSTOMERS: Final = events_seen_by_customers()
_SHOP: Final = "shop"
"""Which of the shop's people or programs it was is not for the customer to read."""

ROUTES: Final = (
    Route(
        name="list_orders",
        method="GET",
        path="/v1/orders",
        tag="Orders",
        summary="List and search orders",
        description="Newest first. `next_cursor` of one page is `cursor` of the next.",
        handle=read_list,
        query=OrderListQuery,
        answers=(Answered(status=200, meaning="A page of orders", shape=OrderListAnswer),),
        refusals=(Invalid,),
    ),
    Route(
        name="read_timeline",
        method="GET",
        path="/v1/orders/{order}/timeline",
        tag="Orders",
        summary="Read what happened to an order",
        description=(
            "Every event, to those who work in the shop. A customer reads what was done for them and what became of "
            "it, in sentences: no `data`, and no event about holds or units that were not found. So `seq` has gaps."
        ),
        handle=read_timeline,
        answers=(Answered(status=200, meaning="The order's events", shape=TimelineAnswer),),
        refusals=(OrderNotFound,),
    ),
    Route(
        name="read_allowed_changes",
        method="GET",
        path="/v1/orders/{order}/allowed-changes",
        tag="Changes",
        summary="Ask what may still be changed",
        description=(
            "`until` is guaranteed: later is accepted as long as no hand was faster. What is not allowed says why, and "
            "what may be possible instead."
        ),
        handle=read_allowed_changes,
        answers=(
            Answered(status=200, meaning="Every change, allowed or not", shape=AllowedChangesAnswer, has_etag=True),
        ),
        refusals=(OrderNotFound,),
    ),
)
