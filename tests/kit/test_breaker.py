"""A kind of command that keeps failing is refused for a while, then one is let through to see."""

import pytest
from tests.kit.toy import Break, Weigh

from aftercart.kit.breaker import FAULTS_MAX, OPEN_SECONDS, Breaker
from aftercart.kit.commands import Overloaded


class Seconds:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def broken(seconds: Seconds) -> Breaker:
    breaker = Breaker(seconds)
    for _ in range(FAULTS_MAX):
        breaker.check(Break)
        breaker.record(Break, failed=True)
    return breaker


def test_too_many_faults_in_a_row_refuse_that_kind_and_no_other(broken: Breaker, seconds: Seconds) -> None:
    seconds.now += OPEN_SECONDS - 0.5
    with pytest.raises(Overloaded) as refused:
        broken.check(Break)
    assert refused.value.values == {"retry_after_seconds": 1, "cause": "Break keeps failing"}
    broken.check(Weigh)


def test_faults_with_an_answer_between_them_refuse_nobody() -> None:
    breaker = Breaker()
    for _ in range(2):
        for _ in range(FAULTS_MAX - 1):
            breaker.record(Break, failed=True)
        breaker.record(Break, failed=False)
    breaker.check(Break)


def test_after_a_while_one_is_let_through_and_the_others_wait_for_what_becomes_of_it(
    broken: Breaker, seconds: Seconds
) -> None:
    seconds.now += OPEN_SECONDS
    broken.check(Break)
    with pytest.raises(Overloaded):
        broken.check(Break)


def test_a_fault_of_the_one_let_through_refuses_again_at_once(broken: Breaker, seconds: Seconds) -> None:
    seconds.now += OPEN_SECONDS
    broken.check(Break)
    broken.record(Break, failed=True)
    with pytest.raises(Overloaded) as refused:
        broken.check(Break)
    assert refused.value.values["retry_after_seconds"] == OPEN_SECONDS + 1


def test_an_answer_to_the_one_let_through_lets_all_through(broken: Breaker, seconds: Seconds) -> None:
    seconds.now += OPEN_SECONDS
    broken.check(Break)
    broken.record(Break, failed=False)
    for _ in range(FAULTS_MAX - 1):
        broken.check(Break)
        broken.record(Break, failed=True)
    broken.check(Break)


def test_one_that_was_let_through_and_never_came_back_does_not_close_for_ever(
    broken: Breaker, seconds: Seconds
) -> None:
    seconds.now += OPEN_SECONDS
    broken.check(Break)
    seconds.now += OPEN_SECONDS
    broken.check(Break)
