"""Orders worth writing about: paid, waiting, changed, canceled, late."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from tests.scenario import NOW, line, order

from aftercart.notifications.messages.compose import Happened, Occasion, compose
from aftercart.notifications.messages.kinds import MessageKind
from aftercart.notifications.messages.letter import Letter
from aftercart.orders.model import Order, Payment
from aftercart.sentences.voice import voice_for

PARIS: Final = ZoneInfo("Europe/Paris")
LINK: Final = "https://shop.example/o/DKir2tb9Ysd8SEUL8_NfVlN3PqteTrvuiYXE03eGIDo"
PAID_MINOR: Final = 12_380
HOME: Final = {
    "name": "Camille Roussel",
    "line1": "18 rue des Glycines",
    "line2": None,
    "postcode": "69003",
    "city": "Lyon",
    "country": "FR",
}
LILLE: Final = {**HOME, "line1": "4 impasse du Colombier", "postcode": "59800", "city": "Lille"}
SHOES: Final = line(1, "QUAI", 1, name="Baskets Quai, noir", unit_price_minor=7_390)
HATS: Final = line(
    2,
    "GIVRE",
    2,
    name="Bonnet Givre",
    unit_price_minor=2_500,
    discount_minor=500,
    tax_rate_bps=550,
    gift_message="Pour toi",
)


def placed(*ledger: str, delivery: Mapping[str, Any] | None = None, **changes: Any) -> Order:
    """Returns Camille's order of shoes and two hats in these stages; all reserved without ``ledger``."""
    agreed = {
        "method": "colissimo-home",
        "address": HOME,
        "pickup_point": None,
        "price_minor": 490,
        "promised_date": date(2026, 3, 5),
        **(delivery or {}),
    }
    described: dict[str, Any] = {
        "number": "K41VT-MWZW8",
        "customer": {"email": "camille@example.com", "name": "Camille Roussel", "phone": None, "locale": "fr"},
        "payment": {"method": "card", "authorized_minor": PAID_MINOR},
        "delivery": {"given_date": agreed["promised_date"], **agreed},
    }
    stages = ledger or ("1 QUAI W1 reserved 1", "2 GIVRE W1 reserved 2")
    return order(*stages, lines=(SHOES, HATS), **(described | changes))


PAID: Final = placed()
WAITING: Final = placed("1 QUAI W1 reserved 1", "2 GIVRE W1 backordered 2", release_at=None)
"""Promised for a Thursday once; now nobody can say when."""
UNPAID: Final = msgspec.structs.replace(
    placed(
        holds=({"reason": "payment", "since": NOW, "expires_at": NOW + timedelta(days=7)},),
        release_at=None,
    ),
    payment=Payment(method="bank_transfer", authorized_minor=0),
)
FEWER: Final = placed("1 QUAI W1 reserved 1", "2 GIVRE W1 reserved 1", "2 GIVRE W1 canceled 1")
CANCELED: Final = placed("1 QUAI W1 canceled 1", "2 GIVRE W1 canceled 2", release_at=None)
LATE: Final = placed(delivery={"promised_date": date(2026, 3, 12)})
PICKED: Final = placed("1 QUAI W1 picked 1", "2 GIVRE W1 picked 2", release_at=None)
SHIPPED: Final = placed("1 QUAI W1 shipped 1", "2 GIVRE W1 shipped 2", release_at=None)


def happened(event_type: str, **data: Any) -> Happened:
    """Returns an event as the log keeps it."""
    return Happened(type=event_type, data=data)


def write(
    kind: MessageKind,
    *,
    before: Order | None,
    after: Order,
    events: tuple[Happened, ...] = (),
    locale: str = "fr",
    **changes: Any,
) -> Letter:
    """Returns the letter for an occasion, in French from Paris."""
    given: dict[str, Any] = {
        "kind": kind,
        "shop": "Maison Aftercart",
        "voice": voice_for(locale, zone=PARIS),
        "now": NOW,
        "before": before,
        "after": after,
        "events": events,
        "link": LINK,
    }
    return compose(Occasion(**(given | changes)))


def plain(text: str) -> str:
    """Returns text with ordinary spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def said(letter: Letter) -> str:
    """Returns all sentences of a letter."""
    return plain(" ".join((*letter.sentences, *(text for one in letter.sections for text in one.sentences))))


def confirmed(order: Order, **changes: Any) -> Letter:
    """Returns the confirmation of an order."""
    return write(MessageKind.ORDER_CONFIRMED, before=None, after=order, **changes)


def changed(before: Order, after: Order, **changes: Any) -> Letter:
    """Returns what is told of a change."""
    return write(MessageKind.ORDER_CHANGED, before=before, after=after, **changes)
