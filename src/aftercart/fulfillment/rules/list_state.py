"""What work on a pick list must satisfy, and what such a command names."""

from collections.abc import Iterable
from uuid import UUID

from aftercart.fulfillment.events import LeftBehind
from aftercart.fulfillment.model import Pick, PickList, PickListStatus
from aftercart.fulfillment.rules.floor_refusals import NotOnPickList, PickListNotStarted
from aftercart.kit.commands import Command
from aftercart.orders.model import Order


class ListWork(Command, frozen=True, kw_only=True):
    """The part all work on one order has that somebody does who walks with a pick list."""

    order_id: UUID
    location: str
    pick_list: UUID
    bin: str


def require_started(pick_list: PickList) -> None:
    """Raises ``PickListNotStarted`` for a list nobody walks with."""
    if pick_list.status is not PickListStatus.STARTED:
        raise PickListNotStarted(list_status=pick_list.status.value)


def require_on_list(order: Order, pick_list: PickList) -> None:
    """Raises ``NotOnPickList`` for an order without a tote on the list."""
    if all(tote.order_id != order.order_id for tote in pick_list.totes):
        raise NotOnPickList(number=order.number)


def picks_of(pick_list: PickList, order_id: UUID, code: str) -> tuple[Pick, ...]:
    """Returns what was reached for an order in a bin."""
    return tuple(pick for pick in pick_list.picks if pick.order_id == order_id and pick.bin == code)


def left_behind(pick_list: PickList) -> tuple[LeftBehind, ...]:
    """Returns where units still lie that were reached."""
    return _once((pick.order_id, pick.bin) for pick in pick_list.picks if pick.waiting)


def _once(places: Iterable[tuple[UUID, str]]) -> tuple[LeftBehind, ...]:
    return tuple(LeftBehind(order_id=order_id, bin=code) for order_id, code in dict.fromkeys(places))
