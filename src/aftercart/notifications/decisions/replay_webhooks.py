"""Telling another system again what it missed."""

from typing import Annotated, Final
from uuid import UUID

import msgspec

from aftercart.kit.commands import Command
from aftercart.kit.refusal import Invalid, Refusal
from aftercart.notifications.decisions.disable_webhook_endpoint import EndpointNotFound
from aftercart.notifications.events import WebhooksReplayRequested
from aftercart.notifications.model import WebhookEndpoint

REPLAY_EVENTS_MAX: Final = 100_000
"""One replay is planned in one transaction; who needs more asks again, or reads the feed."""
OFFSET_MAX: Final = 2**62

Offset = Annotated[int, msgspec.Meta(ge=0, le=OFFSET_MAX)]


class ReplayWebhooks(Command, frozen=True, kw_only=True):
    """Tell the endpoint again of the feed's events behind offset ``after``, up to ``until``."""

    endpoint_id: UUID
    after: Offset
    until: Offset


class EndpointIsDisabled(Refusal):
    """The endpoint is told nothing any more."""

    def __init__(self) -> None:
        super().__init__(param="endpoint")


def replay_webhooks(command: ReplayWebhooks, endpoint: WebhookEndpoint | None) -> WebhooksReplayRequested:
    """Returns the event; raises ``EndpointNotFound``, ``EndpointIsDisabled``, ``Invalid`` for a range that is none."""
    if endpoint is None:
        raise EndpointNotFound
    if endpoint.disabled_at is not None:
        raise EndpointIsDisabled
    if not command.after < command.until <= command.after + REPLAY_EVENTS_MAX:
        expected = f"an offset behind after, by at most {REPLAY_EVENTS_MAX}"
        raise Invalid(param="until", expected=expected, got=command.until)
    return WebhooksReplayRequested(after=command.after, until=command.until)
