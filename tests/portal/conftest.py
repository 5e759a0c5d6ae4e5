"""What tests of the customer's pages may ask for."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest
from tests.portal.browsing import Customer, open_customer
from tests.web.builders import Api, open_api

from aftercart.kit.command_bus import CommandBus
from aftercart.kit.database import Database


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


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is asked of the database and the bus before an answer is given; errands come after it."""
    done: list[str] = []

    def counted(owner: type, name: str) -> None:
        genuine: Callable[..., Any] = getattr(owner, name)

        async def counting(*args: Any, **kwargs: Any) -> Any:
            task = asyncio.current_task()
            if task is not None and task.get_name() != "mail-code":
                done.append(f"{name} {args[1] if isinstance(args[1], str) else type(args[1]).__name__}")
            return await genuine(*args, **kwargs)

        monkeypatch.setattr(owner, name, counting)

    counted(Database, "rows")
    counted(CommandBus, "submit")
    return done
