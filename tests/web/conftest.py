"""What tests of the API may ask for."""

from collections.abc import AsyncGenerator

import pytest
from tests.web.builders import Api, open_api


@pytest.fixture
async def api(database_url: str) -> AsyncGenerator[Api]:
    """The API of a small shop on a database of its own."""
    async with open_api(database_url) as opened:
        yield opened
