"""Outcomes remembered per command id: the same key or a lost connection never carries a command out twice."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from aftercart.kit.state import Statement

_encode: Final = msgspec.json.Encoder(order="deterministic").encode

KEYS_LIVE: Final = timedelta(hours=48)
"""How long an idempotency key is remembered at least; an order's own reference is remembered for ever."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """The stored outcome of an accepted command; refusals are not stored, so a refused command may be tried again."""

    command_id: UUID
    fingerprint: str
    result: msgspec.Raw
    at: datetime


def command_id_of_key(caller: str, key: str) -> UUID:
    """Returns the command id that an idempotency key stands for; two callers may use the same key."""
    return UUID(bytes=hashlib.blake2b(f"{caller}\x1f{key}".encode(), digest_size=16).digest())


def fingerprint_of(command: msgspec.Struct) -> str:
    """Returns a digest of a command, the same for the same wish however its JSON was written."""
    return hashlib.blake2b(type(command).__name__.encode() + _encode(command), digest_size=16).hexdigest()


def try_lock_statement(command_ids: Sequence[UUID]) -> Statement:
    """Asks for the ids nobody else is working on, and holds them until the commit; rows: ``(command_id,)``."""
    return Statement(_TRY_LOCK, {"command_ids": sorted(command_ids)})


def find_outcomes_statement(command_ids: Sequence[UUID]) -> Statement:
    """Asks for stored outcomes; rows: ``(command_id, fingerprint, result as bytes)``. Run it after the lock."""
    return Statement(_FIND, {"command_ids": list(command_ids)})


def save_outcomes_statement(outcomes: Iterable[Outcome]) -> Statement:
    """Stores outcomes in the commands' own commit."""
    return Statement(_SAVE, {"rows": _encode(tuple(outcomes)).decode()})


def forget_outcomes_statement(now: datetime) -> Statement:
    """Deletes what is older than ``KEYS_LIVE``."""
    return Statement("DELETE FROM kit.outcomes WHERE at < %(until)s", {"until": now - KEYS_LIVE})


# A transaction-level advisory lock, not a row: an id in flight has no row yet, and a waiting insert would hold up the
# whole batch. The lock comes in a statement before the look-up, so the look-up's snapshot is younger than the lock.
_TRY_LOCK: Final = """
    SELECT c.command_id
    FROM unnest(%(command_ids)s::uuid[]) AS c (command_id)
    WHERE pg_try_advisory_xact_lock(hashtextextended(c.command_id::text, 0))
"""

_FIND: Final = """
    SELECT command_id, fingerprint, result::text
    FROM kit.outcomes
    WHERE command_id = ANY(%(command_ids)s)
"""

_SAVE: Final = """
    INSERT INTO kit.outcomes (command_id, fingerprint, result, at)
    SELECT command_id, fingerprint, result, at
    FROM json_to_recordset(%(rows)s) AS r (command_id uuid, fingerprint text, result json, at timestamptz)
"""
