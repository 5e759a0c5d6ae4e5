"""Tracking numbers are those of the Universal Postal Union's standard S10, one for each parcel."""

import pytest

from aftercart.integrations.sandbox.carrier.tracking_numbers import (
    check_digit,
    is_tracking_number,
    spaced,
    tracking_number,
)


@pytest.mark.parametrize(
    ("serial", "digit"),
    [("47312482", 9), ("00000000", 5), ("00000001", 4), ("10000000", 3), ("00000020", 4), ("20000000", 6)],
)
def test_the_check_digit_is_that_of_the_standard(serial: str, digit: int) -> None:
    assert check_digit(serial) == digit


def test_a_remainder_of_one_gives_zero() -> None:
    serials = (f"{number:08}" for number in range(1_000))
    zeros = [serial for serial in serials if check_digit(serial) == 0]
    weights = (8, 6, 4, 2, 3, 5, 9, 7)
    assert zeros
    assert {sum(map(int.__mul__, weights, map(int, one))) % 11 for one in zeros} == {1}


def test_one_wrong_digit_or_two_that_changed_places_are_noticed() -> None:
    number = tracking_number(1, service="CB", country="FR")
    assert is_tracking_number(number)
    for place in range(2, 11):
        for digit in "0123456789".replace(number[place], ""):
            assert not is_tracking_number(number[:place] + digit + number[place + 1 :])
    for place in range(2, 9):
        first, second = number[place : place + 2]
        swapped = number[:place] + second + first + number[place + 2 :]
        assert first == second or not is_tracking_number(swapped)


@pytest.mark.parametrize("text", ["", "CB473124829F", "cb473124829FR", "CB47312482\uff19FR", "CB473124829FR "])
def test_what_is_no_number_is_noticed(text: str) -> None:
    assert not is_tracking_number(text)


def test_no_two_parcels_have_one_number() -> None:
    numbers = {tracking_number(parcel, service="CB", country="FR") for parcel in range(20_000)}
    assert len(numbers) == 20_000


def test_people_read_a_number_in_groups() -> None:
    assert spaced("CB473124829FR") == "CB 47 312 482 9 FR"
