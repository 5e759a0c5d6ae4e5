"""A file fits in one sitting, a function on one screen, and every module says first what it is for."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
FILE_LINES_MAX = 300
FUNCTION_LINES_MAX = 50


def path_id(path: Path) -> str:
    return str(path.relative_to(ROOT))


def long_functions(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES_MAX:
                yield f"{node.name} has {lines} lines"


@pytest.mark.parametrize("path", SOURCES + TESTS, ids=path_id)
def test_files_and_functions_stay_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= FILE_LINES_MAX
    assert list(long_functions(text)) == []


@pytest.mark.parametrize("path", SOURCES, ids=path_id)
def test_every_module_starts_with_one_sentence(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    assert docstring.partition("\n")[0].endswith((".", ":", "?")), docstring


def test_a_long_function_is_noticed() -> None:
    text = "def endless():\n" + "    pass\n" * FUNCTION_LINES_MAX
    assert list(long_functions(text)) == ["endless has 51 lines"]
