"""Whether the shop answers."""

import asyncio
from typing import Final, Literal

import msgspec
import psycopg
import psycopg_pool

from aftercart.web.api.call import Call
from aftercart.web.api.order_commands import encode
from aftercart.web.api.reply import Reply
from aftercart.web.api.route import Answered, Route

DATABASE_WAIT_SECONDS: Final = 2.0


class HealthAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """``ok``, or ``database_away`` while PostgreSQL does not answer."""

    status: Literal["ok", "database_away"]


async def read(call: Call) -> Reply:
    """Asks the database for a sign of life."""
    try:
        async with asyncio.timeout(DATABASE_WAIT_SECONDS):
            await call.shop.database.rows("SELECT 1")
    except (psycopg.Error, psycopg_pool.PoolTimeout, TimeoutError):
        return Reply(503, encode(HealthAnswer(status="database_away")))
    return Reply(200, encode(HealthAnswer(status="ok")))


ROUTES: Final = (
    Route(
        name="read_health",
        method="GET",
        path="/health",
        tag="Operation",
        summary="Ask whether the shop answers",
        handle=read,
        anonymous=True,
        answers=(
            Answered(status=200, meaning="All is well", shape=HealthAnswer),
            Answered(status=503, meaning="The database is away", shape=HealthAnswer),
        ),
    ),
)
