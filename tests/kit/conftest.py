"""What stories about the bus start from."""

from collections.abc import Generator

import psycopg
import pytest
import structlog
from tests.kit.bus_story import set_up

# The default for developers draws a traceback with all its variables, which takes a second a fault.
structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()])


@pytest.fixture
def toy_url(database_url: str) -> Generator[str]:
    """The URL of a database with the toy business; nothing of it is left for the audit, which knows other events."""
    set_up(database_url)
    yield database_url
    with psycopg.connect(database_url) as connection:
        connection.execute("TRUNCATE kit.event_log, kit.event_queue, kit.outcomes")
