"""Every SQL text in the code is one literal with named parameters that PostgreSQL understands as it stands."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
VERB = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH|MERGE|VALUES|TRUNCATE)\s")
PARAMETER = re.compile(r"%\((\w+)\)s")


class Sql(NamedTuple):
    where: str
    text: str


def sql_literals(path: Path, source: str) -> Iterator[Sql]:
    """Every literal that begins with a verb of SQL; literals joined by `+` count as one."""
    tree = ast.parse(source)
    named = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.AnnAssign | ast.Assign) and node.value is not None
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    part_of_more = {id(expression.value) for node in ast.walk(tree) for expression in docstrings(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            part_of_more |= {id(part) for side in (node.left, node.right) for part in parts(side, named)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.BinOp) and id(node) not in part_of_more:
            text = "".join(str(part.value) for part in parts(node, named) if isinstance(part, ast.Constant))
            if VERB.match(text):
                yield Sql(f"{path.name}:{node.lineno}", text)


def docstrings(node: ast.AST) -> Iterator[ast.Expr]:
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        yield from (first for first in node.body[:1] if isinstance(first, ast.Expr))


def parts(node: ast.expr, named: dict[str, ast.expr]) -> Iterator[ast.expr]:
    yield node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from parts(node.left, named)
        yield from parts(node.right, named)
    elif isinstance(node, ast.Name) and node.id in named:
        yield from parts(named[node.id], named)


def prepared(text: str) -> str:
    """The statement as PostgreSQL numbers its parameters."""
    numbers: dict[str, int] = {}
    if not PARAMETER.search(text):
        return text
    numbered = PARAMETER.sub(lambda found: f"${numbers.setdefault(found[1], len(numbers) + 1)}", text)
    return numbered.replace("%%", "%")


def complaints(url: str, literals: list[Sql]) -> list[str]:
    found: list[str] = []
    with psycopg.connect(url, autocommit=True) as connection:
        # Without a search path only schema-qualified names are found.
        connection.execute("SET search_path = ''")
        for number, (where, text) in enumerate(literals):
            try:
                connection.execute(f"PREPARE statement_{number} AS {prepared(text)}".encode())
            except psycopg.Error as error:
                found.append(f"{where}: {error.diag.message_primary}")
    return found


def test_every_sql_literal_is_prepared_against_the_migrated_schema(database_url: str) -> None:
    literals = [sql for path in SOURCES for sql in sql_literals(path, path.read_text(encoding="utf-8"))]
    assert len(literals) > 30
    wrong = complaints(database_url, literals)
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("SELECT nummer FROM orders.orders", 'column "nummer" does not exist'),
        ("SELECT code FROM channels", 'relation "channels" does not exist'),
        ("SELECT code FROM orders.channels WHERE code = %s", 'syntax error at or near "%"'),
        ("SELECT code FROM orders.channels WHERE version = %(a)s AND version = %(b)s::uuid", "operator does not exist"),
    ],
)
def test_a_wrong_statement_is_noticed(text: str, complaint: str, database_url: str) -> None:
    (found,) = complaints(database_url, list(sql_literals(Path("store.py"), f"QUERY = {text!r}")))
    assert found.startswith(f"store.py:1: {complaint}")


def test_literals_that_are_joined_are_one_statement() -> None:
    source = "A = 'SELECT code ' + FROM\nFROM = 'FROM orders.channels'\nB = 'no sql' + FROM"
    assert list(sql_literals(Path("store.py"), source)) == [("store.py:1", "SELECT code FROM orders.channels")]


def composed_sql(source: str) -> Iterator[int]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr) and node.values:
            first = node.values[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and VERB.match(first.value):
                yield node.lineno


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_sql_is_put_together_from_pieces(path: Path) -> None:
    assert list(composed_sql(path.read_text(encoding="utf-8"))) == []


def test_sql_put_together_from_pieces_is_noticed() -> None:
    assert list(composed_sql("ask(f'SELECT code FROM {table}')")) == [1]


def test_every_constraint_is_named_as_a_sentence(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        unnamed = connection.execute(
            """
            SELECT conname FROM pg_catalog.pg_constraint
            WHERE contype = 'c' AND conrelid <> 0 AND connamespace::regnamespace::text NOT IN ('pg_catalog',
                'information_schema') AND conname ~ '_check[0-9]*$'
            """
        ).fetchall()
    assert unnamed == []
