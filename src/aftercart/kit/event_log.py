"""The event log: what happened, gapless per stream, written in the commit that changed the state."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from aftercart.kit.state import Statement


class LoggedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the log before it has a position; ``data`` is the event's JSON, ``cause`` the command's id."""

    stream: UUID
    seq: int
    type: str
    data: msgspec.Raw
    actor: str
    cause: UUID
    policy_version: int
    at: datetime


def append_statement(events: Iterable[LoggedEvent]) -> Statement:
    """Appends events in the given order and queues their positions for the sequencer.

    The unique key on (stream, seq) refuses a second event with the same ``seq``: a lock that was missed becomes a
    fault, never a fork in a stream.
    """
    return Statement(_APPEND, {"rows": msgspec.json.encode(tuple(events)).decode()})


_APPEND: Final = """
    WITH appended AS (
        INSERT INTO kit.event_log (stream, seq, type, data, actor, cause, policy_version, at)
        SELECT stream, seq, type, data, actor, cause, policy_version, at
        FROM json_to_recordset(%(rows)s) AS r (
            stream uuid, seq integer, type text, data json, actor text, cause uuid, policy_version integer,
            at timestamptz)
        RETURNING position
    )
    INSERT INTO kit.event_queue (position)
    SELECT position FROM appended
"""
