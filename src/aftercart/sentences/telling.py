"""Tells a refusal or an event in a language: finds its sentence in the table and puts the values into it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo
from typing import Any, Final, Literal

import msgspec
from babel.dates import format_date, format_datetime, get_timezone_location

from aftercart.kit.refusal import Refusal
from aftercart.sentences import en, fr
from aftercart.sentences.days import with_first
from aftercart.sentences.tables import Tables
from aftercart.shipping.model import Names

Language = Literal["en", "fr"]

LANGUAGES: Final[tuple[Language, ...]] = ("en", "fr")
TABLES: Final[Mapping[Language, Tables]] = {"en": en.TABLES, "fr": fr.TABLES}


def refusal_sentence(refusal: Refusal, language: Language, *, zone: tzinfo = UTC) -> str:
    """Returns why a wish was refused, its moments in ``zone``; raises ``KeyError`` for one without a sentence."""
    tables = TABLES[language]
    values = {"param": refusal.param or tables.body, **refusal.values}
    sentence = tables.refusals[refusal.code]
    if values.get("touched_at") is not None:
        sentence = f"{sentence} {tables.touched}"
    return sentence.format_map(_Words(values, tables, zone))


def event_sentence(event_type: str, event: Mapping[str, Any], language: Language) -> str:
    """Returns what happened, from the event's name and JSON; raises ``KeyError`` for an event without a sentence."""
    tables = TABLES[language]
    return _sentence_of(event_type, event, tables).format_map(_Words(event, tables, UTC))


def _sentence_of(event_type: str, event: Mapping[str, Any], tables: Tables) -> str:
    if event_type == "LineQuantityChanged" and event["quantity"] == event["previous_quantity"]:
        return tables.only_price
    if event_type == "PromiseMoved" and event["sku"] is None:
        return tables.only_promise
    return tables.events[event_type]


def expectation(expected: str, language: Language) -> str:
    """Returns what ``Invalid`` says is expected in a field, for who names the field in their own way."""
    return _translated(expected, TABLES[language])


def label(kind: str, value: str, language: Language) -> str:
    """Returns what a value of an enumeration is called, such as the ``stage`` ``picked``."""
    return TABLES[language].labels[kind][value]


class _Words(dict[str, Any]):
    """The values of a refusal or an event, each put into words when a template asks for it."""

    def __init__(self, values: Mapping[str, Any], tables: Tables, zone: tzinfo) -> None:
        super().__init__()
        self._zone = zone
        self._values = values
        self._tables = tables

    def __missing__(self, name: str) -> Any:
        tables = self._tables
        base, _, how = name.rpartition("_")
        if name == "units":
            return counted(sum(move["quantity"] for move in self._values["moves"]), "units", tables)
        if how == "count":
            return counted(len(self._values[base]), base, tables)
        if how == "list":
            entry = tables.entries[base]
            return ", ".join(entry.format_map(msgspec.to_builtins(one)) for one in self._values[base])
        if name == "method" and self._values.get("names") is not None:
            name = "names"
        value = self._values[name]
        return _moment(value, tables, self._zone) if name.endswith("_at") else _worded(name, value, tables)


def _worded(name: str, value: Any, tables: Tables) -> Any:
    if name == "expected":
        return _translated(value, tables)
    if name == "names":
        return (value if isinstance(value, Names) else msgspec.convert(value, Names)).in_language(tables.language)
    if isinstance(value, str) and name in tables.labels:
        return tables.labels[name].get(value, value)
    return _day(value, tables) if name.endswith("_date") else value


def _moment(value: Any, tables: Tables, zone: tzinfo) -> str:
    at = value if isinstance(value, datetime) else msgspec.convert(value, datetime)
    told = format_datetime(at, "d MMMM y, HH:mm", tzinfo=zone, locale=tables.language)
    place = "UTC" if zone is UTC else f"({get_timezone_location(zone, locale=tables.language, return_city=True)})"
    return f"{with_first(told, tables.language)} {place}"


def _day(value: Any, tables: Tables) -> str:
    return (
        tables.unknown
        if value is None
        else with_first(format_date(msgspec.convert(value, date), "d MMMM y", locale=tables.language), tables.language)
    )


def counted(count: int, what: str, tables: Tables) -> str:
    """Returns so many of something in words of ``tables.counts``, such as ``2 lines``."""
    return tables.counts[what][0 if count in tables.singular else 1].format(count)


def _translated(expected: str, tables: Tables) -> str:
    for pattern, template in tables.expected:
        match = pattern.fullmatch(expected)
        if match is not None:
            return template.format(*match.groups())
    return expected
