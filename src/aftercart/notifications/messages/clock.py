"""The clock: until when an order can be changed, told honestly when nobody can know."""

from datetime import datetime
from typing import Final

from aftercart.inventory.model import Stage
from aftercart.notifications.messages.letter import Section
from aftercart.orders.model import ChangeKind, HoldReason, Order, Policy, Status
from aftercart.orders.rules.allowed_changes import allowed_changes
from aftercart.orders.rules.facts import Asker, Circumstances
from aftercart.orders.rules.readiness import has_waiting_units
from aftercart.sentences.voice import Voice

_COUNTED: Final = frozenset(
    {
        ChangeKind.CHANGE_DELIVERY_ADDRESS,
        ChangeKind.CHANGE_DELIVERY_METHOD,
        ChangeKind.CHANGE_PICKUP_POINT,
        ChangeKind.CHANGE_LINE_QUANTITY,
        ChangeKind.SWAP_VARIANT,
        ChangeKind.CANCEL_LINES,
        ChangeKind.CANCEL_ORDER,
    }
)
"""What makes an order one that can still be changed: another telephone number does not."""


def clock(order: Order, voice: Voice, *, now: datetime, policy: Policy) -> Section | None:
    """Returns what the reader may still change and until when; ``None`` once nothing of the order is wanted."""
    if order.status is Status.CANCELED:
        return None
    return Section(title=voice.say("clock"), sentences=(clock_sentence(order, voice, now=now, policy=policy),))


def clock_sentence(order: Order, voice: Voice, *, now: datetime, policy: Policy) -> str:
    """Returns until when the customer may change the order, in one sentence or two."""
    given = Circumstances(now=now, asker=Asker.CUSTOMER, policy=policy)
    allowed = [one for one in allowed_changes(order, given) if one.refusal is None and one.change in _COUNTED]
    if not allowed:
        return voice.say("clock_closed")
    if any(one.intercept for one in allowed):
        return voice.say("clock_preparing")
    until = min((change.until for change in allowed if change.until is not None), default=None)
    if until is not None:
        return voice.say("clock_until", moment=voice.moment(until)) if until > now else voice.say("clock_over")
    payment = next((hold for hold in order.holds if hold.reason is HoldReason.PAYMENT), None)
    if payment is not None and payment.expires_at is not None:
        return voice.say("clock_payment", moment=voice.moment(payment.expires_at))
    return voice.say("clock_held" if order.holds else _open(order))


def _open(order: Order) -> str:
    """Returns the phrase for an order that nothing holds and no day is set for: what waits comes before the rest."""
    stages = {entry.stage for entry in order.units}
    if Stage.BACKORDERED in stages:
        return "clock_backordered"
    if Stage.IN_PRODUCTION in stages:
        return "clock_in_production"
    return "clock_making" if has_waiting_units(order) else "clock_over"
