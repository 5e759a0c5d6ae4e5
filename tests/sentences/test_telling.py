"""Every refusal and every event has a sentence in every language, and values find their places in it."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

import pytest

import aftercart
from aftercart.access.model import CodePurpose
from aftercart.app import EVENTS
from aftercart.inventory.model import Stage
from aftercart.kit.commands import VersionMismatch
from aftercart.kit.refusal import Invalid, all_refusals
from aftercart.notifications.model import DisabledReason, GivenUpReason
from aftercart.orders.decisions.cancel_order import NotDueAnymore
from aftercart.orders.model import CancellationReason, ChangeKind, HoldReason, Status
from aftercart.orders.rules.change_refusals import UnitsAlreadyTouched
from aftercart.orders.rules.stock_for_lines import InsufficientStock, MissingStock
from aftercart.sentences import LANGUAGES, Language, event_sentence, label, refusal_sentence
from aftercart.sentences.telling import TABLES
from aftercart.shipping.model import Ineligible, Names
from aftercart.shipping.rules.promise import SlotFull
from aftercart.web.api.application import create_app

SOURCES = Path(aftercart.__file__).parent
EVERYWHERE = pytest.mark.parametrize("language", LANGUAGES)
assert create_app  # all refusals of the API are declared


@EVERYWHERE
def test_every_refusal_has_a_sentence(language: Language) -> None:
    assert TABLES[language].refusals.keys() == {refusal.code for refusal in all_refusals()}


@EVERYWHERE
def test_every_event_has_a_sentence(language: Language) -> None:
    assert TABLES[language].events.keys() == EVENTS.keys()


@EVERYWHERE
def test_every_value_of_an_enumeration_has_a_name(language: Language) -> None:
    kinds = {
        "status": Status,
        "stage": Stage,
        "reason": CancellationReason,
        "hold": HoldReason,
        "change": ChangeKind,
        "ineligible": Ineligible,
        "purpose": CodePurpose,
        "disabled_reason": DisabledReason,
        "given_up_reason": GivenUpReason,
    }
    for kind, values in kinds.items():
        assert TABLES[language].labels[kind].keys() == {value.value for value in values}
        assert all(label(kind, value.value, language) for value in values)


def test_every_language_uses_the_same_values() -> None:
    english = TABLES["en"]
    for language in LANGUAGES:
        tables = TABLES[language]
        assert tables.entries.keys() == english.entries.keys()
        assert tables.counts.keys() == english.counts.keys()
        for code, template in tables.refusals.items():
            assert _fields(template) == _fields(english.refusals[code]), code
        for event, template in tables.events.items():
            assert _fields(template) == _fields(english.events[event]), event


@EVERYWHERE
def test_a_line_that_only_costs_something_else_is_not_told_as_another_quantity(language: Language) -> None:
    same = {"line": 2, "previous_quantity": 1, "quantity": 1}
    told = {"en": "The price of line 2 was changed.", "fr": "Le prix de la ligne 2 a changé."}
    assert event_sentence("LineQuantityChanged", same, language) == told[language]
    assert "3" in event_sentence("LineQuantityChanged", same | {"quantity": 3}, language)


@EVERYWHERE
def test_values_are_put_into_words(language: Language) -> None:
    told = {
        "en": (
            "There is not enough stock: A (3 wanted, 1 left), B (2 wanted, 0 left).",
            "Too late for line 2: units of it are picked.",
            "What was due for order X on 2 March 2026, 09:00 UTC was settled or moved.",
            "Expected in If-Match: the ETag of an order.",
            "Taken out of the order: 2 of line 1, 1 of line 3 (other reason).",
        ),
        "fr": (
            "Le stock ne suffit pas : A (demandé 3, disponible 1), B (demandé 2, disponible 0).",
            "Trop tard pour la ligne 2 : des unités sont à l'étape « prélevé ».",
            "L'échéance du 2 mars 2026, 09:00 UTC pour la commande X est réglée ou déplacée.",
            "Attendu dans If-Match : l'ETag d'une commande.",
            "Retiré de la commande : 2 de la ligne 1, 1 de la ligne 3 (autre raison).",
        ),
    }
    missing = (
        MissingStock(sku="A", requested=3, available=1),
        MissingStock(sku="B", requested=2, available=0),
    )
    canceled = {"lines": [{"line": 1, "quantity": 2}, {"line": 3, "quantity": 1}], "reason": "other", "moves": []}
    assert told[language] == (
        refusal_sentence(InsufficientStock(missing=missing, param="lines"), language),
        refusal_sentence(UnitsAlreadyTouched(number="X", line=2, stage="picked", touched_at=None), language),
        refusal_sentence(NotDueAnymore(number="X", due_at=datetime(2026, 3, 2, 9, tzinfo=UTC)), language),
        refusal_sentence(Invalid(param="If-Match", expected="the ETag of an order", got="x"), language),
        event_sentence("LinesCanceled", canceled, language),
    )


def test_a_refusal_tells_when_the_goods_were_taken_in_hand_where_that_is_known() -> None:
    at = datetime(2026, 3, 2, 13, 2, tzinfo=UTC)
    refusal = UnitsAlreadyTouched(number="X", line=2, stage="shipped", touched_at=at)
    paris = ZoneInfo("Europe/Paris")
    assert (
        refusal_sentence(refusal, "en", zone=paris)
        == "Too late for line 2: units of it are shipped. Its preparation began on 2 March 2026, 14:02 (Paris)."
    )
    assert refusal_sentence(refusal, "fr", zone=paris).endswith(
        "Sa préparation a commencé le 2 mars 2026, 14:02 (Paris)."
    )


def test_a_refusal_tells_the_shops_time_and_the_name_of_the_method() -> None:
    names = Names(en="Our van", fr="Notre camionnette")
    refusal = SlotFull(method="van", names=names, slot_at=datetime(2026, 12, 1, 17, tzinfo=UTC))
    paris = ZoneInfo("Europe/Paris")
    assert (
        refusal_sentence(refusal, "en", zone=paris)
        == "Nothing is left of the slot of Our van on 1 December 2026, 18:00 (Paris)."
    )
    assert (
        refusal_sentence(refusal, "fr", zone=paris)
        == "Le créneau de Notre camionnette du 1er décembre 2026, 18:00 (Paris) est complet."
    )


def test_a_value_is_never_taken_for_a_template() -> None:
    refusal = Invalid(param="lines[0].{param}", expected="one of {0}, {expected}", got="{got}")
    assert refusal_sentence(refusal, "en") == "Expected in lines[0].{param}: one of {0}, {expected}."
    assert refusal_sentence(refusal, "fr") == "Attendu dans lines[0].{param} : une valeur parmi {0}, {expected}."
    assert refusal_sentence(VersionMismatch(expected=1, current=2), "en") == "The order is at version 2, not at 1."


def test_every_expectation_in_the_code_is_translated() -> None:
    phrases = set(_expectations())
    assert len(phrases) > 30
    for phrase in sorted(phrases):
        told = refusal_sentence(Invalid(param="x", expected=phrase, got=None), "fr")
        assert told != f"Attendu dans x : {phrase}.", phrase


def _fields(template: str) -> set[str]:
    return {field.partition("[")[0] for _, field, _, _ in Formatter().parse(template) if field is not None}


def _expectations() -> Iterator[str]:
    """Yields what the code says it expects, with an example in place of each value."""
    for source in sorted(SOURCES.rglob("*.py")):
        if "sentences" in source.parts or "cli" in source.parts:
            continue
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            values: list[ast.expr] = []
            if isinstance(node, ast.keyword) and node.arg == "expected":
                values.append(node.value)
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                values += [node.value] if node.targets[0].id == "expected" else []
            for value in values:
                yield from _texts(value)


def _texts(value: ast.expr) -> Iterator[str]:
    match value:
        case ast.Constant(value=str() as text):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(_part(part) for part in parts)
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*_texts(body), *_texts(orelse))
        case ast.BinOp(left=ast.Constant(value=str() as text)):
            yield f"{text}a, b"
        case _:
            return


def _part(part: ast.expr) -> str:
    match part:
        case ast.Constant(value=str() as text):
            return text
        case ast.FormattedValue(value=ast.Name(id="such_as")):
            return ", such as 75001"
        case ast.FormattedValue(value=ast.Attribute(attr="country")):
            return "FR"
        case ast.FormattedValue(value=ast.Attribute(attr="currency") | ast.Name(id="currency")):
            return "EUR"
        case _:
            return "7"
