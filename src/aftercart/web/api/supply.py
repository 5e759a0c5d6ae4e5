"""What is to come: the lines of purchase orders."""

from datetime import date
from typing import Annotated, Final

import msgspec

from aftercart.inventory.model import SupplyLine
from aftercart.kit.paging import LIMIT_MAX, checked_limit, decode_cursor
from aftercart.kit.refusal import Invalid
from aftercart.permissions import authorize_read
from aftercart.views.supply import Cursor, SupplyFilter, find_supply
from aftercart.web.api.call import Call
from aftercart.web.api.order_commands import encode
from aftercart.web.api.reply import Reply
from aftercart.web.api.route import Answered, Route

_Code = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class SupplyQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which lines: of a SKU, a location, a purchase order; with ``outstanding`` only those that are still to come."""

    sku: _Code | None = None
    location: _Code | None = None
    reference: Annotated[str, msgspec.Meta(min_length=1, max_length=100)] | None = None
    outstanding: bool = False
    cursor: Annotated[str, msgspec.Meta(max_length=1_000)] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=LIMIT_MAX)] | None = None


class SupplyLineAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One SKU of a purchase order. Of ``ordered`` units ``received`` came and ``outstanding`` are still to come.

    ``closed`` says that a receipt was the last one, whatever is missing.
    """

    sku: str
    location: str
    reference: str
    supplier: str | None
    expected_date: date
    ordered: int
    received: int
    outstanding: int
    closed: bool
    version: int


class SupplyAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of lines, the earliest first; ``next_cursor`` asks for the next page, the last page has none."""

    items: list[SupplyLineAnswer]
    next_cursor: str | None


async def read(call: Call) -> Reply:
    """Reads a page of what is to come."""
    query = call.query(SupplyQuery)
    authorize_read(call.actor, "supply")
    wanted = SupplyFilter(
        sku=query.sku, location=query.location, reference=query.reference, outstanding=query.outstanding
    )
    cursor = None if query.cursor is None else decode_cursor(query.cursor, Cursor)
    page = await find_supply(call.shop.database, wanted, cursor=cursor, limit=checked_limit(query.limit))
    answer = SupplyAnswer(items=[_answer(line) for line in page.items], next_cursor=page.next_cursor)
    return Reply(200, encode(answer))


def _answer(line: SupplyLine) -> SupplyLineAnswer:
    return SupplyLineAnswer(
        sku=line.sku,
        location=line.location,
        reference=line.reference,
        supplier=line.supplier,
        expected_date=line.expected_date,
        ordered=line.ordered,
        received=line.received,
        outstanding=line.outstanding,
        closed=line.closed,
        version=line.version,
    )


ROUTES: Final = (
    Route(
        name="read_supply",
        method="GET",
        path="/v1/supply",
        tag="Stock",
        summary="Read what is to come",
        description="The earliest first. `next_cursor` of one page is `cursor` of the next.",
        handle=read,
        query=SupplyQuery,
        answers=(Answered(status=200, meaning="A page of lines", shape=SupplyAnswer),),
        refusals=(Invalid,),
    ),
)
