"""Waits grow, none comes back in step with the others, and after about three days it is enough."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.scenario import NOW

from aftercart.access.decisions.request_customer_code import CODE_LIFETIME
from aftercart.notifications.rules.retry_schedule import (
    JITTER,
    MAIL_WAITS,
    URGENT_WAITS,
    WEBHOOK_WAITS,
    next_attempt,
)

ID = UUID(int=1)
SCHEDULES = pytest.mark.parametrize("waits", [MAIL_WAITS, URGENT_WAITS, WEBHOOK_WAITS], ids=["mail", "urgent", "web"])


@SCHEDULES
def test_each_wait_is_at_least_as_long_as_the_one_before(waits: Sequence[timedelta]) -> None:
    assert list(waits) == sorted(waits)


@SCHEDULES
def test_after_the_last_wait_it_is_time_to_give_up(waits: Sequence[timedelta]) -> None:
    assert next_attempt(waits, attempts=len(waits), delivery_id=ID, now=NOW) is not None
    assert next_attempt(waits, attempts=len(waits) + 1, delivery_id=ID, now=NOW) is None


def test_the_schedules_last_as_long_as_they_say() -> None:
    three_days = timedelta(days=3)
    for waits in (MAIL_WAITS, WEBHOOK_WAITS):
        assert abs(sum(waits, timedelta()) - three_days) < timedelta(hours=6)
    assert sum(URGENT_WAITS, timedelta()) * (1 + JITTER) < CODE_LIFETIME


@given(st.uuids(), st.integers(1, len(WEBHOOK_WAITS)))
def test_a_wait_is_at_most_a_fifth_off_and_always_the_same(delivery_id: UUID, attempts: int) -> None:
    due_at = next_attempt(WEBHOOK_WAITS, attempts=attempts, delivery_id=delivery_id, now=NOW)
    assert due_at is not None
    wait = WEBHOOK_WAITS[attempts - 1]
    assert abs(due_at - NOW - wait) <= wait * JITTER
    assert next_attempt(WEBHOOK_WAITS, attempts=attempts, delivery_id=delivery_id, now=NOW) == due_at


def test_what_failed_together_does_not_come_back_together() -> None:
    due = {next_attempt(MAIL_WAITS, attempts=1, delivery_id=UUID(int=number), now=NOW) for number in range(100)}
    assert len(due) == 100
