"""Saying that fewer units lie in a bin than are to be taken: who goes without is decided at once."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import msgspec

from aftercart.fulfillment.decisions.take_item import BinWish, needs_in
from aftercart.fulfillment.events import ForOrder, ShortReported
from aftercart.fulfillment.model import PickList, ShortReason
from aftercart.fulfillment.rules.list_state import require_started
from aftercart.fulfillment.rules.pick_work import Needed, Orders
from aftercart.kit.commands import Command
from aftercart.orders.model import QUANTITY_MAX, Code


class ReportShort(Command, frozen=True, kw_only=True):
    """Say that so many of the units that were reached are not there, or cannot be sent."""

    pick_list: UUID
    sku: Code
    short_reason: ShortReason
    quantity: Annotated[int, msgspec.Meta(ge=1, le=QUANTITY_MAX)] = 1
    bin: BinWish | None = None


def report_short(command: ReportShort, pick_list: PickList, *, orders: Orders) -> tuple[ShortReported, ...]:
    """Returns which orders go without, the latest promises first.

    Raises ``PickListNotStarted``, or ``NotToTake`` when not so many were to be taken.
    """
    require_started(pick_list)
    code, needs = needs_in(pick_list, orders, sku=command.sku, quantity=command.quantity, code=command.bin)
    left = command.quantity
    short: list[ForOrder] = []
    for pick, quantity in _latest_first(needs, orders):
        units = min(left, quantity)
        if units:
            left -= units
            short.append(ForOrder(order_id=pick.order_id, quantity=units))
    reported = ShortReported(
        location=pick_list.location,
        sku=command.sku,
        bin=code,
        quantity=command.quantity,
        short_reason=command.short_reason,
        orders=tuple(short),
    )
    return (reported,)


def _latest_first(needs: Sequence[Needed], orders: Orders) -> list[Needed]:
    def lateness(need: Needed) -> tuple[bool, int, float, UUID]:
        order = orders[need.pick.order_id]
        promised = order.delivery.promised_date
        return (
            promised is None,
            0 if promised is None else promised.toordinal(),
            order.placed_at.timestamp(),
            (order.order_id),
        )

    return sorted(needs, key=lateness, reverse=True)
