"""What every change leaves behind: prices, holds and the release time of the order as it is then."""

from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

import msgspec

from aftercart.inventory.model import Stage
from aftercart.kit.money import MINOR_UNITS_MAX
from aftercart.kit.refusal import Refusal
from aftercart.orders.events import HoldLifted, OrderEvent, OrderHeld, OrderPlaced, UnitsMissing
from aftercart.orders.evolve import AnyOrderEvent, evolve
from aftercart.orders.model import ChangeKind, Fee, Hold, HoldReason, Order, Payment, PromotionMode
from aftercart.orders.rules.allowed_changes import fee_for, rule_for
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.holds import missing_stock_hold, payment_hold
from aftercart.orders.rules.promotions import repriced_by
from aftercart.orders.rules.release_time import release_time

E = TypeVar("E", bound=AnyOrderEvent)
_NOBODY: Final = UUID(int=0)


class OrderTooExpensive(Refusal):
    """The total would be above the largest amount there is."""

    status = 422

    def __init__(self, *, total_minor: int) -> None:
        super().__init__(param="lines", total_minor=total_minor, total_minor_max=MINOR_UNITS_MAX)


class Aftermath(msgspec.Struct, frozen=True, kw_only=True):
    """What keeps the order waiting after a change."""

    holds: tuple[Hold, ...]
    release_at: datetime | None


def settle(
    order: Order,
    event: E,
    facts: Facts,
    *,
    change: ChangeKind | None = None,
    promotions: PromotionMode = PromotionMode.KEEP,
) -> E:
    """Returns the event with what it leaves behind: the change's fee, discounts, holds and release time.

    A payment hold stands exactly when the total is above what is authorized; a hold for missing stock begins when
    reserved units were not found and ends when none of the order's units waits for stock any more.
    """
    event = msgspec.structs.replace(event, fee=_fee(order, facts, change))
    after = evolve(order, event, order_id=order.order_id)
    repriced = repriced_by(after, promotions)
    if repriced:
        event = msgspec.structs.replace(event, repriced=event.repriced + repriced)
        after = evolve(order, event, order_id=order.order_id)
    aftermath = _aftermath(
        after,
        _holds_with(order.holds, event),
        facts,
        now=facts.now,
        went_missing=isinstance(event, UnitsMissing),
    )
    return msgspec.structs.replace(event, holds=aftermath.holds, release_at=aftermath.release_at)


def settle_first(event: OrderPlaced, facts: Facts) -> OrderPlaced:
    """Returns the first event of an order with what it leaves behind; the same as ``settle`` for all later ones."""
    placed = evolve(None, event, order_id=_NOBODY)
    aftermath = _aftermath(placed, (), facts, now=event.placed_at, went_missing=False)
    return msgspec.structs.replace(event, holds=aftermath.holds, release_at=aftermath.release_at)


def _fee(order: Order, facts: Facts, change: ChangeKind | None) -> Fee | None:
    if change is None:
        return None
    amount = fee_for(rule_for(facts.policy, change, channel=order.channel), facts.asker)
    return Fee(change=change.value, amount_minor=amount) if amount else None


def _holds_with(holds: tuple[Hold, ...], event: OrderEvent) -> tuple[Hold, ...]:
    match event:
        case OrderHeld():
            held = Hold(reason=event.hold, since=event.since, expires_at=event.expires_at, note=event.note)
            return *(hold for hold in holds if hold.reason is not event.hold), held
        case HoldLifted():
            return tuple(hold for hold in holds if hold.reason is not event.hold)
        case _:
            return holds


def _aftermath(after: Order, holds: tuple[Hold, ...], facts: Facts, *, now: datetime, went_missing: bool) -> Aftermath:
    stages = {entry.stage for entry in after.units}
    if stages == {Stage.CANCELED}:
        return Aftermath(holds=(), release_at=None)
    holds = _payment_hold(holds, after.total_minor, after.payment, now)
    had_missing = any(hold.reason is HoldReason.MISSING_STOCK for hold in holds)
    waits = Stage.BACKORDERED in stages and (had_missing or went_missing)
    holds = missing_stock_hold(holds, needed=waits, now=now)
    return Aftermath(holds=holds, release_at=release_time(after, holds, facts.locations, now))


def _payment_hold(holds: tuple[Hold, ...], total_minor: int, payment: Payment, now: datetime) -> tuple[Hold, ...]:
    if total_minor > MINOR_UNITS_MAX:
        raise OrderTooExpensive(total_minor=total_minor)
    return payment_hold(holds, total_minor=total_minor, authorized_minor=payment.authorized_minor, now=now)
