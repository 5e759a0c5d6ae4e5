"""The feed of events, for other systems that follow the shop."""

from typing import Annotated, Final

import msgspec

from aftercart.kit.paging import LIMIT_DEFAULT
from aftercart.kit.refusal import Invalid
from aftercart.permissions import authorize_read
from aftercart.views.event_feed import FeedEvent, read_feed
from aftercart.web.api.call import Call
from aftercart.web.api.order_commands import encode
from aftercart.web.api.reply import Reply
from aftercart.web.api.route import Answered, Route

EVENTS_MAX: Final = 1_000


class EventsQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``after`` is the ``next_after`` of the last answer, 0 to begin with."""

    after: Annotated[int, msgspec.Meta(ge=0, le=2**62)] = 0
    limit: Annotated[int, msgspec.Meta(ge=1, le=EVENTS_MAX)] = LIMIT_DEFAULT


class EventsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The next events of the feed. Nothing ever appears at or before ``next_after`` later."""

    items: tuple[FeedEvent, ...]
    next_after: int


async def read(call: Call) -> Reply:
    """Reads the next events of the feed."""
    query = call.query(EventsQuery)
    authorize_read(call.actor, "events")
    items = await read_feed(call.shop.database, after=query.after, limit=query.limit)
    return Reply(200, encode(EventsAnswer(items=items, next_after=items[-1].offset if items else query.after)))


ROUTES: Final = (
    Route(
        name="read_events",
        method="GET",
        path="/v1/events",
        tag="Events",
        summary="Follow what happens",
        description="Keep `next_after` together with what you made of the events, and nothing is missed or seen twice.",
        handle=read,
        query=EventsQuery,
        answers=(Answered(status=200, meaning="The next events", shape=EventsAnswer),),
        refusals=(Invalid,),
    ),
)
