"""A voice speaks a person's language where it is ours, writes their days and amounts, and names the shop's time."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

import pytest

import aftercart
from aftercart.sentences import LANGUAGES
from aftercart.sentences.voice import PHRASES, voice_for

PARIS = ZoneInfo("Europe/Paris")
CHANGES = ("about_", "do_", "field_", "why_")
SOURCES = Path(aftercart.__file__).parent


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("locale", "language", "day", "amount"),
    [
        ("fr", "fr", "jeudi 5 mars 2026", "1 239,90 €"),
        ("fr-CH", "fr", "jeudi, 5 mars 2026", "1 239,90 €"),
        ("en", "en", "Thursday, March 5, 2026", "€1,239.90"),
        ("en-GB", "en", "Thursday, 5 March 2026", "€1,239.90"),
        ("fr-ZZ", "fr", "jeudi 5 mars 2026", "1 239,90 €"),
        ("de", "en", "Thursday, 5 March 2026", "€1,239.90"),
        ("pt-BR", "en", "Thursday, 5 March 2026", "€1,239.90"),
    ],
)
def test_who_reads_another_language_is_written_to_in_english(locale: str, language: str, day: str, amount: str) -> None:
    voice = voice_for(locale, zone=PARIS)
    assert voice.language == language
    assert voice.day(date(2026, 3, 5)) == day
    assert plain(voice.money(123_990, "EUR")) == amount


def test_the_first_of_a_month_is_counted_in_french_only() -> None:
    first = date(2026, 12, 1)
    assert voice_for("fr", zone=PARIS).day(first) == "mardi 1er décembre 2026"
    assert voice_for("fr-CH", zone=PARIS).day(first) == "mardi, 1er décembre 2026"
    assert voice_for("fr", zone=PARIS).day(date(2026, 12, 11)) == "vendredi 11 décembre 2026"
    assert voice_for("en", zone=PARIS).day(first) == "Tuesday, December 1, 2026"


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        (PARIS, "dimanche 29 mars 2026 à 03:00 (heure de Paris)"),  # the hour after two does not exist that day
        (ZoneInfo("Indian/Reunion"), "dimanche 29 mars 2026 à 05:00 (heure de La Réunion)"),
        (ZoneInfo("UTC"), "dimanche 29 mars 2026 à 01:00 (heure de UTC)"),
    ],
)
def test_a_moment_is_told_in_the_shops_time_which_is_named(zone: ZoneInfo, told: str) -> None:
    assert voice_for("fr", zone=zone).moment(datetime(2026, 3, 29, 1, 0, tzinfo=UTC)) == told


@pytest.mark.parametrize(("rate_bps", "told"), [(2_000, "20 %"), (550, "5,5 %"), (210, "2,1 %"), (0, "0 %")])
def test_a_rate_is_told_with_as_many_decimals_as_it_has(rate_bps: int, told: str) -> None:
    assert plain(voice_for("fr", zone=PARIS).rate(rate_bps)) == told


def test_a_country_is_told_by_its_name() -> None:
    assert voice_for("fr", zone=PARIS).country("DE") == "Allemagne"
    assert voice_for("en", zone=PARIS).country("XX") == "XX"


def test_every_phrase_says_the_same_in_every_language() -> None:
    english = PHRASES["en"]
    for language in LANGUAGES:
        phrases = PHRASES[language]
        assert phrases.keys() == english.keys()
        for name, phrase in phrases.items():
            assert fields(phrase) == fields(english[name]), name


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_french_marks_hold_on_to_their_words() -> None:
    for name, phrase in PHRASES["fr"].items():
        assert not re.search(" [:;!?»]|« ", phrase), name


def test_no_phrase_is_left_over() -> None:
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in SOURCES.rglob("*")
        if path.suffix in {".py", ".html", ".txt"} and not path.name.startswith("phrases_")
    )
    said = set(re.findall(r'"(\w+)"', code))
    families = ("payment_", "reason_", "code_", "standing_", "where_", "stage_", "step_", "problem_", *CHANGES)
    endings = ("_subject", "_heading", "_intro")
    left_over = {
        name
        for name in PHRASES["en"]
        if name not in said and not name.startswith(families) and not name.endswith(endings)
    }
    assert left_over == set()
