"""The demo's own API key, kept in a file so that every start shows the same one."""

from pathlib import Path
from typing import Final

from aftercart.access.decisions.create_api_key import CreateApiKey
from aftercart.access.model import Role, hash_of_secret, new_secret
from aftercart.access.queries import find_actor
from aftercart.kit.private_file import kept_text
from aftercart.permissions import SYSTEM
from aftercart.shop import Shop

KEY_FILE: Final = "demo-api-key"


async def ensure_demo_key(shop: Shop, *, data_dir: Path, role: Role = Role.ADMIN) -> str:
    """Returns the secret of a key for the demo: the one in ``data_dir``, made valid in this shop where it is not yet.

    The file is readable by its owner only. The secret is written down before the shop knows it, so an interrupted
    first start leaves no key behind that nobody knows.
    """
    secret = kept_text(data_dir / KEY_FILE, lambda: new_secret(shop.ids))
    if await find_actor(shop.database, secret) is None:
        command = CreateApiKey(secret_hash=hash_of_secret(secret), role=role, label="demo")
        # Two first starts at once make one key.
        await shop.submit(command, SYSTEM, key=f"demo key {command.secret_hash}")
    return secret
