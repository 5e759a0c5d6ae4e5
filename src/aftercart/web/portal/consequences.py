"""What a change would mean, in words: what is different, the money, and the day."""

from collections.abc import Iterator

import msgspec

from aftercart.notifications.messages.differences import differences, taken_out_of_hand
from aftercart.notifications.messages.letter import Difference, Recap
from aftercart.notifications.messages.recap import recap
from aftercart.orders.model import ChangeKind, Order, Status
from aftercart.orders.rules.consequences import consequences_of
from aftercart.orders.rules.totals import totals_of
from aftercart.sentences.voice import Voice
from aftercart.web.portal.standing import expected


class Meaning(msgspec.Struct, frozen=True, kw_only=True):
    """What a change means; a new order has a ``recap`` instead of ``differences``."""

    differences: tuple[Difference, ...]
    sentences: tuple[str, ...]
    recap: Recap | None = None


def meaning_of(before: Order, after: Order, voice: Voice, *, change: ChangeKind) -> Meaning:
    """Returns what it means that ``before`` becomes ``after``; what differs in nothing that is listed is explained."""
    different = differences(before, after, voice)
    about = () if different else (voice.say(f"about_{change.value}"),)
    return Meaning(
        differences=different,
        sentences=(*about, *taken_out_of_hand(before, after, voice), *_sentences(before, after, voice)),
    )


def meaning_of_new(order: Order, voice: Voice) -> Meaning:
    """Returns what it means that an order is placed."""
    due = voice.money(consequences_of(None, order).settlement.due_minor, order.currency)
    return Meaning(
        differences=(),
        sentences=(voice.say("preview_to_pay", due=due),),
        recap=recap(order, voice),
    )


def _sentences(before: Order, after: Order, voice: Voice) -> Iterator[str]:
    currency = after.currency
    if after.status is Status.CANCELED:
        authorized = after.payment.authorized_minor
        if authorized:
            yield voice.say("preview_nothing_charged", authorized=voice.money(authorized, currency))
        else:
            yield voice.say("nothing_paid")
        return
    fee = totals_of(after).fees_minor - totals_of(before).fees_minor
    if fee > 0:
        yield voice.say("preview_fee", amount=voice.money(fee, currency))
    yield from _money(before, after, voice)
    day, previous = expected(after, voice), expected(before, voice)
    if day is None and previous is not None:
        yield voice.say("preview_no_day")
    if day is not None and day == previous:
        yield voice.say("preview_same_day", day=day)


def _money(before: Order, after: Order, voice: Voice) -> Iterator[str]:
    was, now = consequences_of(None, before).settlement, consequences_of(None, after).settlement
    if now.due_minor > was.due_minor:
        yield voice.say("preview_due", due=voice.money(now.due_minor - was.due_minor, after.currency))
    elif after.total_minor < before.total_minor:
        yield voice.say("preview_freed", freed=voice.money(before.total_minor - after.total_minor, after.currency))
    elif after.total_minor == before.total_minor:
        yield voice.say("preview_same_price")
