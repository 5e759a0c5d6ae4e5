"""The documents are true: what they name exists, and what they list is all there is."""

import ast
import enum
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import pytest

from aftercart import __version__
from aftercart.access.model import CodePurpose, Role
from aftercart.app import EVENTS
from aftercart.catalog.model import VariantKind
from aftercart.inventory.model import HOLDING_STAGES, LEGAL_MOVES, LocationKind, MovementKind, Stage
from aftercart.notifications.audience import Audience
from aftercart.notifications.messages.kinds import MessageKind
from aftercart.notifications.model import DeliveryKind, DeliveryState, DisabledReason, GivenUpReason
from aftercart.orders.events import OrderEvent
from aftercart.orders.model import CancellationReason, DeliveryMethod, HoldReason, MissingStockPolicy, Status
from aftercart.orders.rules.allowed_changes import ChangeKind
from aftercart.permissions import COMMANDS, SYSTEM
from aftercart.sentences import label
from aftercart.sourcing.model import LosingReason, SourcingRule
from aftercart.views.audit_checks import CHECKS
from aftercart.views.audit_orders import ORDER_CHECKS

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "aftercart"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
LINE_CHARACTERS_MAX = 120


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def path_id(path: Path) -> str:
    return str(path.relative_to(ROOT))


def section(document: str, heading: str) -> str:
    """Return what stands below a heading, up to the next heading of any level."""
    _, found, rest = text_of(document).partition(f"\n## {heading}\n")
    assert found, f"{document} has no section {heading}"
    return rest.partition("\n## ")[0]


