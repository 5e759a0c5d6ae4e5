"""Customers who look at their order's page, each in a session of their own."""

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from aftercart.web.portal.sessions import Seals, Session
from aftercart.web.portal.visit import SESSION_COOKIE

SECRET: Final = secrets.token_urlsafe(32)
"""What the server under test signs with, so that the callers have sessions without asking for them."""
_UNTIL: Final = datetime(9999, 1, 1, tzinfo=UTC)


def page_requests(orders: Iterable[tuple[str, str]], *, host: str) -> list[bytes]:
    """Returns a whole request for the page of each order, which is given by its id and number."""
    seals = Seals(SECRET.encode())
    return [_request(seals, UUID(order_id), number, host) for order_id, number in orders]


def _request(seals: Seals, order_id: UUID, number: str, host: str) -> bytes:
    session = Session(session_id=secrets.token_urlsafe(32), order_id=order_id, number=number, until=_UNTIL)
    cookie = f"{SESSION_COOKIE}={seals.seal(session)}"
    return f"GET /orders/{number} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n".encode()
