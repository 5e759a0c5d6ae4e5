"""Ids ascend, order numbers survive being typed by hand, secrets are long."""

import os
import string
from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercart.kit.ids import ALPHABET, Ids, RandomIds, SeededIds, parse_order_number

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
seeds = st.integers(0, 2**32)


def symbols_of(number: str) -> str:
    return number.replace("-", "")


@pytest.mark.parametrize("ids", [RandomIds(), SeededIds(7)], ids=["random", "seeded"])
def test_an_id_is_a_version_7_uuid_of_its_millisecond(ids: Ids) -> None:
    made = ids.new_id(NOON + timedelta(microseconds=123_999))
    assert (made.version, made.variant) == (7, RFC_4122)
    assert made.int >> 80 == int(NOON.timestamp()) * 1000 + 123


@given(steps=st.lists(st.integers(-3, 3), min_size=2, max_size=200), seed=seeds)
def test_ids_ascend_whatever_the_clock_does(steps: list[int], seed: int) -> None:
    for ids in (RandomIds(), SeededIds(seed)):
        at = NOON
        made: list[UUID] = []
        for step in steps:
            at += timedelta(milliseconds=step)
            made.append(ids.new_id(at))
        assert made == sorted(set(made))


def test_a_moment_before_1970_is_refused() -> None:
    with pytest.raises(ValueError, match="since 1970"):
        RandomIds().new_id(datetime(1969, 12, 31, tzinfo=UTC))


def test_a_seed_gives_the_same_ids_again_and_another_seed_others() -> None:
    def made(ids: Ids) -> tuple[UUID, str, str]:
        return ids.new_id(NOON), ids.order_number(), ids.secret()

    assert made(SeededIds(1)) == made(SeededIds(1))
    assert not set(made(SeededIds(1))) & set(made(SeededIds(2)))


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # newer Pythons warn when a thread runs beside
def test_a_forked_process_makes_other_ids_than_its_parent() -> None:
    ids = RandomIds()
    ids.secret()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, ids.secret().encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 100).decode() != ids.secret()
    os.close(reading)
    os.close(writing)


def test_a_secret_is_256_bits_of_url_safe_text() -> None:
    ids = RandomIds()
    secrets = {ids.secret() for _ in range(1000)}
    assert len(secrets) == 1000
    assert {len(secret) for secret in secrets} == {43}
    assert set("".join(secrets)) <= set(string.ascii_letters + string.digits + "-_")


def test_order_numbers_use_the_whole_alphabet_in_every_place() -> None:
    ids = RandomIds()
    numbers = [ids.order_number() for _ in range(5000)]
    assert len(set(numbers)) == 5000
    for place in (*range(5), *range(6, 11)):
        assert {number[place] for number in numbers} == set(ALPHABET)
    assert {number[5] for number in numbers} == {"-"}


@given(seed=seeds)
def test_an_order_number_is_read_back_however_it_was_typed(seed: int) -> None:
    number = SeededIds(seed).order_number()
    sloppy = symbols_of(number).lower()
    assert parse_order_number(number) == number
    assert parse_order_number(sloppy) == number
    assert parse_order_number(f" {number[:3]} {number[3:]}\n".replace("-", "\u2013")) == number
    assert parse_order_number(sloppy.replace("0", "o").replace("1", "l")) == number
    assert parse_order_number(number.replace("0", "O").replace("1", "I")) == number


@given(seed=seeds)
def test_every_single_wrong_symbol_is_found(seed: int) -> None:
    symbols = symbols_of(SeededIds(seed).order_number())
    wrong = {
        symbols[:place] + other + symbols[place + 1 :]
        for place in range(10)
        for other in ALPHABET
        if other != symbols[place]
    }
    assert len(wrong) == 310
    assert {parse_order_number(text) for text in wrong} == {None}


@given(seed=seeds)
def test_every_swap_of_two_different_symbols_is_found(seed: int) -> None:
    symbols = symbols_of(SeededIds(seed).order_number())
    for left in range(10):
        for right in range(left + 1, 10):
            swapped = list(symbols)
            swapped[left], swapped[right] = swapped[right], swapped[left]
            if symbols[left] != symbols[right]:
                assert parse_order_number("".join(swapped)) is None


@pytest.mark.parametrize(
    "text", ["", "-", "12345", "UUUUU-UUUUU", "1234567890A", "\u0131" * 10, "0" * 10_000, "00000\x0000000"]
)
def test_what_cannot_be_an_order_number_is_none(text: str) -> None:
    assert parse_order_number(text) is None
