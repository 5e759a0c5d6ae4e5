"""Reading the documents of the project: their sections, tables and code words."""

import enum
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


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
