"""The subcommands that give people and machines their keys to the API."""

import secrets
from uuid import UUID

import cyclopts
import uvloop

from aftercart.access.decisions.create_api_key import CreateApiKey
from aftercart.access.model import Role, hash_of_secret
from aftercart.cli.connection import DatabaseOptions, migrated_database
from aftercart.permissions import SYSTEM
from aftercart.shop import Shop, open_shop

app = cyclopts.App(name="access", help="Give people and machines their keys to the API.")


async def issue_key(shop: Shop, *, role: Role, label: str, order_id: UUID | None = None) -> str:
    """Create a key to the API and return its secret, which is kept nowhere."""
    secret = f"aftercart_{secrets.token_urlsafe(32)}"
    command = CreateApiKey(secret_hash=hash_of_secret(secret), role=role, label=label, order_id=order_id)
    await shop.submit(command, SYSTEM)
    return secret


@app.command
def create_key(
    *, role: Role, label: str = "", order_id: UUID | None = None, database: DatabaseOptions | None = None
) -> None:
    """Create an API key and print it, alone on the last line; it cannot be shown again.

    Parameters
    ----------
    role
        What the key's owner is to the shop.
    label
        Whose key it is, for the audit trail.
    order_id
        The one order that a customer's key reaches.
    """
    with migrated_database(database) as running:
        print(uvloop.run(_issue_key(running.url, role=role, label=label, order_id=order_id)))


async def _issue_key(url: str, *, role: Role, label: str, order_id: UUID | None) -> str:
    async with open_shop(url) as shop:
        return await issue_key(shop, role=role, label=label, order_id=order_id)
