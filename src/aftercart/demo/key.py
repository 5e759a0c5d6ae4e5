"""The demo's own API key, kept in a file so that every start shows the same one."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from aftercart.access.decisions.create_api_key import CreateApiKey
from aftercart.access.model import Role, hash_of_secret, new_secret
from aftercart.access.queries import find_actor
from aftercart.kit.ids import Ids
from aftercart.permissions import SYSTEM
from aftercart.shop import Shop

KEY_FILE: Final = "demo-api-key"


async def ensure_demo_key(shop: Shop, *, data_dir: Path, role: Role = Role.ADMIN) -> str:
    """Returns the secret of a key for the demo: the one in ``data_dir``, made valid in this shop where it is not yet.

    The file is readable by its owner only. The secret is written down before the shop knows it, so an interrupted
    first start leaves no key behind that nobody knows.
    """
    secret = _kept_secret(data_dir, shop.ids)
    if await find_actor(shop.database, secret) is None:
        command = CreateApiKey(secret_hash=hash_of_secret(secret), role=role, label="demo")
        # Two first starts at once make one key.
        await shop.submit(command, SYSTEM, key=f"demo key {command.secret_hash}")
    return secret


def _kept_secret(data_dir: Path, ids: Ids) -> str:
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / KEY_FILE
    if not path.exists():
        _write_private(path, new_secret(ids))
    return path.read_text(encoding="ascii").strip()


def _write_private(path: Path, text: str) -> None:
    """Makes the file appear whole or not at all; when another process is first, its file stays."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{text}\n")
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
