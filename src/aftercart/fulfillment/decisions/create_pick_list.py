"""Putting orders together that are walked together."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from aftercart.fulfillment.events import PickListCreated
from aftercart.fulfillment.model import LIST_ORDERS_MAX, Stop, Tote
from aftercart.fulfillment.rules.floor_refusals import NoWorkToAssign
from aftercart.kit.commands import Command


class CreatePickList(Command, frozen=True, kw_only=True):
    """Put these orders at a location on a pick list of ``wave``, each with a tote; stops are in walking order."""

    location: str
    orders: Annotated[tuple[UUID, ...], msgspec.Meta(min_length=1, max_length=LIST_ORDERS_MAX)]
    stops: tuple[Stop, ...]
    meters: float
    wave: str | None = None


def create_pick_list(
    command: CreatePickList, *, is_free: Callable[[UUID], bool], now: datetime
) -> tuple[PickListCreated, ...]:
    """Returns the list with those orders whose work is on no other one; raises ``NoWorkToAssign`` when none is left.

    Orders are only named here: what is to be fetched for them is read when somebody walks.
    """
    free = tuple(order_id for order_id in dict.fromkeys(command.orders) if is_free(order_id))
    if not free:
        raise NoWorkToAssign(location=command.location)
    created = PickListCreated(
        location=command.location,
        wave=command.wave,
        totes=tuple(Tote(tote=number, order_id=order_id) for number, order_id in enumerate(free, start=1)),
        stops=command.stops,
        meters=command.meters,
        created_at=now,
    )
    return (created,)
