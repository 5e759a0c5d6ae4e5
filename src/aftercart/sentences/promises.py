"""Tells the calculation of a promise, step by step."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Final

from babel.dates import format_date

from aftercart.sentences.days import with_first
from aftercart.sentences.tables import Tables
from aftercart.sentences.telling import TABLES, Language, counted
from aftercart.shipping.model import PromiseStep, StepKind

_NO_NAMES: Final[Mapping[str, str]] = {}


def step_sentence(step: PromiseStep, language: Language, names: Mapping[str, str] = _NO_NAMES) -> str:
    """Returns one step as a sentence, or two; ``names`` are those of locations by their codes, where known."""
    tables = TABLES[language]
    sentence = tables.steps[_form_of(step)].format_map(_words(step, tables, names))
    if not step.passed:
        return sentence
    passed = ", ".join(day_in_words(day, language) for day in step.passed)
    return f"{sentence} {tables.steps['passed'].format(passed_list=passed)}"


@lru_cache(maxsize=4_096)
def day_in_words(day: date, language: Language) -> str:
    """Returns a day as people say it: ``Monday 2 March``, ``vendredi 1er mai``."""
    return with_first(format_date(day, "EEEE d MMMM", locale=language), language)


def _form_of(step: PromiseStep) -> str:
    if step.why is not None:
        return f"{step.kind.value}.{step.why.value}"
    if step.kind is StepKind.TRANSIT and step.days_max == 0:
        return f"{step.kind.value}.same_day"
    return f"{step.kind.value}.range" if step.until is not None and step.until != step.on else step.kind.value


def _words(step: PromiseStep, tables: Tables, names: Mapping[str, str]) -> dict[str, object]:
    words: dict[str, object] = {"time": step.time, "time_until": step.time_until, "days": step.days}
    if step.location is not None:
        words["location"] = names.get(step.location, step.location)
    for name, day in (("on", step.on), ("until", step.until)):
        if day is not None:
            words[name] = day_in_words(day, tables.language)
    for name, days in (("days_count", step.days), ("days_max_count", step.days_max)):
        if days is not None:
            words[name] = counted(days, "days", tables)
    return words
