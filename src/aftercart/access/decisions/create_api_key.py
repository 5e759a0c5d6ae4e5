"""Giving somebody a key to the API."""

from datetime import datetime
from uuid import UUID

from aftercart.access.events import ApiKeyCreated
from aftercart.access.model import Role
from aftercart.kit.commands import Command
from aftercart.kit.refusal import Invalid


class CreateApiKey(Command, frozen=True, kw_only=True):
    """Let whoever has the secret of this hash call as ``role``; the secret itself is never seen here."""

    secret_hash: str
    role: Role
    label: str = ""
    order_id: UUID | None = None


def create_api_key(command: CreateApiKey, *, now: datetime) -> ApiKeyCreated:
    """Returns the new key's event; raises ``Invalid`` for an order bound to anybody but a customer."""
    if command.order_id is not None and command.role is not Role.CUSTOMER:
        raise Invalid(param="order_id", expected="nothing, unless the role is customer", got=str(command.order_id))
    return ApiKeyCreated(
        secret_hash=command.secret_hash,
        role=command.role,
        label=command.label,
        order_id=command.order_id,
        created_at=now,
    )
