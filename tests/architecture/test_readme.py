"""The tables of the README are those of the code: subcommands, settings, tasks."""

import re
from pathlib import Path
from typing import Final

import cyclopts
import msgspec

from aftercart.cli.app import app
from aftercart.settings import ENVIRONMENT_PREFIX, Settings

ROOT: Final = Path(__file__).parents[2]
README: Final = (ROOT / "README.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table below a heading, without the marks of code."""
    _, found, rest = README.partition(f"\n## {heading}\n")
    assert found
    lines = rest.partition("\n## ")[0].splitlines()
    return [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]


def subcommands(part: cyclopts.App, name: str) -> list[str]:
    """Return the names of all subcommands that do something, groups left out."""
    inner = [one for one in part if not one.startswith("-")]
    itself = [name] if part.default_command else []
    return itself + [found for one in inner for found in subcommands(part[one], f"{name} {one}")]


def test_every_subcommand_is_in_the_table() -> None:
    assert sorted(row[0] for row in rows("Command line")) == sorted(subcommands(app, "aftercart"))


def test_every_setting_is_in_the_table_with_its_default() -> None:
    expected = [
        [f"{ENVIRONMENT_PREFIX}{field.name.upper()}", "" if field.default is None else str(field.default)]
        for field in msgspec.structs.fields(Settings)
    ]
    assert [row[:2] for row in rows("Settings")] == expected


def test_every_task_that_is_named_exists() -> None:
    tasks = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    named = set(re.findall(r"^make ([a-z]+)|`make ([a-z]+)`", README, flags=re.MULTILINE))
    assert {first or second for first, second in named} - tasks == set()
