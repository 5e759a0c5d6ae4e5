"""What is different between an order before and after: found by comparing the two, whatever events led there."""

from collections.abc import Callable, Iterator

from aftercart.notifications.messages.letter import Difference
from aftercart.notifications.messages.recap import (
    delivery_name,
    expected_day,
    in_one_line,
    payment_name,
    place_name,
)
from aftercart.orders.model import Order, OrderLine
from aftercart.orders.rules.consequences import intercepted_by
from aftercart.orders.rules.totals import totals_of
from aftercart.orders.rules.unit_ledger import live_quantity
from aftercart.sentences.voice import Voice

Told = Callable[[Order, Voice], str | None]
"""Returns one thing about an order in words, ``None`` when there is none of it."""


def differences(before: Order, after: Order, voice: Voice) -> tuple[Difference, ...]:
    """Returns everything of interest to the customer that is different now; the new total comes last."""
    return (*_of_lines(before, after, voice), *_of_order(before, after, voice))


def taken_out_of_hand(before: Order | None, after: Order, voice: Voice) -> tuple[str, ...]:
    """Returns the sentence on what is pulled out of a hand or a parcel since ``before``; none when nothing is."""
    lines = [one.line for one in intercepted_by(before, after)]
    if not lines:
        return ()
    return (voice.say("intercepted", names=", ".join(after.lines[line - 1].name for line in lines)),)


def _of_lines(before: Order, after: Order, voice: Voice) -> Iterator[Difference]:
    known = {line.line: line for line in before.lines}
    for line in after.lines:
        was = known.get(line.line)
        quantities = (live_quantity(before.units, line), live_quantity(after.units, line))
        if quantities[0] != quantities[1]:
            yield Difference(
                what=voice.say("quantity_of", name=line.name),
                before=str(quantities[0]),
                after=str(quantities[1]) if quantities[1] else voice.say("removed"),
            )
        if was is not None and was.gift_message != line.gift_message:
            yield _gift_message(was, line, voice)


def _gift_message(before: OrderLine, after: OrderLine, voice: Voice) -> Difference:
    return Difference(
        what=voice.say("gift_message_of", name=after.name),
        before=before.gift_message or voice.say("nothing"),
        after=after.gift_message or voice.say("nothing"),
    )


def _of_order(before: Order, after: Order, voice: Voice) -> Iterator[Difference]:
    for what, told in _TOLD.items():
        was, now = told(before, voice), told(after, voice)
        if was != now:
            none = voice.say("nothing")
            yield Difference(
                what=voice.say(what), before=none if was is None else was, after=none if now is None else now
            )


def _address(order: Order, voice: Voice) -> str | None:
    return None if order.delivery.address is None else in_one_line(order.delivery.address, voice)


def _fees(order: Order, voice: Voice) -> str | None:
    fees = totals_of(order).fees_minor
    return voice.money(fees, order.currency) if fees else None


_TOLD: dict[str, Told] = {
    "name": lambda order, _: order.customer.name,
    "email": lambda order, _: order.customer.email,
    "phone": lambda order, _: order.customer.phone,
    "delivery_method": delivery_name,
    "delivery_address": _address,
    "pickup_point": place_name,
    "slot": lambda order, voice: None if order.delivery.slot_at is None else voice.moment(order.delivery.slot_at),
    "gift_message_of_order": lambda order, _: order.gift_message,
    "promised": expected_day,
    "payment": payment_name,
    "delivery_price": lambda order, voice: voice.money(order.delivery.price_minor, order.currency),
    "fees": _fees,
    "new_total": lambda order, voice: voice.money(order.total_minor, order.currency),
}
