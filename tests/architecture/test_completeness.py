"""Every command can be given and is tested, every event is applied and told, every refusal has its words."""

import enum
import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import TypeVar

import pytest

import aftercart
from aftercart.access.model import CodePurpose, Role
from aftercart.app import EVOLVERS, HANDLERS
from aftercart.fulfillment.model import LabelState, ParcelStatus, PickListStatus, ShortReason
from aftercart.inventory.model import Stage
from aftercart.kit.commands import Command
from aftercart.kit.refusal import all_refusals
from aftercart.kit.state import Event
from aftercart.notifications.audience import AUDIENCES, Audience
from aftercart.notifications.messages.kinds import MESSAGES
from aftercart.notifications.model import DisabledReason, GivenUpReason
from aftercart.orders.events import UnitsMoved
from aftercart.orders.model import CancellationReason, ChangeKind, HoldReason, Status
from aftercart.permissions import COMMANDS
from aftercart.sentences.telling import LANGUAGES, TABLES, Language
from aftercart.shipping.model import Ineligible
from aftercart.shipping.ports import LabelRefusedReason, TrackingStatus
from aftercart.shipping.rules.defaults import DEFAULTS_BY_CODE
from aftercart.web.api.routes import COMMAND_ROUTES

T = TypeVar("T")

TESTS = Path(__file__).parents[1]
WORD_BOUNDARY = re.compile(r"(?<=[a-z])(?=[A-Z])")

