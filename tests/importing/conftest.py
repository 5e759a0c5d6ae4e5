"""A second shop beside the first one, to compare what comes of the same past."""

from collections.abc import Generator

import pytest
from tests.conftest import after_database_test, copied_database


@pytest.fixture
def second_database_url(server_url: str, template_database: str) -> Generator[str]:
    """The URL of another migrated database; the audit runs over it too."""
    with copied_database(server_url, template_database) as url:
        yield url
        after_database_test(url)
