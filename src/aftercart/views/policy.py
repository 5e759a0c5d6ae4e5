"""The policy in force."""

import msgspec

from aftercart.kit.database import Database
from aftercart.orders.model import DEFAULT_POLICY, Policy
from aftercart.orders.store_sql import LOAD_POLICY


async def load_policy(database: Database) -> Policy:
    """Returns the latest version of the policy, the built-in one when nobody has set any."""
    rows = await database.rows(LOAD_POLICY)
    return msgspec.json.decode(rows[0][0], type=Policy) if rows else DEFAULT_POLICY
