"""What every change leaves behind: prices, holds and the release time of the order as it is then."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

import msgspec

from aftercart.inventory.model import Stage
from aftercart.kit.money import MINOR_UNITS_MAX
from aftercart.kit.refusal import Refusal
from aftercart.orders.events import HoldLifted, MissingUnits, OrderEvent, OrderHeld, OrderPlaced
from aftercart.orders.evolve import AnyOrderEvent, evolve
from aftercart.orders.model import Awaited, ChangeKind, Delivery, Fee, Hold, HoldReason, Order, Payment, PromotionMode
from aftercart.orders.rules.bookings import booked_anew
from aftercart.orders.rules.change_rules import fee_for, rule_for
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.holds import missing_stock_hold, payment_hold
from aftercart.orders.rules.outlook import is_over, outlook_of, over
from aftercart.orders.rules.promotions import repriced_by
from aftercart.shipping.rules.promise import SlotNotReachable

E = TypeVar("E", bound=AnyOrderEvent)
_NOBODY: Final = UUID(int=0)


class OrderTooExpensive(Refusal):
    """The total would be above the largest amount there is."""

    status = 422

    def __init__(self, *, total_minor: int) -> None:
        super().__init__(param="lines", total_minor=total_minor, total_minor_max=MINOR_UNITS_MAX)


def settle(
    order: Order,
    event: E,
    facts: Facts,
    *,
    change: ChangeKind | None = None,
    along: Iterable[ChangeKind] = (),
    promotions: PromotionMode = PromotionMode.KEEP,
    news: Iterable[Awaited] = (),
) -> E:
    """Returns the event with what it leaves behind: the change's fee, discounts, holds, and the outlook.

    The fees of the changes that it brings ``along`` are due with its own.
    A payment hold stands exactly when the total is above what is authorized; a hold for missing stock begins when
    reserved units were not found and ends when none of the order's units waits for stock any more. ``news`` is what is
    awaited from now on where that has changed. Raises ``SlotNotReachable`` for a ``change`` with which the agreed slot
    could not be kept.
    """
    event = msgspec.structs.replace(event, fee=_fee(order, facts, change, along))
    after = evolve(order, event, order_id=order.order_id)
    repriced = repriced_by(after, promotions)
    if repriced:
        event = msgspec.structs.replace(event, repriced=event.repriced + repriced)
        after = evolve(order, event, order_id=order.order_id)
    holds = _holds(after, _holds_with(order.holds, event), facts.now, went_missing=isinstance(event, MissingUnits))
    outlook = over(after) if is_over(after) else outlook_of(order, after, holds, facts, now=facts.now, news=news)
    if change is not None:
        _require_slot_kept(order, outlook.delivery)
    return msgspec.structs.replace(
        event,
        holds=holds,
        release_at=outlook.release_at,
        delivery=None if outlook.delivery == order.delivery else outlook.delivery,
        awaited=None if outlook.awaited == order.awaited else outlook.awaited,
        bookings=booked_anew(order.bookings, outlook.bookings),
    )


def settle_first(event: OrderPlaced, facts: Facts) -> OrderPlaced:
    """Returns the first event of an order with what it leaves behind; the same as ``settle`` for all later ones."""
    placed = evolve(None, event, order_id=_NOBODY)
    holds = _holds(placed, (), event.placed_at, went_missing=False)
    outlook = outlook_of(None, placed, holds, facts, now=event.placed_at)
    return msgspec.structs.replace(
        event,
        holds=holds,
        release_at=outlook.release_at,
        delivery=outlook.delivery,
        awaited=outlook.awaited,
        bookings=outlook.bookings,
    )


def _fee(order: Order, facts: Facts, change: ChangeKind | None, along: Iterable[ChangeKind]) -> Fee | None:
    if change is None:
        return None
    rules = (rule_for(facts.policy, one, channel=order.channel) for one in (change, *along))
    amount = sum(fee_for(rule, facts.asker) for rule in rules)
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


def _holds(after: Order, holds: tuple[Hold, ...], now: datetime, *, went_missing: bool) -> tuple[Hold, ...]:
    if is_over(after):
        return ()
    holds = _payment_hold(holds, after.total_minor, after.payment, now)
    had_missing = any(hold.reason is HoldReason.MISSING_STOCK for hold in holds)
    waits = any(entry.stage is Stage.BACKORDERED for entry in after.units)
    return missing_stock_hold(holds, needed=waits and (had_missing or went_missing), now=now)


def _require_slot_kept(order: Order, delivery: Delivery) -> None:
    kept = order.delivery.promise
    if delivery.slot_at is not None and delivery.promise is None and kept is not None:
        raise SlotNotReachable(
            method=delivery.method, names=delivery.names, slot_at=delivery.slot_at, earliest_date=kept.date
        )


def _payment_hold(holds: tuple[Hold, ...], total_minor: int, payment: Payment, now: datetime) -> tuple[Hold, ...]:
    if total_minor > MINOR_UNITS_MAX:
        raise OrderTooExpensive(total_minor=total_minor)
    return payment_hold(holds, total_minor=total_minor, authorized_minor=payment.authorized_minor, now=now)
