"""What tests of the customer's pages may ask for."""

from collections.abc import AsyncGenerator

import pytest
from tests.portal.browsing import Customer, open_customer
from tests.web.builders import Api, open_api


@pytest.fixture
async def api(database_url: str) -> AsyncGenerator[Api]:
    """The API of a small shop on a database of its own."""
    async with open_api(database_url) as opened:
        yield opened


@pytest.fixture
async def customer(api: Api) -> AsyncGenerator[Customer]:
    """A customer with a browser and an order of two shoes, not let in to it yet."""
    async with open_customer(api) as customer:
        yield customer
