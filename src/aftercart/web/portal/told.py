"""What happened to an order, as its customer is told it: lines by their names, days as people say them."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

import msgspec

from aftercart.inventory.model import Stage
from aftercart.notifications.audience import events_seen_by_customers
from aftercart.orders.model import Order
from aftercart.sentences import event_sentence
from aftercart.sentences.promises import day_in_words
from aftercart.sentences.voice import Voice
from aftercart.views.timeline import RecordedEvent

Names = Mapping[int, str]
Event = Mapping[str, Any]


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the timeline."""

    at: datetime
    moment: str
    sentence: str


def told_events(order: Order, events: Iterable[RecordedEvent], voice: Voice) -> tuple[Told, ...]:
    """Returns what concerns the customer, the newest first."""
    names = {line.line: line.name for line in order.lines}
    told = [
        Told(at=event.at, moment=voice.moment(event.at), sentence=_sentence(event, names, voice))
        for event in events
        if event.type in TOLD
    ]
    return tuple(reversed(told))


def _sentence(recorded: RecordedEvent, names: Names, voice: Voice) -> str:
    event: Event = msgspec.json.decode(recorded.data, type=dict[str, Any])
    tell = _TELLING.get(recorded.type)
    told = event_sentence(recorded.type, event, voice.language) if tell is None else tell(event, names, voice)
    in_hand = any(move["target"] == Stage.INTERCEPTED.value for move in event.get("moves", ()))
    return " ".join((told, voice.say("told_intercepted"))) if in_hand else told


def _quantity(event: Event, names: Names, voice: Voice) -> str:
    return voice.say(
        "told_quantity", name=names[event["line"]], before=event["previous_quantity"], after=event["quantity"]
    )


def _swapped(event: Event, names: Names, voice: Voice) -> str:
    return voice.say(
        "told_swapped", quantity=event["quantity"], before=names[event["line"]], after=event["new_line"]["name"]
    )


def _added(event: Event, _names: Names, voice: Voice) -> str:
    return voice.say("told_added", quantity=event["line"]["ordered"], name=event["line"]["name"])


def _taken_out(event: Event, names: Names, voice: Voice) -> str:
    listed = ", ".join(f"{one['quantity']} × {names[one['line']]}" for one in event["lines"])
    return voice.say("told_taken_out", named=listed)


def _promise(event: Event, _names: Names, voice: Voice) -> str:
    if event["promised_date"] is None:
        return voice.say("told_undated")
    return voice.say("told_promise", day=day_in_words(date.fromisoformat(event["promised_date"]), voice.language))


def _payment(event: Event, _names: Names, voice: Voice) -> str:
    return voice.say("told_payment", method=voice.find(f"payment_{event['method']}") or event["method"])


def _making(event: Event, names: Names, voice: Voice) -> str:
    return voice.say("told_making", name=names[event["line"]])


def _made(event: Event, names: Names, voice: Voice) -> str:
    return voice.say("told_made", name=names[event["line"]])


def _plain(phrase: str) -> Callable[[Event, Names, Voice], str]:
    return lambda _event, _names, voice: voice.say(phrase)


_TELLING: Final[dict[str, Callable[[Event, Names, Voice], str]]] = {
    "OrderPlaced": _plain("told_placed"),
    "LineQuantityChanged": _quantity,
    "VariantSwapped": _swapped,
    "LineAdded": _added,
    "LinesCanceled": _taken_out,
    "OrderCanceled": _plain("told_canceled"),
    "PromiseMoved": _promise,
    "BackorderReserved": _plain("told_arrived"),
    "PaymentMethodChanged": _payment,
    "OrderReleased": _plain("told_released"),
    "ProductionStarted": _making,
    "ProductionFinished": _made,
}
TOLD: Final = events_seen_by_customers()
