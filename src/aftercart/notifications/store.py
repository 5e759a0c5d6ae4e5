"""Endpoints and given-up deliveries in PostgreSQL; the way of a delivery until then is in ``outbox.py``."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import msgspec

from aftercart.kit.state import Change, Kind, Statement
from aftercart.notifications.model import Delivery, DeliveryKey, WebhookEndpoint, WebhookEndpointKey

_encode: Final = msgspec.json.Encoder().encode


def _endpoint_ids(keys: Sequence[WebhookEndpointKey]) -> dict[str, object]:
    return {"endpoint_ids": [key.endpoint_id for key in keys]}


def _read_endpoints(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[WebhookEndpointKey, WebhookEndpoint]]:
    for (row,) in rows:
        endpoint = msgspec.json.decode(row, type=WebhookEndpoint)
        yield WebhookEndpointKey(endpoint.endpoint_id), endpoint


def _save_endpoints(changes: Sequence[Change]) -> Iterable[Statement]:
    return (Statement(_SAVE_ENDPOINTS, _rows(changes)),)


def _delivery_ids(keys: Sequence[DeliveryKey]) -> dict[str, object]:
    return {"delivery_ids": [key.delivery_id for key in keys]}


def _read_deliveries(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[DeliveryKey, Delivery]]:
    for (row,) in rows:
        delivery = msgspec.json.decode(row, type=Delivery)
        yield DeliveryKey(delivery.delivery_id), delivery


def _save_deliveries(changes: Sequence[Change]) -> Iterable[Statement]:
    return (Statement(_SAVE_DELIVERIES, _rows(changes)),)


def _rows(changes: Sequence[Change]) -> dict[str, object]:
    return {"rows": _encode([change.after for change in changes]).decode()}


_LOCK_ENDPOINTS: Final = """
    SELECT endpoint_id
    FROM notifications.webhook_endpoints
    WHERE endpoint_id = ANY(%(endpoint_ids)s)
    ORDER BY endpoint_id
    FOR NO KEY UPDATE
"""

_LOAD_ENDPOINTS: Final = """
    SELECT to_json(e)::text FROM notifications.webhook_endpoints AS e WHERE e.endpoint_id = ANY(%(endpoint_ids)s)
"""

_SAVE_ENDPOINTS: Final = """
    INSERT INTO notifications.webhook_endpoints (
        endpoint_id, url, description, event_types, created_at, disabled_at, disabled_reason, version)
    SELECT endpoint_id, url, description, event_types, created_at, disabled_at, disabled_reason, version
    FROM json_to_recordset(%(rows)s) AS r (
        endpoint_id uuid, url text, description text, event_types jsonb, created_at timestamptz,
        disabled_at timestamptz, disabled_reason text, version integer)
    ON CONFLICT (endpoint_id) DO UPDATE SET
        disabled_at = excluded.disabled_at, disabled_reason = excluded.disabled_reason, version = excluded.version
"""

_LOCK_DELIVERIES: Final = """
    SELECT delivery_id
    FROM notifications.deliveries
    WHERE delivery_id = ANY(%(delivery_ids)s)
    ORDER BY delivery_id
    FOR NO KEY UPDATE
"""

_LOAD_DELIVERIES: Final = """
    SELECT json_build_object(
        'delivery_id', delivery_id, 'kind', kind, 'endpoint', endpoint, 'stream', stream, 'state', state,
        'attempts', attempts, 'lease_token', lease_token, 'settled_at', settled_at, 'last_status', last_status,
        'last_error', last_error)::text
    FROM notifications.deliveries
    WHERE delivery_id = ANY(%(delivery_ids)s)
"""

_SAVE_DELIVERIES: Final = """
    UPDATE notifications.deliveries AS d
    SET state = r.state, settled_at = r.settled_at, last_status = r.last_status, last_error = r.last_error,
        leased_until = NULL
    FROM json_to_recordset(%(rows)s) AS r (
        delivery_id uuid, state text, settled_at timestamptz, last_status integer, last_error text)
    WHERE d.delivery_id = r.delivery_id
"""

ENDPOINTS: Final = Kind(
    key=WebhookEndpointKey,
    rank=60,
    lock=lambda keys: Statement(_LOCK_ENDPOINTS, _endpoint_ids(keys)),
    load=lambda keys: Statement(_LOAD_ENDPOINTS, _endpoint_ids(keys)),
    read=_read_endpoints,
    save=_save_endpoints,
)
DELIVERIES: Final = Kind(
    key=DeliveryKey,
    rank=65,
    lock=lambda keys: Statement(_LOCK_DELIVERIES, _delivery_ids(keys)),
    load=lambda keys: Statement(_LOAD_DELIVERIES, _delivery_ids(keys)),
    read=_read_deliveries,
    save=_save_deliveries,
)

KINDS: Final = (ENDPOINTS, DELIVERIES)
