"""How access changes on its events."""

from collections.abc import Iterator
from uuid import UUID

from aftercart.access.events import ApiKeyCreated
from aftercart.access.model import ApiKey, ApiKeyKey
from aftercart.kit.state import State


def evolve_api_key(stream: UUID, event: ApiKeyCreated, _state: State) -> Iterator[tuple[ApiKeyKey, ApiKey]]:
    """Yields the new key."""
    yield (
        ApiKeyKey(stream),
        ApiKey(
            key_id=stream,
            secret_hash=event.secret_hash,
            role=event.role,
            label=event.label,
            order_id=event.order_id,
            created_at=event.created_at,
        ),
    )
