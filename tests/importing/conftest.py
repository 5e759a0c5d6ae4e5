"""A second shop beside the first one, to compare what comes of the same past."""

from collections.abc import Generator
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from tests.conftest import after_database_test


@pytest.fixture
def second_database_url(server_url: str, template_database: str) -> Generator[str]:
    """The URL of another migrated database; the audit runs over it too."""
    name = f"test_{uuid4().hex}"
    url = make_conninfo(server_url, dbname=name)
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template_database}".encode())
    try:
        yield url
        after_database_test(url)
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
