"""Tokens, codes and signing keys derived from the server's one secret, so that no table holds what lets somebody in."""

import base64
import hashlib
import hmac
from typing import Final
from uuid import UUID

CODE_DIGITS: Final = 8
WEBHOOK_SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - no secret, only its beginning
"""How secrets begin in the Standard Webhooks specification."""


def link_token(secret: bytes, link_id: UUID, email: str) -> str:
    """Returns the 256 bits that open a customer's link, as 43 characters that are safe in a URL.

    They are of the e-mail address the link is for: a link to one address is none to another.
    """
    derived = _derive(secret, "customer link", f"{link_id} {email}")
    return base64.urlsafe_b64encode(derived).rstrip(b"=").decode()


def hash_of_token(token: str) -> str:
    """Returns the hash under which a token is kept; tokens have 256 bits, so one round is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def customer_code(secret: bytes, code_id: UUID) -> str:
    """Returns the eight digits that are mailed to the customer."""
    number = int.from_bytes(_derive(secret, "customer code", str(code_id)))
    return f"{number % 10**CODE_DIGITS:0{CODE_DIGITS}}"


def hash_of_code(secret: bytes, code_id: UUID, code: str) -> str:
    """Returns the hash under which a code is kept: keyed, as eight digits alone would be found by trying them all."""
    return _derive(secret, "customer code typed", f"{code_id} {code}").hex()


def webhook_secret(secret: bytes, endpoint_id: UUID) -> str:
    """Returns the key that signs what is sent to an endpoint, as its owner gets it."""
    derived = _derive(secret, "webhook endpoint", str(endpoint_id))
    return WEBHOOK_SECRET_PREFIX + base64.b64encode(derived).decode()


def _derive(secret: bytes, purpose: str, of: str) -> bytes:
    return hmac.digest(secret, f"{purpose}\0{of}".encode(), "sha256")
