"""API keys, and customers' links and codes, in PostgreSQL."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, Final

import msgspec

from aftercart.access.model import (
    ApiKey,
    ApiKeyKey,
    CustomerCode,
    CustomerCodes,
    CustomerCodesKey,
    CustomerLink,
    CustomerLinkKey,
)
from aftercart.kit.state import Change, Kind, Statement

CODES_LOADED: Final = 20
"""The newest codes of an order; more than can be alive or count against the limit of an hour."""
_encode: Final = msgspec.json.Encoder().encode


def _load_api_keys(keys: Sequence[ApiKeyKey]) -> Statement:
    return Statement(_LOAD_API_KEYS, {"key_ids": [key.key_id for key in keys]})


def _read_api_keys(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[ApiKeyKey, ApiKey]]:
    for (row,) in rows:
        api_key = msgspec.json.decode(row, type=ApiKey)
        yield ApiKeyKey(api_key.key_id), api_key


def _save_api_keys(changes: Sequence[Change]) -> Iterable[Statement]:
    return (Statement(_SAVE_API_KEYS, _rows(change.after for change in changes)),)


def _load_links(keys: Sequence[CustomerLinkKey]) -> Statement:
    return Statement(_LOAD_LINKS, {"link_ids": [key.link_id for key in keys]})


def _read_links(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[CustomerLinkKey, CustomerLink]]:
    for (row,) in rows:
        link = msgspec.json.decode(row, type=CustomerLink)
        yield CustomerLinkKey(link.order_id, link.link_id), link


def _save_links(changes: Sequence[Change]) -> Iterable[Statement]:
    return (Statement(_SAVE_LINKS, _rows(change.after for change in changes)),)


def _lock_codes(keys: Sequence[CustomerCodesKey]) -> Statement:
    return Statement(_LOCK_CODES, {"order_ids": [key.order_id for key in keys]})


def _load_codes(keys: Sequence[CustomerCodesKey]) -> Statement:
    return Statement(_LOAD_CODES, {"order_ids": [key.order_id for key in keys], "codes": CODES_LOADED})


def _read_codes(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[CustomerCodesKey, CustomerCodes]]:
    codes = (msgspec.json.decode(row, type=CustomerCode) for (row,) in rows)
    for order_id, of_order in groupby(codes, key=lambda code: code.order_id):
        yield CustomerCodesKey(order_id), CustomerCodes(codes=tuple(of_order))


def _save_codes(changes: Sequence[Change]) -> Iterable[Statement]:
    changed: list[CustomerCode] = []
    for change in changes:
        known = () if change.before is None else change.before.codes
        changed.extend(code for code in change.after.codes if code not in known)
    return (Statement(_SAVE_CODES, _rows(changed)),)


def _rows(rows: Iterable[msgspec.Struct]) -> dict[str, object]:
    return {"rows": _encode(tuple(rows)).decode()}


_LOAD_API_KEYS: Final = """
    SELECT to_json(k)::text FROM access.api_keys AS k WHERE k.key_id = ANY(%(key_ids)s)
"""

_SAVE_API_KEYS: Final = """
    INSERT INTO access.api_keys (key_id, secret_hash, role, label, order_id, created_at)
    SELECT key_id, secret_hash, role, label, order_id, created_at
    FROM json_to_recordset(%(rows)s) AS r (
        key_id uuid, secret_hash text, role text, label text, order_id uuid, created_at timestamptz)
"""

_LOAD_LINKS: Final = """
    SELECT to_json(l)::text FROM access.customer_links AS l WHERE l.link_id = ANY(%(link_ids)s)
"""

_SAVE_LINKS: Final = """
    INSERT INTO access.customer_links (order_id, link_id, token_hash, created_at, expires_at)
    SELECT order_id, link_id, token_hash, created_at, expires_at
    FROM json_to_recordset(%(rows)s) AS r (
        order_id uuid, link_id uuid, token_hash text, created_at timestamptz, expires_at timestamptz)
"""

# The first code of an order has no row to lock, so the order's name is locked instead, until the commit.
_LOCK_CODES: Final = """
    SELECT pg_advisory_xact_lock(k.name)
    FROM (
        SELECT DISTINCT hashtextextended(o.order_id::text, 2) AS name
        FROM unnest(%(order_ids)s::uuid[]) AS o (order_id)
        ORDER BY name
    ) AS k
"""

_LOAD_CODES: Final = """
    SELECT to_json(c)::text
    FROM unnest(%(order_ids)s::uuid[]) AS o (order_id)
    CROSS JOIN LATERAL (
        SELECT n.*
        FROM access.customer_codes AS n
        WHERE n.order_id = o.order_id
        ORDER BY n.created_at DESC, n.code_id DESC
        LIMIT %(codes)s
    ) AS c
    ORDER BY c.order_id, c.created_at, c.code_id
"""

_SAVE_CODES: Final = """
    INSERT INTO access.customer_codes AS c (
        order_id, code_id, purpose, code_hash, created_at, expires_at, attempts, used_at)
    SELECT order_id, code_id, purpose, code_hash, created_at, expires_at, attempts, used_at
    FROM json_to_recordset(%(rows)s) AS r (
        order_id uuid, code_id uuid, purpose text, code_hash text, created_at timestamptz, expires_at timestamptz,
        attempts integer, used_at timestamptz)
    ON CONFLICT (order_id, code_id) DO UPDATE SET attempts = excluded.attempts, used_at = excluded.used_at
"""

API_KEYS: Final = Kind(key=ApiKeyKey, rank=2, load=_load_api_keys, read=_read_api_keys, save=_save_api_keys)
CUSTOMER_LINKS: Final = Kind(key=CustomerLinkKey, rank=3, load=_load_links, read=_read_links, save=_save_links)
CUSTOMER_CODES: Final = Kind(
    key=CustomerCodesKey, rank=4, lock=_lock_codes, load=_load_codes, read=_read_codes, save=_save_codes
)

KINDS: Final = (API_KEYS, CUSTOMER_LINKS, CUSTOMER_CODES)
