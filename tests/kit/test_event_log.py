"""The log keeps every event once, in the order it happened, and a missed lock becomes a fault, never a fork."""

import msgspec
import psycopg
import pytest
from psycopg.errors import UniqueViolation
from tests.kit.bus_story import NOW, box

from aftercart.kit.event_log import LoggedEvent, append_statement


def event(seq: int, *, stream: int = 1) -> LoggedEvent:
    return LoggedEvent(
        stream=box(stream),
        seq=seq,
        type="Tested",
        data=msgspec.Raw(b'{"seq":%d}' % seq),
        actor="ada",
        cause=box(0),
        policy_version=1,
        at=NOW,
    )


def append(url: str, *events: LoggedEvent) -> None:
    with psycopg.connect(url) as connection:
        statement = append_statement(events)
        connection.execute(statement.sql, statement.parameters)


def test_events_are_kept_in_order_and_queued_for_the_sequencer(toy_url: str) -> None:
    append(toy_url, event(1), event(2), event(1, stream=2))
    append(toy_url, event(3))
    with psycopg.connect(toy_url) as connection:
        rows = connection.execute(
            "SELECT l.stream, l.seq, l.data ->> 'seq', l.at FROM kit.event_log AS l"
            " JOIN kit.event_queue AS q ON q.position = l.position ORDER BY l.position"
        ).fetchall()
    assert rows == [
        (box(1), 1, "1", NOW),
        (box(1), 2, "2", NOW),
        (box(2), 1, "1", NOW),
        (box(1), 3, "3", NOW),
    ]


def test_a_second_event_with_the_same_seq_is_refused_with_all_that_came_along(toy_url: str) -> None:
    append(toy_url, event(1))
    with pytest.raises(UniqueViolation) as violation:
        append(toy_url, event(1, stream=2), event(1))
    assert violation.value.diag.constraint_name == "one_event_per_stream_and_seq"
    with psycopg.connect(toy_url) as connection:
        assert connection.execute("SELECT count(*) FROM kit.event_log").fetchone() == (1,)
