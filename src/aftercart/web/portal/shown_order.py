"""The order as its page shows it: every amount, day and stage in words."""

from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec

from aftercart.inventory.model import Stage
from aftercart.notifications.messages.clock import clock_sentence
from aftercart.notifications.messages.letter import Recap, Row
from aftercart.notifications.messages.recap import recap
from aftercart.orders.model import Order, OrderLine, Policy, Status, Units
from aftercart.orders.rules.consequences import consequences_of
from aftercart.orders.rules.totals import discount_of
from aftercart.orders.rules.unit_ledger import live_quantity
from aftercart.sentences import step_sentence
from aftercart.sentences.promises import day_in_words
from aftercart.sentences.voice import Voice
from aftercart.views.timeline import RecordedEvent
from aftercart.web.portal.possible import ChangeLink, Possible, possible_changes
from aftercart.web.portal.standing import Standing, expected, last_day, standing_of
from aftercart.web.portal.told import Told, told_events


class ShownLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line: what it is, what it costs, where its units are, and what may be changed of it."""

    name: str
    amount: str
    details: tuple[str, ...]
    stages: tuple[str, ...]
    is_canceled: bool
    changes: tuple[ChangeLink, ...]
    why_closed: str | None


class ShownOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Everything on the page. ``calculation`` is how the expected days came about."""

    number: str
    standing: Standing
    expected: str | None
    calculation: tuple[str, ...]
    clock: str | None
    lines: tuple[ShownLine, ...]
    recap: Recap
    facts: tuple[Row, ...]
    money: tuple[str, ...]
    possible: Possible
    timeline: tuple[Told, ...]


def shown_order(
    order: Order,
    voice: Voice,
    *,
    now: datetime,
    policy: Policy,
    events: tuple[RecordedEvent, ...],
    location_names: Mapping[str, str],
) -> ShownOrder:
    """Returns the order for the page of its customer."""
    possible = possible_changes(order, voice, now=now, policy=policy)
    promise, told = order.delivery.promise, recap(order, voice)
    return ShownOrder(
        number=order.number,
        standing=standing_of(order, voice),
        expected=expected(order, voice),
        calculation=()
        if promise is None or order.status is Status.CANCELED
        else tuple(step_sentence(step, voice.language, location_names) for step in promise.steps),
        clock=None if order.status is Status.CANCELED else clock_sentence(order, voice, now=now, policy=policy),
        lines=tuple(_line(order, line, possible, voice) for line in order.lines),
        recap=told,
        # The day stands at the top already, with how it was counted.
        facts=tuple(row for row in told.facts if row.label != voice.say("promised")),
        money=tuple(_money(order, voice)),
        possible=possible,
        timeline=told_events(order, events, voice),
    )


def _line(order: Order, line: OrderLine, possible: Possible, voice: Voice) -> ShownLine:
    quantity = live_quantity(order.units, line)
    amount = quantity * line.unit_price_minor - discount_of(line, quantity)
    return ShownLine(
        name=line.name,
        amount=voice.money(amount, order.currency) if quantity else "",
        details=tuple(_details(order, line, quantity, voice)),
        stages=tuple(_stages(order, line, voice)),
        is_canceled=not quantity,
        changes=possible.by_line.get(line.line, ()),
        why_closed=possible.why_by_line.get(line.line) if quantity else None,
    )


def _details(order: Order, line: OrderLine, quantity: int, voice: Voice) -> Iterator[str]:
    if quantity:
        price = voice.money(line.unit_price_minor, order.currency)
        yield voice.say("quantity_and_price", quantity=quantity, price=price)
    discount = discount_of(line, quantity)
    if discount:
        yield voice.say("discount_of_line", amount=voice.money(-discount, order.currency))
    if line.gift_message and quantity:
        yield voice.say("gift_message", message=" ".join(line.gift_message.split()))


def _stages(order: Order, line: OrderLine, voice: Voice) -> Iterator[str]:
    own = [entry for entry in order.units if entry.line == line.line]
    counts: dict[Stage, int] = {}
    for entry in own:
        counts[entry.stage] = counts.get(entry.stage, 0) + entry.quantity
    everything_alike = len(counts) == 1
    for stage in Stage:
        if stage in counts:
            words = _stage(order, line, stage, own, voice)
            yield words if everything_alike else voice.say("so_many", quantity=counts[stage], stage=words)


def _stage(order: Order, line: OrderLine, stage: Stage, own: list[Units], voice: Voice) -> str:
    if stage is Stage.RESERVED and line.made_to_order:
        return voice.say("stage_to_be_made")
    if stage is Stage.BACKORDERED:
        places = {(entry.sku, entry.location) for entry in own if entry.stage is stage}
        day = last_day(one for one in order.awaited if (one.sku, one.location) in places)
        if day is not None:
            return voice.say("stage_backordered_until", day=day_in_words(day, voice.language))
    return voice.say(f"stage_{stage.value}")


def _money(order: Order, voice: Voice) -> Iterator[str]:
    """Yields what is missing of the payment, or will not be charged of it."""
    settlement = consequences_of(None, order).settlement
    authorized = voice.money(settlement.authorized_minor, order.currency)
    if order.status is Status.CANCELED:
        yield (
            voice.say("not_charged", authorized=authorized)
            if settlement.authorized_minor
            else voice.say("nothing_paid")
        )
    elif settlement.due_minor:
        yield voice.say("due_now", due=voice.money(settlement.due_minor, order.currency), authorized=authorized)
    elif settlement.freed_minor:
        yield voice.say("freed", authorized=authorized, freed=voice.money(settlement.freed_minor, order.currency))
    else:
        yield voice.say("authorized", authorized=authorized)
