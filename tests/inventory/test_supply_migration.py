"""A shop that was there before supply: what its orders wait for is counted, and its early cut-offs stay."""

import shutil
from collections.abc import Generator
from importlib.resources import as_file, files
from pathlib import Path
from typing import LiteralString
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from aftercart.kit.migrate import migrate

BEFORE: tuple[LiteralString, ...] = (
    """
    INSERT INTO inventory.locations
    SELECT code, 'n', 'warehouse', '{}', 'Europe/Paris', cutoff::time, '[1]', true, true, true, NULL, 1
    FROM (VALUES ('W1', '14:00'), ('W2', '06:30'), ('W3', '00:00')) AS k (code, cutoff)
    """,
    "INSERT INTO inventory.stock VALUES ('A', 'W1', 5, 2, 0, 0, 0)",
    """
    INSERT INTO orders.units (order_id, line, location, stage, sku, quantity)
    SELECT gen_random_uuid(), 1, location, stage, sku, quantity
    FROM (VALUES
        ('A', 'W1', 'reserved', 2), ('A', 'W1', 'backordered', 3), ('A', 'W1', 'backordered', 4),
        ('B', 'W2', 'backordered', 1), ('B', 'W2', 'canceled', 9)) AS u (sku, location, stage, quantity)
    """,
)
STOCK: LiteralString = """
    SELECT sku, location, on_hand, reserved, backordered, incoming FROM inventory.stock ORDER BY sku, location
"""
OPENING: LiteralString = "SELECT code, to_char(opens, 'HH24:MI') FROM inventory.locations ORDER BY code"


@pytest.fixture
def old_database_url(server_url: str, tmp_path: Path) -> Generator[str]:
    """A database as it was before the migration."""
    name = f"test_{uuid4().hex}"
    with as_file(files("aftercart").joinpath("migrations")) as folder:
        for file in sorted(folder.glob("*.sql")):
            if file.name.endswith("_supply.sql"):
                break
            shutil.copy(file, tmp_path)
    url = make_conninfo(server_url, dbname=name)
    migrate(url, folder=tmp_path)
    yield url
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def test_units_that_wait_are_counted_and_early_cutoffs_stay(old_database_url: str) -> None:
    with psycopg.connect(old_database_url) as connection:
        for statement in BEFORE:
            connection.execute(statement)
    migrate(old_database_url)
    with psycopg.connect(old_database_url) as connection:
        assert connection.execute(STOCK).fetchall() == [("A", "W1", 5, 2, 7, None), ("B", "W2", 0, 0, 1, None)]
        assert connection.execute(OPENING).fetchall() == [("W1", "08:00"), ("W2", "00:00"), ("W3", "00:00")]
