"""The subcommands that give people and machines their keys to the API."""

import sys
from typing import Annotated
from uuid import UUID

import cyclopts
import uvloop
from cyclopts import Parameter

from aftercart.access.decisions.create_api_key import CreateApiKey
from aftercart.access.model import Role, hash_of_secret, new_secret
from aftercart.cli.connection import DatabaseOptions, migrated_database
from aftercart.orders.handlers import OrderNotFound
from aftercart.permissions import SYSTEM
from aftercart.shop import Shop, open_shop
from aftercart.views.order_ids import find_order_id

app = cyclopts.App(name="access", help="Give people and machines their keys to the API.")


async def issue_key(shop: Shop, *, role: Role, label: str, order_id: UUID | None = None) -> str:
    """Create a key to the API and return its secret, which is kept nowhere."""
    secret = new_secret(shop.ids)
    command = CreateApiKey(secret_hash=hash_of_secret(secret), role=role, label=label, order_id=order_id)
    await shop.submit(command, SYSTEM)
    return secret


@app.command
def create_key(
    *,
    role: Annotated[Role, Parameter(help="What the key's owner is to the shop.")],
    label: Annotated[str, Parameter(help="Whose key it is, for the audit trail.")] = "",
    order: Annotated[
        str | None, Parameter(help="The number or id of the one order that a customer's key reaches.")
    ] = None,
    database: DatabaseOptions | None = None,
) -> None:
    """Create an API key and print it, alone on the last line; it cannot be shown again."""
    if role is Role.CUSTOMER and order is None:
        print("aftercart: a customer's key without --order reaches nothing", file=sys.stderr)
    with migrated_database(database) as running:
        print(uvloop.run(_create_key(running.url, role=role, label=label, order=order)))


async def _create_key(url: str, *, role: Role, label: str, order: str | None) -> str:
    async with open_shop(url) as shop:
        order_id = None if order is None else await find_order_id(shop.database, order)
        if order is not None and order_id is None:
            raise OrderNotFound
        return await issue_key(shop, role=role, label=label, order_id=order_id)
