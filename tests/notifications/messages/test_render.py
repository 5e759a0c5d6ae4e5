"""A letter becomes text and HTML that say the same, hold whatever customers typed, and need nothing from elsewhere."""

import re
from html.parser import HTMLParser
from typing import Any

import msgspec
import pytest
from tests.notifications.messages.occasions import CANCELED, FEWER, LATE, LINK, PAID, WAITING, happened, placed, write
from tests.scenario import order

from aftercart.notifications.messages.kinds import MessageKind
from aftercart.notifications.messages.letter import Letter
from aftercart.notifications.messages.render import TEXT_COLUMNS, render_html, render_text
from aftercart.sentences import LANGUAGES

CODE = happened("CustomerCodeRequested", purpose="sign_in", expires_at="2026-03-02T09:15:00Z")
BEGUN = happened("ProductionStarted", line=1, quantity=1)
OCCASIONS: dict[MessageKind, dict[str, Any]] = {
    MessageKind.CUSTOMER_CODE: {"before": PAID, "after": PAID, "events": (CODE,), "code": "12345678"},
    MessageKind.ORDER_CONFIRMED: {"before": None, "after": PAID},
    MessageKind.ORDER_CANCELED: {"before": PAID, "after": CANCELED},
    MessageKind.ORDER_DELAYED: {"before": PAID, "after": LATE},
    MessageKind.ORDER_CHANGED: {"before": PAID, "after": FEWER},
    MessageKind.STOCK_ARRIVED: {"before": WAITING, "after": PAID},
    MessageKind.PRODUCTION_STARTED: {"before": PAID, "after": PAID, "events": (BEGUN,)},
    MessageKind.ADDRESS_REPLACED: {"before": None, "after": PAID, "link": None},
}
EVERY_LETTER = [
    pytest.param(write(kind, locale=language, **OCCASIONS[kind]), id=f"{kind.value} {language}")
    for kind in MessageKind
    for language in LANGUAGES
]


class Reader(HTMLParser):
    """Reads a page as a mail program does: its words, its addresses, what it leaves open."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.addresses: list[str] = []
        self.tags: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src", "background"}]
        if tag not in {"meta", "br"}:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self._open or self._open[-1] not in {"style", "title"}:
            self.words += data.split()


@pytest.mark.parametrize("letter", EVERY_LETTER)
def test_both_forms_say_the_same(letter: Letter) -> None:
    html, text = Reader(render_html(letter)), render_text(letter)
    told = set(html.words)
    missing = [word for word in text.split() if word not in told and not re.fullmatch("[-=:]+|.*:", word)]
    assert [word for word in missing if word != letter.link] == []
    assert f'<html lang="{letter.language}">' in render_html(letter)


@pytest.mark.parametrize("letter", EVERY_LETTER)
def test_the_page_asks_for_nothing_from_elsewhere(letter: Letter) -> None:
    html = Reader(render_html(letter))
    assert set(html.addresses) == ({letter.link} if letter.link else set())
    assert not {"script", "img", "link", "iframe", "form"} & set(html.tags)
    assert "url(" not in render_html(letter)


@pytest.mark.parametrize("letter", EVERY_LETTER)
def test_lines_of_prose_fit_into_any_window(letter: Letter) -> None:
    long = [line for line in render_text(letter).splitlines() if len(line) > TEXT_COLUMNS]
    assert [line for line in long if line != letter.link] == []


def test_whatever_a_customer_typed_stays_text() -> None:
    name = '<script>alert("x")</script> & <b>Zoé</b>'
    order = placed(customer={"email": "z@example.com", "name": name, "phone": None, "locale": "fr"})
    letter = write(MessageKind.ORDER_CONFIRMED, before=None, after=order)
    assert "script" not in Reader(render_html(letter)).tags
    assert name in render_text(letter)
    assert "{{" not in render_text(msgspec.structs.replace(letter, heading="a heading"))


def test_a_code_is_shown_in_two_halves() -> None:
    letter = write(MessageKind.CUSTOMER_CODE, **OCCASIONS[MessageKind.CUSTOMER_CODE])
    assert "1234 5678" in render_text(letter)
    assert "1234 5678" in render_html(letter)
    assert LINK not in render_html(letter) + render_text(letter)


def test_the_dark_has_its_own_colors() -> None:
    page = render_html(write(MessageKind.ORDER_CONFIRMED, before=None, after=PAID))
    assert "@media (prefers-color-scheme: dark)" in page
    assert '<meta name="color-scheme" content="light dark">' in page


def test_a_mail_stays_small_enough_to_be_shown_whole() -> None:
    # Gmail cuts what is beyond 102 kB.
    ledger = [f"{number} SKU-{number} W1 reserved 1" for number in range(1, 101)]
    letter = write(MessageKind.ORDER_CONFIRMED, before=None, after=order(*ledger))
    assert len(render_html(letter).encode()) < 80_000