def table(text: str) -> Iterator[list[str]]:
    """Yield the cells of every table row, heads and rules left out."""
    for line in text.splitlines():
        if line.startswith("| `"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def codes(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def values(members: Iterable[enum.Enum]) -> set[str]:
    return {str(member.value) for member in members}


# Links and paths


@pytest.mark.parametrize("document", DOCUMENTS, ids=path_id)
def test_links_lead_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    missing = [name for name in targets if "://" not in name and not (document.parent / name).exists()]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=path_id)
def test_named_files_exist(document: Path) -> None:
    text = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    named = {code for code in codes(text) if re.fullmatch(r"[\w./-]+(\.(py|sql|md|toml)|/)", code)}
    optional = {"aftercart.toml", "/", "./.aftercart/"}
    assert [name for name in sorted(named - optional) if not exists(name)] == []


def exists(name: str) -> bool:
    """Tell whether a file is there: from the root, from the package, or as a file name that areas share."""
    return (ROOT / name).exists() or (PACKAGE / name).exists() or any(PACKAGE.glob(f"*/{name}"))


@pytest.mark.parametrize("document", DOCUMENTS, ids=path_id)
def test_lines_of_documents_are_short(document: Path) -> None:
    lines = document.read_text(encoding="utf-8").splitlines()
    prose = [line for line in lines if not line.startswith("|")]
    assert [line for line in prose if len(line) > LINE_CHARACTERS_MAX and " " in line.strip()] == []


# ARCHITECTURE.md


def test_the_code_map_names_every_package_and_module() -> None:
    rows = {row[0].strip("`") for row in table(section("ARCHITECTURE.md", "Code map"))}
    there = {
        f"{path.name}/" if path.is_dir() else path.name
        for path in PACKAGE.iterdir()
        if (path.is_dir() and any(path.glob("*.*"))) or path.suffix == ".py"
    }
    assert {name for name in there if not name.startswith("_")} - rows == set()


def test_the_code_map_is_in_the_order_of_imports() -> None:
    contract = text_of("pyproject.toml").partition('name = "Areas depend downwards only"')[2].partition("]\n")[0]
    ranks = {
        name: rank
        for rank, line in enumerate(re.findall(r'^ {4}"(.+)",$', contract, flags=re.MULTILINE))
        for name in re.findall(r"\w+", line)
    }
    order = [re.sub(r"\W|py$", "", row[0]) for row in table(section("ARCHITECTURE.md", "Code map"))]
    mapped = [ranks[name] for name in order if name in ranks]
    assert mapped == sorted(mapped)


def invariants() -> Iterator[tuple[str, list[str]]]:
    for line in re.findall(r"^- \*\*Invariant\*\* (.+(?:\n  .+)*)", text_of("ARCHITECTURE.md"), flags=re.MULTILINE):
        joined = " ".join(line.split())
        yield joined.partition(".")[0], [code for code in codes(joined) if is_check(code)]


def is_check(code: str) -> bool:
    return "::" in code or code.partition(" ")[0] in {"audit", "constraint", "contract", "rule"}


def check_exists(check: str) -> bool:
    kind, _, name = check.partition(" ")
    match kind:
        case "audit":
            return name in {*(one.name for one in CHECKS), *ORDER_CHECKS}
        case "constraint":
            sql = "".join(path.read_text(encoding="utf-8") for path in (PACKAGE / "migrations").glob("*.sql"))
            return re.search(rf"(CONSTRAINT|UNIQUE INDEX) {name}\b", sql) is not None
        case "contract":
            return f'name = "{name}"' in text_of("pyproject.toml")
        case "rule":
            selected = re.findall(r'"(\w+)"', text_of("pyproject.toml").partition("select = [")[2].partition("]")[0])
            return name.rstrip("0123456789") in selected
        case _:
            file, _, test = check.partition("::")
            return (ROOT / file).exists() and test in functions(ROOT / file)


def functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_invariant_names_a_check_that_exists() -> None:
    found = list(invariants())
    assert len(found) == text_of("ARCHITECTURE.md").count("**Invariant**")
    assert [name for name, checks in found if not checks] == []
    assert [check for _, checks in found for check in checks if not check_exists(check)] == []


def test_every_check_of_the_audit_belongs_to_an_invariant() -> None:
    named = {check for _, checks in invariants() for check in checks}
    assert {*(f"audit {one.name}" for one in CHECKS), *(f"audit {name}" for name in ORDER_CHECKS)} - named == set()


@pytest.mark.parametrize(
    "check", ["audit nothing", "constraint reserved", "contract Areas", "rule X1", "tests/conftest.py::test_nothing"]
)
def test_a_check_that_does_not_exist_is_noticed(check: str) -> None:
    assert not check_exists(check)


# docs/unit-ledger.md


def test_the_drawn_moves_are_the_legal_moves() -> None:
    rows = list(table(section("docs/unit-ledger.md", "Legal moves")))
    assert {row[0].strip("`"): set(codes(row[1])) for row in rows} == {
        source.value: values(targets) for source, targets in LEGAL_MOVES.items()
    }
    assert {row[0].strip("`") for row in rows if row[2] == "yes"} == values(HOLDING_STAGES)
    drawn = re.findall(r"^    (\w+) --> (\w+)$", text_of("docs/unit-ledger.md"), flags=re.MULTILINE)
    assert sorted(drawn) == sorted(
        (source.value, target.value) for source, targets in LEGAL_MOVES.items() for target in targets
    )


# docs/glossary.md

GLOSSARY = {
    "Commands": {command.__name__ for command in COMMANDS},
    "Events": set(EVENTS),
    "Status of an order": values(Status),
    "Stage of a unit": values(Stage),
    "Reason of a hold": values(HoldReason),
    "Role of an actor": values(Role) | {SYSTEM.role},
    "Reason of a cancellation": values(CancellationReason),
    "Method of delivery": values(DeliveryMethod),
    "Kind of location": values(LocationKind),
    "Kind of variant": values(VariantKind),
    "Kind of movement": values(MovementKind),
    "Rule of sourcing": values(SourcingRule),
    "Reason why a location lost": values(LosingReason),
    "Policy for missing stock": values(MissingStockPolicy),
    "Kind of change": values(ChangeKind),
    "Audience of an event": values(Audience),
    "Kind of message": values(MessageKind),
    "Purpose of a code": values(CodePurpose),
    "Kind of delivery": values(DeliveryKind),
    "State of a delivery": values(DeliveryState),
    "Reason for giving a delivery up": values(GivenUpReason),
    "Reason for disabling an endpoint": values(DisabledReason),
}


@pytest.mark.parametrize("heading", GLOSSARY)
def test_the_glossary_has_every_word_of_the_code_and_no_other(heading: str) -> None:
    rows = list(table(section("docs/glossary.md", heading)))
    assert sorted(row[0].strip("`") for row in rows) == sorted(GLOSSARY[heading])
    assert [row for row in rows if len(row) != 4 or not all(row)] == []


SPOKEN = {
    "Status of an order": "status",
    "Stage of a unit": "stage",
    "Reason of a hold": "hold",
    "Role of an actor": "role",
    "Reason of a cancellation": "reason",
    "Method of delivery": "method",
    "Kind of change": "change",
    "Purpose of a code": "purpose",
    "Reason for giving a delivery up": "given_up_reason",
    "Reason for disabling an endpoint": "disabled_reason",
}


@pytest.mark.parametrize("heading", SPOKEN)
def test_the_glossary_speaks_as_the_sentences_do(heading: str) -> None:
    for code, english, french, _ in table(section("docs/glossary.md", heading)):
        word = code.strip("`")
        if word != SYSTEM.role:
            assert (english, french) == (label(SPOKEN[heading], word, "en"), label(SPOKEN[heading], word, "fr"))


def test_the_glossary_has_one_meaning_for_each_word() -> None:
    words = re.findall(r"^\| ([^|`]+) \|", section("docs/glossary.md", "Words"), flags=re.MULTILINE)[1:]
    assert words == sorted(set(words), key=str.lower)


# docs/events.md


def test_the_events_are_documented_with_their_fields() -> None:
    common = {field.name for field in msgspec.structs.fields(OrderEvent)}
    rows = {row[0].strip("`"): row for row in table(text_of("docs/events.md").partition("## What follows")[0])}
    assert rows.keys() == EVENTS.keys()
    for name, event in EVENTS.items():
        of_order = issubclass(event, OrderEvent)
        own = [field.name for field in msgspec.structs.fields(event) if not (of_order and field.name in common)]
        assert (rows[name][1], codes(rows[name][2])) == ("order" if of_order else "document", own)


# docs/decisions and CHANGELOG.md


@pytest.mark.parametrize(("number", "decision"), list(enumerate(DECISIONS, start=1)), ids=lambda one: str(one)[-60:])
def test_a_decision_has_its_number_and_its_four_parts(number: int, decision: Path) -> None:
    text = decision.read_text(encoding="utf-8")
    assert text.startswith(f"# {number:04} ")
    assert decision.name.startswith(f"{number:04}-")
    assert re.findall(r"^## (.+)$", text, flags=re.MULTILINE) == [
        "Context",
        "Decision",
        "Consequences",
        "Alternatives",
    ]
    title = text.partition("\n")[0].removeprefix(f"# {number:04} ")
    assert f"| [{number:04}]({decision.name}) | {title} |" in text_of("docs/decisions/README.md")


def test_the_changelog_begins_with_this_version() -> None:
    assert re.findall(r"^## (\S+)", text_of("CHANGELOG.md"), flags=re.MULTILINE)[0] == __version__
