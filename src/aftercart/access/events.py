"""What happens to access."""

from datetime import datetime
from uuid import UUID

from aftercart.access.model import CodePurpose, Role
from aftercart.kit.state import Event


class ApiKeyCreated(Event, frozen=True, kw_only=True):
    """Somebody got a key; a customer's reaches only ``order_id``."""

    secret_hash: str
    role: Role
    label: str
    order_id: UUID | None
    created_at: datetime


class CustomerLinkCreated(Event, frozen=True, kw_only=True):
    """Whoever has the token of this hash reaches the page of ``order_id`` until ``expires_at``."""

    order_id: UUID
    token_hash: str
    created_at: datetime
    expires_at: datetime


class CustomerCodeRequested(Event, frozen=True, kw_only=True):
    """A code was made for the customer of an order; it goes out by mail and stands in no table and no event."""

    order_id: UUID
    purpose: CodePurpose
    code_hash: str
    created_at: datetime
    expires_at: datetime


class CustomerCodeRejected(Event, frozen=True, kw_only=True):
    """Somebody typed something else than the code; ``attempts`` of it are used up now."""

    order_id: UUID
    attempts: int


class CustomerCodeRedeemed(Event, frozen=True, kw_only=True):
    """Somebody typed the right code, which is used up by it."""

    order_id: UUID
    purpose: CodePurpose
    attempts: int
    used_at: datetime
