"""The same file name means the same thing in every area, enums explain their members, one place reads the clock."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "aftercart"
SOURCES = sorted(PACKAGE.rglob("*.py"))
AREAS = sorted(path.parent for path in [*PACKAGE.glob("*/model.py"), *PACKAGE.glob("*/model/")])
ROLES = {
    "__init__",
    "model",
    "events",
    "rules",
    "decisions",
    "evolve",
    "store",
    "store_sql",
    "queries",
    "scouts",
    "handlers",
}
"""A role is a file, or a folder of the same name where one file would be too long."""
MORE_ROLES = {"notifications": {"audience", "messages", "ports", "planning", "outbox"}, "shipping": {"ports"}}
"""What an area has beyond its roles: its ports, what it composes, and work that waits in its tables."""
NO_AREAS = {"importing"}
"""Packages that have a model of their own outside the areas."""
CLOCK = PACKAGE / "kit" / "clock.py"
CLOCK_READERS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
}


def path_id(path: Path) -> str:
    return str(path.relative_to(ROOT))


def names_of(expression: ast.expr) -> str:
    return expression.attr if isinstance(expression, ast.Attribute) else getattr(expression, "id", "")


def test_the_areas_are_found() -> None:
    assert {"access", "catalog", "inventory", "orders", "shipping", "sourcing"} <= {area.name for area in AREAS}


@pytest.mark.parametrize("area", [area for area in AREAS if area.name not in NO_AREAS], ids=path_id)
def test_an_area_has_only_files_whose_names_say_what_they_are(area: Path) -> None:
    allowed = ROLES | MORE_ROLES.get(area.name, set())
    assert {path.stem for path in area.iterdir()} - allowed - {"__pycache__"} == set()


@pytest.mark.parametrize("area", [area for area in AREAS if (area / "decisions").exists()], ids=path_id)
def test_a_decision_file_holds_the_function_of_its_name(area: Path) -> None:
    for path in sorted((area / "decisions").glob("[a-z]*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        assert path.stem in functions, path_id(path)


def unexplained_members(source: str) -> Iterator[str]:
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ClassDef) or not any(names_of(base).endswith("Enum") for base in node.bases):
            continue
        for member in node.body:
            if isinstance(member, ast.Assign) and "  # " not in lines[member.lineno - 1]:
                yield f"{node.name}.{names_of(member.targets[0])}"


@pytest.mark.parametrize("path", SOURCES, ids=path_id)
def test_every_member_of_an_enum_has_a_comment(path: Path) -> None:
    assert list(unexplained_members(path.read_text(encoding="utf-8"))) == []


def test_a_member_without_comment_is_noticed() -> None:
    source = "class Color(enum.Enum):\n    RED = 'red'  # of roses\n    BLUE = 'blue'\n"
    assert list(unexplained_members(source)) == ["Color.BLUE"]


def clock_readings(source: str) -> Iterator[int]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and (names_of(node.value), node.attr) in CLOCK_READERS:
            yield node.lineno


@pytest.mark.parametrize("path", [path for path in SOURCES if path != CLOCK], ids=path_id)
def test_only_one_place_reads_the_clock(path: Path) -> None:
    assert list(clock_readings(path.read_text(encoding="utf-8"))) == []


def test_a_reading_of_the_clock_is_noticed() -> None:
    assert list(clock_readings("at = datetime.now(UTC)\nstarted = time.time()\nthen = clock.now()")) == [1, 2]
    assert list(clock_readings(CLOCK.read_text(encoding="utf-8"))) != []
