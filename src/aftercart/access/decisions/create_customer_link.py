"""Giving the customer of an order a link to its page."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from aftercart.access.events import CustomerLinkCreated
from aftercart.kit.commands import Command

LINK_LIFETIME: Final = timedelta(days=90)
"""Long enough for the delivery, the 14 days of withdrawal and a return on its way; later mails bring a newer link."""


class CreateCustomerLink(Command, frozen=True, kw_only=True):
    """Let whoever has the token of this hash see the order; the token itself is never seen here."""

    order_id: UUID
    link_id: UUID
    token_hash: str


def create_customer_link(command: CreateCustomerLink, *, now: datetime) -> CustomerLinkCreated:
    """Returns the new link's event; it works for ``LINK_LIFETIME``."""
    return CustomerLinkCreated(
        order_id=command.order_id,
        token_hash=command.token_hash,
        created_at=now,
        expires_at=now + LINK_LIFETIME,
    )