INTERNAL = {
    "ExpirePaymentHold": "the clock asks for it, in deadlines.py",
    "ExpireHold": "the clock asks for it, in deadlines.py",
    "ReserveBackorder": "a reaction asks for it, when goods became free",
    "ReviewPromise": "reactions and the clock ask for it, when supply comes on another day or not at all",
    "ReportMissingUnits": "a reaction asks for it, when a count found too little",
    "UpsertPostcodes": "`aftercart import postcodes` gives it",
    "RecordLabel": "the worker that asks carriers gives it",
    "RecordLabelRefused": "the worker that asks carriers gives it",
    "RecordLabelVoided": "the worker that asks carriers gives it",
    "WriteOffUnits": "the report of a short pick gives it, and a reaction makes sure of it",
    "AbandonPicking": "the end of a pick list gives it, and a reaction makes sure of it",
    "GiveUpDelivery": "a courier asks for it, in worker/courier.py",
}
"""Commands without a route, and who gives them."""


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(aftercart.__path__, "aftercart."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


MODULES = tuple(modules())


def ours(classes: Iterable[type[T]]) -> list[type[T]]:
    return sorted({one for one in classes if one.__module__.startswith("aftercart.")}, key=lambda one: one.__name__)


def leaves(base: type[T]) -> Iterator[type[T]]:
    for child in base.__subclasses__():
        yield from leaves(child) if child.__subclasses__() else (child,)


def descendants(base: type[T]) -> Iterator[type[T]]:
    for child in base.__subclasses__():
        yield child
        yield from descendants(child)


def one_word(command: type[Command]) -> str:
    return WORD_BOUNDARY.sub("_", command.__name__).lower()


ALL_COMMANDS = ours(one for one in descendants(Command) if ".decisions." in one.__module__)  # bodies read them
ALL_EVENTS = ours(one for one in leaves(Event) if one is not UnitsMoved)  # the base of what areas above orders tell


def test_the_classes_are_found() -> None:
    assert {"PlaceOrder", "ReceiveStock", "CreateApiKey"} <= {command.__name__ for command in ALL_COMMANDS}
    assert {"OrderPlaced", "StockReceived", "ApiKeyCreated"} <= {event.__name__ for event in ALL_EVENTS}
    assert not {"OrderEvent", "OrderChanged", "UnitsMoved"} & {event.__name__ for event in ALL_EVENTS}
    assert len(all_refusals()) > 10


@pytest.mark.parametrize("command", ALL_COMMANDS, ids=lambda command: command.__name__)
class TestEveryCommand:
    def test_has_one_handler(self, command: type[Command]) -> None:
        assert [handler.command for handler in HANDLERS].count(command) == 1

    def test_has_its_permissions(self, command: type[Command]) -> None:
        assert COMMANDS[command]

    def test_has_a_decision_of_the_same_name(self, command: type[Command]) -> None:
        module = importlib.import_module(command.__module__)
        assert module.__name__.split(".")[2] == "decisions"
        assert callable(getattr(module, one_word(command)))

    def test_has_a_route_or_somebody_inside_who_gives_it(self, command: type[Command]) -> None:
        assert (command in COMMAND_ROUTES) != (command.__name__ in INTERNAL)

    def test_has_a_test_of_its_decision(self, command: type[Command]) -> None:
        area = command.__module__.split(".")[1]
        tests = [path.read_text(encoding="utf-8") for path in (TESTS / area / "decisions").glob("test_*.py")]
        assert any(re.search(rf"\b{command.__name__}\b", text) for text in tests)


def test_a_change_of_an_order_is_one_word_from_url_to_decision() -> None:
    paths = {command: path for command, (_, path) in COMMAND_ROUTES.items() if path.startswith("/v1/orders/{")}
    assert paths == {command: f"/v1/orders/{{order}}/{one_word(command).replace('_', '-')}" for command in paths}
    assert len(paths) >= 4


@pytest.mark.parametrize("event", ALL_EVENTS, ids=lambda event: event.__name__)
class TestEveryEvent:
    def test_has_an_evolver(self, event: type[Event]) -> None:
        assert EVOLVERS[event]

    def test_has_its_audience(self, event: type[Event]) -> None:
        assert event in AUDIENCES

    def test_has_a_message_exactly_when_customers_hear_of_it(self, event: type[Event]) -> None:
        assert (event in MESSAGES) == (Audience.CUSTOMER in AUDIENCES[event])


TOLD: dict[str, type[enum.Enum]] = {
    "status": Status,
    "stage": Stage,
    "reason": CancellationReason,
    "hold": HoldReason,
    "change": ChangeKind,
    "role": Role,
    "ineligible": Ineligible,
    "tracking": TrackingStatus,
    "label_refused_reason": LabelRefusedReason,
    "purpose": CodePurpose,
    "disabled_reason": DisabledReason,
    "given_up_reason": GivenUpReason,
    "parcel_status": ParcelStatus,
    "tracked": ParcelStatus,
    "label_state": LabelState,
    "list_status": PickListStatus,
    "short_reason": ShortReason,
}
PLACEHOLDER = re.compile(r"{(\w+)")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_and_every_event_has_its_sentence(language: Language) -> None:
    tables = TABLES[language]
    assert set(tables.refusals) == {refusal.code for refusal in all_refusals()}
    assert set(tables.events) == {event.__name__ for event in ALL_EVENTS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_that_is_told_has_its_name(language: Language) -> None:
    for kind, labels in TABLES[language].labels.items():
        told = set(DEFAULTS_BY_CODE) if kind == "method" else {member.value for member in TOLD[kind]}
        assert set(labels) == told


def test_a_sentence_says_the_same_in_every_language() -> None:
    english, *others = (TABLES[language] for language in LANGUAGES)
    for other in others:
        for ours_, theirs in ((english.refusals, other.refusals), (english.events, other.events)):
            told = {name: set(PLACEHOLDER.findall(sentence)) for name, sentence in ours_.items()}
            assert told == {name: set(PLACEHOLDER.findall(sentence)) for name, sentence in theirs.items()}


@pytest.mark.parametrize("event", ALL_EVENTS, ids=lambda event: event.__name__)
def test_a_sentence_tells_only_what_its_event_knows(event: type[Event]) -> None:
    known = {field for name in event.__struct_fields__ for field in (name, f"{name}_count", f"{name}_list")}
    for language in LANGUAGES:
        assert set(PLACEHOLDER.findall(TABLES[language].events[event.__name__])) <= known | {"units"}


def test_no_table_has_rows_left_over() -> None:
    assert set(COMMANDS) == set(ALL_COMMANDS)
    assert set(EVOLVERS) == set(AUDIENCES) == set(ALL_EVENTS)
    assert set(INTERNAL) <= {command.__name__ for command in ALL_COMMANDS}
