"""An order's page says where it is in every state there is, in both languages, as a person would."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from tests.notifications.messages.occasions import CANCELED, PAID, PARIS, UNPAID, WAITING, placed
from tests.scenario import NOW

from aftercart.orders.model import Awaited, Hold, HoldReason, Order, Status
from aftercart.sentences import LANGUAGES
from aftercart.sentences.voice import voice_for
from aftercart.web.portal.opening_words import opening_words
from aftercart.web.portal.standing import expected, standing_of

FRENCH = voice_for("fr", zone=PARIS)
ENGLISH = voice_for("en-GB", zone=PARIS)
SOON = (Awaited(sku="GIVRE", location="W1", expected_date=date(2026, 3, 9), reference=None),)


def changed(order: Order, **changes: Any) -> Order:
    return msgspec.structs.replace(order, **changes)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", Status)
def test_every_status_has_its_words(status: Status, language: str) -> None:
    standing = standing_of(changed(PAID, status=status), voice_for(language, zone=PARIS))
    assert standing.headline
    assert len([step for step in standing.steps if step.state == "current"]) == (1 if standing.steps else 0)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", HoldReason)
def test_every_hold_says_what_to_do(reason: HoldReason, language: str) -> None:
    hold = Hold(reason=reason, since=NOW, expires_at=NOW + timedelta(days=7))
    held = changed(UNPAID, status=Status.ON_HOLD, holds=(hold,))
    standing = standing_of(held, voice_for(language, zone=PARIS))
    assert standing.headline
    assert standing.sentences


def test_a_customer_does_not_read_that_they_are_doubted() -> None:
    manual = Hold(reason=HoldReason.MANUAL, since=NOW, expires_at=None)
    doubted = Hold(reason=HoldReason.FRAUD_REVIEW, since=NOW, expires_at=None)
    seen = [
        standing_of(changed(PAID, status=Status.ON_HOLD, holds=holds), ENGLISH)
        for holds in ((manual,), (doubted,), (doubted, manual))
    ]
    assert seen[0].headline == "Your order is waiting"
    assert seen[1:] == [seen[0], seen[0]]


def test_what_is_waited_for_is_called_by_its_name_with_its_day() -> None:
    waiting = changed(WAITING, status=Status.BACKORDERED, awaited=SOON)
    assert standing_of(waiting, ENGLISH).sentences == (
        "We are waiting for Bonnet Givre, expected on Monday 9 March. Everything leaves together after that.",
    )
    split = changed(waiting, split_accepted=True)
    assert "What is there is sent without waiting for the rest." in standing_of(split, ENGLISH).sentences


def test_what_nobody_knows_is_said_so() -> None:
    unknown = (msgspec.structs.replace(SOON[0], expected_date=None),)
    waiting = changed(WAITING, status=Status.BACKORDERED, awaited=unknown)
    (sentence,) = standing_of(waiting, ENGLISH).sentences
    assert sentence == "We are waiting for Bonnet Givre and cannot say yet when it comes. We write to you."
    assert expected(waiting, ENGLISH) is None


def test_a_missing_payment_says_how_much_and_how() -> None:
    unpaid = changed(UNPAID, status=Status.AWAITING_PAYMENT)
    (sentence,) = standing_of(unpaid, FRENCH).sentences
    assert sentence.replace("\u00a0", " ") == (
        "Merci de virer 123,80 € en indiquant votre commande, K41VT-MWZW8. Nous gardons vos articles jusque-là."
    )


def test_a_canceled_order_goes_nowhere() -> None:
    canceled = changed(CANCELED, status=Status.CANCELED)
    assert standing_of(canceled, ENGLISH).steps == ()
    assert expected(canceled, ENGLISH) is None


def test_what_is_made_for_somebody_is_told_as_a_making() -> None:
    lines = tuple(msgspec.structs.replace(line, made_to_order=line.line == 2) for line in PAID.lines)
    making = changed(placed(), lines=lines, awaited=SOON, status=Status.CONFIRMED)
    standing = standing_of(making, ENGLISH)
    assert standing.headline == "We are making it for you"
    assert standing.sentences == ("Bonnet Givre is made for you and done about Monday 9 March.",)


@pytest.mark.parametrize(
    ("hours", "french", "english"),
    [
        ("Mo-Fr 09:00-19:00; Su off", "lun-ven 09:00-19:00; dim fermé", "Mon-Fri 09:00-19:00; Sun closed"),
        (
            "Tu-Sa 09:30-12:30,14:00-19:00; PH off",
            "mar-sam 09:30-12:30, 14:00-19:00; jours fériés fermé",
            "Tue-Sat 09:30-12:30, 14:00-19:00; public holidays closed",
        ),
        ("24/7", "toujours", "always"),
        ("", "", ""),
    ],
)
def test_opening_hours_are_read_by_people(hours: str, french: str, english: str) -> None:
    assert (opening_words(hours, "fr"), opening_words(hours, "en")) == (french, english)
