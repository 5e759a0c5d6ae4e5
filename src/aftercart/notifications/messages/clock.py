"""The clock: until when an order can be changed, told honestly when nobody can know."""

from datetime import datetime

from aftercart.notifications.messages.letter import Section
from aftercart.orders.model import HoldReason, Order, Status
from aftercart.orders.rules.allowed_changes import allowed_changes
from aftercart.sentences.voice import Voice


def clock(order: Order, voice: Voice, *, now: datetime) -> Section | None:
    """Returns what the reader may still change and until when; ``None`` once nothing of the order is wanted."""
    if order.status is Status.CANCELED:
        return None
    return Section(title=voice.say("clock"), sentences=(_sentence(order, voice, now=now),))


def _sentence(order: Order, voice: Voice, *, now: datetime) -> str:
    allowed = [change for change in allowed_changes(order) if change.refusal is None]
    if not allowed:
        return voice.say("clock_closed")
    until = min((change.until for change in allowed if change.until is not None), default=None)
    if until is not None:
        return voice.say("clock_until", moment=voice.moment(until)) if until > now else voice.say("clock_over")
    payment = next((hold for hold in order.holds if hold.reason is HoldReason.PAYMENT), None)
    if payment is not None and payment.expires_at is not None:
        return voice.say("clock_payment", moment=voice.moment(payment.expires_at))
    return voice.say("clock_backordered" if order.status is Status.BACKORDERED else "clock_held")
