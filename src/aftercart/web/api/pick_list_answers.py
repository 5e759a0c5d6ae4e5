"""Pick lists as the API tells them, and how they are named in a path."""

from datetime import datetime
from uuid import UUID

import msgspec

from aftercart.fulfillment.model import NO_BIN, PickListStatus
from aftercart.fulfillment.rules.floor_refusals import PickListNotFound
from aftercart.fulfillment.rules.pick_work import StopWork, is_workable
from aftercart.orders.model import Order
from aftercart.picking import ListAtWork, load_list
from aftercart.web.api.call import Call
from aftercart.web.api.order_commands import REPLAYED, encode
from aftercart.web.api.reply import Reply


class ToteAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The box of one order. Of what was fetched for it ``taken`` units lie in it; an order ``on_hold`` is passed by."""

    tote: int
    order: UUID
    number: str
    on_hold: bool
    taken: int


class ToteWorkAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What goes from a stop into a tote: ``to_reach`` at the scan of its bin, ``to_take`` of what was reached."""

    tote: int
    order: UUID
    to_reach: int
    to_take: int


class StopAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A stop at which something is to be done; ``bin`` is ``null`` for what lies in none."""

    bin: str | None
    sku: str
    name: str
    to_reach: int
    to_take: int
    totes: list[ToteWorkAnswer]


class PickListAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A pick list as it is now: the stops that are left, in walking order, read from the units of its orders."""

    id: UUID
    location: str
    wave: str | None
    status: PickListStatus
    picker: str | None
    version: int
    meters: float
    totes: list[ToteAnswer]
    stops: list[StopAnswer]
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


def list_in_path(call: Call) -> UUID:
    """Returns the id of the pick list that the path names; raises ``PickListNotFound``."""
    try:
        return UUID(call.request.path_params["pick_list"])
    except ValueError as error:
        raise PickListNotFound from error


async def reply_with_list(call: Call, pick_list_id: UUID, *, status: int = 200, replayed: bool = False) -> Reply:
    """Returns a pick list as it is now; raises ``PickListNotFound``."""
    answer = pick_list_answer(await load_list(call.shop, pick_list_id))
    return Reply(status, encode(answer), headers=(REPLAYED,) if replayed else ())


def pick_list_answer(at_work: ListAtWork) -> PickListAnswer:
    """Returns a pick list with what is to be done."""
    pick_list = at_work.pick_list
    totes = [
        ToteAnswer(
            tote=tote.tote,
            order=tote.order_id,
            number=order.number,
            on_hold=not is_workable(order),
            taken=sum(pick.taken for pick in pick_list.picks if pick.order_id == tote.order_id),
        )
        for tote in pick_list.totes
        if (order := at_work.orders.get(tote.order_id)) is not None
    ]
    return PickListAnswer(
        id=pick_list.pick_list,
        location=pick_list.location,
        wave=pick_list.wave,
        status=pick_list.status,
        picker=pick_list.picker,
        version=pick_list.version,
        meters=pick_list.meters,
        totes=totes,
        stops=[_stop(stop, at_work) for stop in at_work.work],
        created_at=pick_list.created_at,
        started_at=pick_list.started_at,
        ended_at=pick_list.ended_at,
    )


def _stop(stop: StopWork, at_work: ListAtWork) -> StopAnswer:
    return StopAnswer(
        bin=None if stop.bin == NO_BIN else stop.bin,
        sku=stop.sku,
        name=_name_of(stop.sku, at_work.orders[stop.totes[0].order_id]),
        to_reach=stop.to_reach,
        to_take=stop.to_take,
        totes=[
            ToteWorkAnswer(tote=one.tote, order=one.order_id, to_reach=one.to_reach, to_take=one.to_take)
            for one in stop.totes
        ],
    )


def _name_of(sku: str, order: Order) -> str:
    lines = {entry.line for entry in order.units if entry.sku == sku}
    return next(line.name for line in order.lines if line.line in lines)
