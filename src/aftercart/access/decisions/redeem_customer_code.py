"""Typing the code that came by mail."""

import hmac
from datetime import datetime
from typing import Final
from uuid import UUID

from aftercart.access.events import CustomerCodeRedeemed, CustomerCodeRejected
from aftercart.access.model import CodePurpose, CustomerCode
from aftercart.kit.commands import Command
from aftercart.kit.refusal import Refusal

CODE_TRIES_MAX: Final = 5
"""With eight digits and five codes an hour, a guesser of one order's codes needs 228 years on average."""
_NO_CODE: Final = "0" * 64


class RedeemCustomerCode(Command, frozen=True, kw_only=True):
    """Use the code up if it is the right one; ``code_hash`` is that of what was typed."""

    order_id: UUID
    code_id: UUID
    code_hash: str
    purpose: CodePurpose


class CustomerCodeRefused(Refusal):
    """The code is wrong, for something else, used up, tried too often or too old: nobody is told which."""

    status = 403

    def __init__(self) -> None:
        super().__init__(param="code")


def redeem_customer_code(
    command: RedeemCustomerCode, code: CustomerCode | None, *, now: datetime
) -> CustomerCodeRedeemed | CustomerCodeRejected | None:
    """Returns what the try comes to: ``None`` when there is no such code, or none that may still be tried.

    A wrong try is a fact, not a refusal: it must be counted. Whoever asked turns both failures into the same
    ``CustomerCodeRefused``. The comparison takes as long for any code, for none too.
    """
    right = hmac.compare_digest(command.code_hash, _NO_CODE if code is None else code.code_hash)
    if code is None or code.used_at is not None or code.attempts >= CODE_TRIES_MAX or now >= code.expires_at:
        return None
    attempts = code.attempts + 1
    if not right or command.purpose is not code.purpose:
        return CustomerCodeRejected(order_id=command.order_id, attempts=attempts)
    return CustomerCodeRedeemed(order_id=command.order_id, purpose=code.purpose, attempts=attempts, used_at=now)
