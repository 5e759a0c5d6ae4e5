"""Words for stories about deliveries: a planned feed, what waits, and partners who answer as they are told."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

import msgspec
from tests.worker.builders import ADMIN

from aftercart.kit.sequencer import sequence
from aftercart.notifications.decisions.create_webhook_endpoint import CreateWebhookEndpoint
from aftercart.notifications.handlers import EndpointRef
from aftercart.notifications.ports import Mail, WebhookCall
from aftercart.shop import Shop
from aftercart.worker.courier import Courier
from aftercart.worker.delivery_planner import DeliveryPlanner

ENDPOINT_URL: Final = "https://erp.example/hooks"


async def plan(shop: Shop) -> None:
    """Sequences and plans until nothing is left to do."""
    planner = DeliveryPlanner(shop)
    while await sequence(shop.database) + await planner.turn():
        pass
    await planner.release()


async def deliver(*couriers: Courier) -> None:
    """Lets couriers work until nothing is due any more."""
    busy = True
    while busy:
        taken = [await courier.turn() for courier in couriers]
        for courier in couriers:
            await courier.rest()
        busy = any(taken)


async def states(shop: Shop, kind: str | None = None) -> list[tuple[str, str, int]]:
    """Returns ``(event, state, attempts)`` of every delivery (of a kind), in the order of their events."""
    return [(event, state, attempts) for event, state, attempts in await shop.database.rows(_STATES, {"kind": kind})]


async def errors(shop: Shop) -> list[str | None]:
    """Returns the last error of every delivery, in the order of their events."""
    return [error for (error,) in await shop.database.rows(_ERRORS)]


async def events_of(shop: Shop, event_type: str) -> list[dict[str, Any]]:
    """Returns the fields of every event of a type."""
    rows = await shop.database.rows(_EVENTS, {"type": event_type})
    return [msgspec.json.decode(row) for (row,) in rows]


async def create_endpoint(shop: Shop, *event_types: str, url: str = ENDPOINT_URL) -> UUID:
    """Creates an endpoint and returns its id."""
    command = CreateWebhookEndpoint(url=url, event_types=event_types)
    answer = await shop.submit(command, ADMIN)
    return msgspec.json.decode(answer.result, type=EndpointRef).endpoint_id


class FakeMailer:
    """A mailer that keeps what it was given; ``answer`` may raise what a server would."""

    def __init__(self, answer: Callable[[Mail], None] = lambda _: None) -> None:
        self.answer = answer
        self.sent: list[Mail] = []
        self.tried: list[Mail] = []

    async def send(self, mail: Mail) -> None:
        """Takes the mail, or raises."""
        self.tried.append(mail)
        self.answer(mail)
        self.sent.append(mail)


class FakeCaller:
    """A caller that keeps its calls; ``answer`` returns the status, or raises."""

    def __init__(self, answer: Callable[[WebhookCall], int] = lambda _: 204) -> None:
        self.answer = answer
        self.calls: list[WebhookCall] = []

    async def call(self, call: WebhookCall) -> int:
        """Returns what the other system answers."""
        self.calls.append(call)
        return self.answer(call)


_STATES: Final = """
    SELECT e.type, d.state, d.attempts
    FROM notifications.deliveries AS d
    JOIN kit.event_feed AS f ON f."offset" = d."offset"
    JOIN kit.event_log AS e ON e.position = f.position
    WHERE %(kind)s::text IS NULL OR d.kind = %(kind)s
    ORDER BY d."offset", d.endpoint
"""
_ERRORS: Final = """
    SELECT last_error FROM notifications.deliveries ORDER BY "offset", endpoint
"""
_EVENTS: Final = """
    SELECT data::text FROM kit.event_log WHERE type = %(type)s ORDER BY position
"""
