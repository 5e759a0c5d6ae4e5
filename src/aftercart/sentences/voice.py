"""A voice speaks to one person: in their language, with their way of writing days and amounts, in the shop's time."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final, cast
from zoneinfo import ZoneInfo

import msgspec
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_timezone_location
from babel.numbers import format_decimal, format_percent

from aftercart.kit.money import RATE_ONE, Money, format_money
from aftercart.sentences.days import with_first
from aftercart.sentences.phrases_change_en import PHRASES as CHANGE_ENGLISH
from aftercart.sentences.phrases_change_fr import PHRASES as CHANGE_FRENCH
from aftercart.sentences.phrases_en import PHRASES as ENGLISH
from aftercart.sentences.phrases_fr import PHRASES as FRENCH
from aftercart.sentences.phrases_page_en import PHRASES as PAGE_ENGLISH
from aftercart.sentences.phrases_page_fr import PHRASES as PAGE_FRENCH
from aftercart.sentences.phrases_paper_en import PHRASES as PAPER_ENGLISH
from aftercart.sentences.phrases_paper_fr import PHRASES as PAPER_FRENCH
from aftercart.sentences.telling import LANGUAGES, Language, label

_SPACE_THAT_HOLDS: Final = re.compile(r" (?=[:;!?»])|(?<=«) ")


def _typeset(phrases: Mapping[str, str]) -> Mapping[str, str]:
    """Returns French phrases whose marks never begin or end a line away from their word."""
    return {name: _SPACE_THAT_HOLDS.sub("\u00a0", phrase) for name, phrase in phrases.items()}


PHRASES: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": ENGLISH | PAGE_ENGLISH | CHANGE_ENGLISH | PAPER_ENGLISH,
    "fr": _typeset(FRENCH | PAGE_FRENCH | CHANGE_FRENCH | PAPER_FRENCH),
}
FALLBACK: Final[Language] = "en"
FALLBACK_FORMATS: Final = "en_GB"
"""Who reads neither French nor English is written to in English, which more people understand, with European days."""


class Voice(msgspec.Struct, frozen=True, kw_only=True):
    """How one person is spoken to; ``formats`` is the locale of days and amounts, such as ``fr_CH``."""

    language: Language
    formats: str
    zone: ZoneInfo

    def say(self, phrase: str, **values: object) -> str:
        """Returns a phrase with its values; raises ``KeyError`` for one that does not exist."""
        return PHRASES[self.language][phrase].format(**values)

    def find(self, phrase: str) -> str | None:
        """Returns a phrase without values, ``None`` when there is none of this name."""
        return PHRASES[self.language].get(phrase)

    def name(self, kind: str, value: str) -> str:
        """Returns what a value of an enumeration is called; one without a name is called by its code."""
        try:
            return label(kind, value, self.language)
        except KeyError:
            return value

    def money(self, minor_units: int, currency: str) -> str:
        """Returns an amount as this person writes it."""
        return format_money(Money(minor_units=minor_units, currency=currency), self.formats)

    def rate(self, rate_bps: int) -> str:
        """Returns a rate in basis points as a percentage: ``5,5 %``."""
        share = Decimal(rate_bps) / RATE_ONE
        return format_percent(share, locale=self.formats, decimal_quantization=False)

    def number(self, number: float) -> str:
        """Returns a number as this person writes it: ``1,5``."""
        return format_decimal(number, locale=self.formats)

    def day(self, day: date) -> str:
        """Returns a day with its weekday."""
        return with_first(format_date(day, "full", locale=self.formats), self.formats)

    def country(self, code: str) -> str:
        """Returns what a country (ISO 3166 alpha-2) is called."""
        names = cast("Mapping[str, str]", Locale.parse(self.formats).territories)
        return names.get(code, code)

    def moment(self, at: datetime) -> str:
        """Returns a moment in the shop's time, which is named: the reader may live in another one."""
        local = at.astimezone(self.zone)
        place = get_timezone_location(self.zone, locale=self.formats, return_city=True)
        time = format_time(local, "short", locale=self.formats)
        return self.say("moment", day=self.day(local.date()), time=time, place=place)


def voice_for(locale: str, *, zone: ZoneInfo) -> Voice:
    """Returns how to speak to somebody with this locale (``fr``, ``en-GB``, ``de``).

    Days and amounts follow the whole locale where its language is ours and its country known, else the language; a
    language that is not ours becomes ``FALLBACK``.
    """
    tag = locale.partition("-")[0]
    if tag not in LANGUAGES:
        return Voice(language=FALLBACK, formats=FALLBACK_FORMATS, zone=zone)
    try:
        formats = str(Locale.parse(locale, sep="-"))
    except (UnknownLocaleError, ValueError):
        formats = tag
    return Voice(language=tag, formats=formats, zone=zone)
