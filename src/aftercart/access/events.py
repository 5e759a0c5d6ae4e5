"""What happens to access."""

from datetime import datetime
from uuid import UUID

from aftercart.access.model import Role
from aftercart.kit.state import Event


class ApiKeyCreated(Event, frozen=True, kw_only=True):
    """Somebody got a key; a customer's reaches only ``order_id``."""

    secret_hash: str
    role: Role
    label: str
    order_id: UUID | None
    created_at: datetime
