"""Asking for a code by mail, which proves that the mailbox of an order's customer is one's own."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from aftercart.access.events import CustomerCodeRequested
from aftercart.access.model import CodePurpose, CustomerCodes
from aftercart.kit.commands import Command
from aftercart.kit.refusal import Refusal

CODE_LIFETIME: Final = timedelta(minutes=15)
"""Long enough for a slow mail and a slow reader, short enough for a screen left unlocked."""
CODES_MAX: Final = 5
CODES_WITHIN: Final = timedelta(hours=1)
"""At most ``CODES_MAX`` codes per order in this time: nobody's mailbox is flooded, and guessing stays hopeless."""


class RequestCustomerCode(Command, frozen=True, kw_only=True):
    """Make the code of this hash and mail it to the order's customer; the code itself is never seen here."""

    order_id: UUID
    code_id: UUID
    code_hash: str
    purpose: CodePurpose


class TooManyCustomerCodes(Refusal):
    """So many codes were asked for that the order's customer gets no further one for a while."""

    status = 429

    def __init__(self, *, retry_after_seconds: int) -> None:
        super().__init__(retry_after_seconds=retry_after_seconds)


def request_customer_code(
    command: RequestCustomerCode, codes: CustomerCodes, *, now: datetime
) -> CustomerCodeRequested:
    """Returns the new code's event; raises ``TooManyCustomerCodes``."""
    recent = [code.created_at for code in codes.codes if code.created_at > now - CODES_WITHIN]
    if len(recent) >= CODES_MAX:
        free_at = sorted(recent)[-CODES_MAX] + CODES_WITHIN
        raise TooManyCustomerCodes(retry_after_seconds=int((free_at - now).total_seconds()) + 1)
    return CustomerCodeRequested(
        order_id=command.order_id,
        purpose=command.purpose,
        code_hash=command.code_hash,
        created_at=now,
        expires_at=now + CODE_LIFETIME,
    )
