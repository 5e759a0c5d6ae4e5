"""Who may change what, until when: the one rule behind the buttons, the API's answer and the commit itself."""

import enum
from collections.abc import Iterator
from datetime import datetime
from typing import Final

import msgspec

from aftercart.inventory.model import Stage
from aftercart.kit.refusal import Refusal
from aftercart.orders.model import Order, Status, Units


class ChangeKind(enum.Enum):
    """The changes an order knows; each is a command, a route and a button of the same name."""

    CHANGE_DELIVERY_ADDRESS = "change_delivery_address"  # the goods go elsewhere
    CHANGE_LINE_QUANTITY = "change_line_quantity"  # more or fewer of a line
    CANCEL_LINES = "cancel_lines"  # some lines are not wanted
    CANCEL_ORDER = "cancel_order"  # nothing is wanted


FREE_STAGES: Final = (Stage.BACKORDERED, Stage.RESERVED, Stage.RELEASED)
"""The stages from which units are taken back at no cost, in the order in which they are taken."""


class OrderAlreadyCanceled(Refusal):
    """Nothing of this order is wanted any more, so there is nothing to change."""

    def __init__(self, *, number: str) -> None:
        super().__init__(number=number)


class LineAlreadyCanceled(Refusal):
    """No unit of this line is wanted any more."""

    def __init__(self, *, number: str, line: int) -> None:
        super().__init__(param="line", number=number, line=line)


class UnitsAlreadyTouched(Refusal):
    """A hand touched the goods (``stage``) before this change came."""

    def __init__(self, *, number: str, line: int, stage: str) -> None:
        super().__init__(number=number, line=line, stage=stage)


class GoesToPickupPoint(Refusal):
    """The order is collected at a pickup point, so it has no delivery address to change."""

    def __init__(self, *, number: str) -> None:
        super().__init__(param="address", number=number)


class AllowedChange(msgspec.Struct, frozen=True, kw_only=True):
    """One change for the whole order, or for one ``line``: possible until at least ``until``, or refused because of.

    ``until`` is guaranteed; later is accepted as long as no hand was faster.
    """

    change: ChangeKind
    line: int | None
    refusal: Refusal | None
    until: datetime | None


def allowed_changes(order: Order) -> Iterator[AllowedChange]:
    """Yields every change for every line and for the order, each with its until or its refusal."""
    yield _change(order, ChangeKind.CHANGE_DELIVERY_ADDRESS, None, why_not_address(order))
    for line in order.lines:
        refusal = why_not_line(order, line.line)
        yield _change(order, ChangeKind.CHANGE_LINE_QUANTITY, line.line, refusal)
        yield _change(order, ChangeKind.CANCEL_LINES, line.line, refusal)
    yield _change(order, ChangeKind.CANCEL_ORDER, None, why_not_cancel(order))


def why_not_address(order: Order) -> Refusal | None:
    """Returns what stands against another delivery address, if anything does."""
    if order.status is Status.CANCELED:
        return OrderAlreadyCanceled(number=order.number)
    if order.delivery.address is None:
        return GoesToPickupPoint(number=order.number)
    return _touched(order, order.units)


def why_not_line(order: Order, line: int) -> Refusal | None:
    """Returns what stands against another quantity of a line, or none of it, if anything does."""
    if order.status is Status.CANCELED:
        return OrderAlreadyCanceled(number=order.number)
    units = tuple(entry for entry in order.units if entry.line == line)
    if all(entry.stage is Stage.CANCELED for entry in units):
        return LineAlreadyCanceled(number=order.number, line=line)
    return None if any(entry.stage in FREE_STAGES for entry in units) else _touched(order, units)


def why_not_cancel(order: Order) -> Refusal | None:
    """Returns what stands against canceling the whole order, if anything does."""
    if order.status is Status.CANCELED:
        return OrderAlreadyCanceled(number=order.number)
    return _touched(order, order.units)


def _touched(order: Order, units: tuple[Units, ...]) -> Refusal | None:
    for entry in units:
        if entry.stage not in FREE_STAGES and entry.stage is not Stage.CANCELED:
            return UnitsAlreadyTouched(number=order.number, line=entry.line, stage=entry.stage.value)
    return None


def _change(order: Order, change: ChangeKind, line: int | None, refusal: Refusal | None) -> AllowedChange:
    return AllowedChange(change=change, line=line, refusal=refusal, until=order.release_at if refusal is None else None)
