"""API keys and the roles they carry."""

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


def new_secret(ids: Ids) -> str:
    """Returns the secret of a new key: 256 random bits behind a prefix."""
    return SECRET_PREFIX + ids.secret()


def hash_of_secret(secret: str) -> str:
    """Returns the hash under which a secret is kept; secrets are 256 random bits, so one round is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
