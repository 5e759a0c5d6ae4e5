"""A client may try so often at once and then slowly; another client is another matter."""

from datetime import timedelta

import pytest
from tests.web.builders import NOW

from aftercart.web.portal import rate_limit
from aftercart.web.portal.rate_limit import SECONDS_PER_TRY, TRIES_AT_ONCE, RateLimit


def test_tries_come_back_with_time() -> None:
    limit = RateLimit()
    assert [limit.wait_seconds("a", NOW) for _ in range(TRIES_AT_ONCE)] == [0] * TRIES_AT_ONCE
    wait = limit.wait_seconds("a", NOW)
    assert wait == int(SECONDS_PER_TRY) + 1
    assert limit.wait_seconds("b", NOW) == 0
    assert limit.wait_seconds("a", NOW + timedelta(seconds=wait)) == 0
    assert limit.wait_seconds("a", NOW + timedelta(seconds=wait)) > 0


def test_asking_while_refused_does_not_make_the_wait_longer() -> None:
    limit = RateLimit()
    for _ in range(TRIES_AT_ONCE + 50):
        limit.wait_seconds("a", NOW)
    assert limit.wait_seconds("a", NOW + timedelta(seconds=SECONDS_PER_TRY + 1)) == 0


def test_a_crowd_of_clients_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "CLIENTS_MAX", 3)
    limit = RateLimit()
    for _ in range(TRIES_AT_ONCE):
        limit.wait_seconds("first", NOW)
    for client in ("second", "third", "fourth"):
        limit.wait_seconds(client, NOW)
    assert limit.wait_seconds("first", NOW) == 0
