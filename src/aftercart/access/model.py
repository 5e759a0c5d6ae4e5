"""API keys and the roles they carry; links and codes that let a customer reach their order."""

import enum
import hashlib
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from aftercart.kit.ids import Ids
from aftercart.kit.state import Key

SECRET_PREFIX: Final = "ak_"  # noqa: S105 - no secret, only its beginning
"""Every secret begins with it, so that one that leaked is found by a search."""


class Role(enum.Enum):
    """What somebody is to the shop; ``permissions.py`` says what each may ask for."""

    ADMIN = "admin"  # the owner: everything
    MANAGER = "manager"  # sets rules, watches the numbers
    AGENT = "agent"  # customer service
    PICKER = "picker"  # takes goods from bins
    PACKER = "packer"  # puts them into parcels
    STORE = "store"  # a shop's staff
    PARTNER = "partner"  # an external warehouse
    INTEGRATOR = "integrator"  # a machine: the web shop, the ERP
    CUSTOMER = "customer"  # reaches one order, its own


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key to the API; of its secret only the hash is kept."""

    key_id: UUID
    secret_hash: str
    role: Role
    label: str
    order_id: UUID | None
    created_at: datetime


class ApiKeyKey(Key[ApiKey], frozen=True, order=True, gc=False):
    """One API key by its id."""

    key_id: UUID


class CustomerLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link to the page of one order; of its token only the hash is kept."""

    link_id: UUID
    order_id: UUID
    token_hash: str
    created_at: datetime
    expires_at: datetime


class CustomerLinkKey(Key[CustomerLink], frozen=True, order=True, gc=False):
    """One customer's link by its order and its id."""

    order_id: UUID
    link_id: UUID


class CodePurpose(enum.Enum):
    """What a code by mail is asked for."""

    SIGN_IN = "sign_in"  # to see the order without its link
    CONFIRM_CHANGE = "confirm_change"  # to prove, before a change, that the mailbox is theirs


class CustomerCode(msgspec.Struct, frozen=True, kw_only=True):
    """A code that was mailed to the customer of an order.

    ``code_hash`` is keyed with the server's secret, so it tells nothing to whom has only the table. ``attempts``
    counts every try, the right one included.
    """

    code_id: UUID
    order_id: UUID
    purpose: CodePurpose
    code_hash: str
    created_at: datetime
    expires_at: datetime
    attempts: int
    used_at: datetime | None


class CustomerCodes(msgspec.Struct, frozen=True, kw_only=True):
    """The newest codes of one order, oldest first."""

    codes: tuple[CustomerCode, ...] = ()


class CustomerCodesKey(Key[CustomerCodes], frozen=True, order=True, gc=False):
    """The codes of one order; its lock lets one request or try at a time through."""

    order_id: UUID


def new_secret(ids: Ids) -> str:
    """Returns the secret of a new key: 256 random bits behind a prefix."""
    return SECRET_PREFIX + ids.secret()


def hash_of_secret(secret: str) -> str:
    """Returns the hash under which a secret is kept; secrets are 256 random bits, so one round is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
