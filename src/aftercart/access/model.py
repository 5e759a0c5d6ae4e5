"""API keys and the roles they carry."""

import enum
import hashlib
from datetime import datetime
from uuid import UUID

import msgspec

from aftercart.kit.state import Key


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


def hash_of_secret(secret: str) -> str:
    """Returns the hash under which a secret is kept; secrets are 256 random bits, so one round is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
