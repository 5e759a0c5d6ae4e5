"""Endpoints are made for addresses that can be called, disabled once, and told again while they are not."""

from uuid import UUID

import msgspec
import pytest
from tests.scenario import NOW
from tests.story import given

from aftercart.kit.refusal import Invalid
from aftercart.notifications.decisions.create_webhook_endpoint import CreateWebhookEndpoint, create_webhook_endpoint
from aftercart.notifications.decisions.disable_webhook_endpoint import (
    DisableWebhookEndpoint,
    EndpointNotFound,
    disable_webhook_endpoint,
)
from aftercart.notifications.decisions.replay_webhooks import (
    REPLAY_EVENTS_MAX,
    EndpointIsDisabled,
    ReplayWebhooks,
    replay_webhooks,
)
from aftercart.notifications.events import (
    WebhookEndpointCreated,
    WebhookEndpointDisabled,
    WebhooksReplayRequested,
)
from aftercart.notifications.model import DisabledReason, WebhookEndpoint

ID = UUID("01934a3e-0000-7000-8000-00000000000e")
ENDPOINT = WebhookEndpoint(
    endpoint_id=ID,
    url="https://erp.example/hooks",
    description="",
    event_types=(),
    created_at=NOW,
    disabled_at=None,
    disabled_reason=None,
    version=1,
)
DISABLED = msgspec.structs.replace(ENDPOINT, disabled_at=NOW, disabled_reason=DisabledReason.ASKED, version=2)


def create(**wish: object) -> CreateWebhookEndpoint:
    return msgspec.convert({"url": ENDPOINT.url, **wish}, CreateWebhookEndpoint)


def decide_create(command: CreateWebhookEndpoint) -> WebhookEndpointCreated:
    return create_webhook_endpoint(command, now=NOW)


def test_an_endpoint_keeps_its_event_types_sorted_and_once() -> None:
    made = WebhookEndpointCreated(
        url=ENDPOINT.url, description="ERP", event_types=("OrderCanceled", "OrderPlaced"), created_at=NOW
    )
    types = ["OrderPlaced", "OrderCanceled", "OrderPlaced"]
    given(create(description="ERP", event_types=types)).when(decide_create).then(made)


@pytest.mark.parametrize("event_type", ["OrderEaten", "ApiKeyCreated", "DeliveryGivenUp", "CustomerCodeRequested"])
def test_an_endpoint_hears_only_of_what_concerns_other_systems(event_type: str) -> None:
    wish = create(event_types=["OrderPlaced", event_type])
    given(wish).when(decide_create).then_refused(Invalid, param="event_types[1]", got=event_type)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://erp.example/",
        "erp.example/hooks",
        "https://",
        "https:///hooks",
        "https://ada:secret@erp.example/",
        "https://erp.example/#part",
        "https://erp.example:port/",
        "https://erp.example:99999/",
        "https://erp.example/a b",
        "https://erp.example/\r\nHost: elsewhere",
        "https://[::1/",
        "https://bücher.example/",
        "javascript:alert(1)",
    ],
)
def test_an_address_that_cannot_be_called_is_refused(url: str) -> None:
    given(create(url=url)).when(decide_create).then_refused(Invalid, param="url", got=url)


@pytest.mark.parametrize(
    "url",
    ["https://erp.example", "http://localhost:9000/hooks?shop=1", "https://[2001:db8::1]:8443/x", "https://a.b/%C3%A9"],
)
def test_an_address_that_can_be_called_is_taken(url: str) -> None:
    assert given(create(url=url)).when(decide_create).event(WebhookEndpointCreated).url == url


def test_an_endpoint_is_disabled_once_and_says_why() -> None:
    command = DisableWebhookEndpoint(endpoint_id=ID, disabled_reason=DisabledReason.GONE)
    disabled = WebhookEndpointDisabled(disabled_reason=DisabledReason.GONE, disabled_at=NOW)
    given(ENDPOINT).when(lambda one: disable_webhook_endpoint(command, one, now=NOW)).then(disabled)
    given(DISABLED).when(lambda one: disable_webhook_endpoint(command, one, now=NOW)).then()
    given(None).when(lambda one: disable_webhook_endpoint(command, one, now=NOW)).then_refused(EndpointNotFound)


def test_a_part_of_the_feed_is_told_again() -> None:
    command = ReplayWebhooks(endpoint_id=ID, after=10, until=20)
    given(ENDPOINT).when(lambda one: replay_webhooks(command, one)).then(WebhooksReplayRequested(after=10, until=20))
    given(DISABLED).when(lambda one: replay_webhooks(command, one)).then_refused(EndpointIsDisabled)
    given(None).when(lambda one: replay_webhooks(command, one)).then_refused(EndpointNotFound)


@pytest.mark.parametrize(("after", "until"), [(5, 5), (6, 5), (0, REPLAY_EVENTS_MAX + 1)])
def test_a_range_that_is_none_or_too_long_is_refused(after: int, until: int) -> None:
    command = ReplayWebhooks(endpoint_id=ID, after=after, until=until)
    given(ENDPOINT).when(lambda one: replay_webhooks(command, one)).then_refused(Invalid, param="until", got=until)
