"""API keys in PostgreSQL."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import msgspec

from aftercart.access.model import ApiKey, ApiKeyKey
from aftercart.kit.state import Change, Kind, Statement


def _load(keys: Sequence[ApiKeyKey]) -> Statement:
    return Statement(_LOAD, {"key_ids": [key.key_id for key in keys]})


def _read(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[ApiKeyKey, ApiKey]]:
    for key_id, secret_hash, role, label, order_id, created_at in rows:
        row = {
            "key_id": key_id,
            "secret_hash": secret_hash,
            "role": role,
            "label": label,
            "order_id": order_id,
            "created_at": created_at,
        }
        yield ApiKeyKey(key_id), msgspec.convert(row, ApiKey)


def _save(changes: Sequence[Change]) -> Iterable[Statement]:
    rows = msgspec.json.encode([change.after for change in changes]).decode()
    return (Statement(_SAVE, {"rows": rows}),)


_LOAD: Final = """
    SELECT key_id, secret_hash, role, label, order_id, created_at
    FROM access.api_keys
    WHERE key_id = ANY(%(key_ids)s)
"""

_SAVE: Final = """
    INSERT INTO access.api_keys (key_id, secret_hash, role, label, order_id, created_at)
    SELECT key_id, secret_hash, role, label, order_id, created_at
    FROM json_to_recordset(%(rows)s) AS r (
        key_id uuid, secret_hash text, role text, label text, order_id uuid, created_at timestamptz)
"""

API_KEYS: Final = Kind(key=ApiKeyKey, rank=2, load=_load, read=_read, save=_save)
