"""What races start from."""

from collections.abc import Generator
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import make_conninfo


@pytest.fixture
def unaudited_url(server_url: str, template_database: str) -> Generator[str]:
    """The URL of a migrated database for controls: what they break on purpose, the audit need not find again."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {template_database}".encode())
        try:
            yield make_conninfo(server_url, dbname=name)
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
