"""What stories about the bus start from."""

from collections.abc import Generator

import psycopg
import pytest
from tests.kit.bus_story import set_up


@pytest.fixture
def toy_url(database_url: str) -> Generator[str]:
    """The URL of a database with the toy business; nothing of it is left for the audit, which knows other events."""
    set_up(database_url)
    yield database_url
    with psycopg.connect(database_url) as connection:
        connection.execute("TRUNCATE kit.event_log, kit.event_queue, kit.outcomes")
