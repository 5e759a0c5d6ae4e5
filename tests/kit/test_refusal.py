"""A refusal names itself and carries values."""

import pytest

from aftercart.kit.money import CurrencyMismatch
from aftercart.kit.refusal import Invalid, Refusal, all_refusals


class LineAlreadyPicked(Refusal):
    def __init__(self, *, line: int, param: str | None = None) -> None:
        super().__init__(param=param, line=line)


class PSPSaysNo(Refusal):
    status = 402


def test_the_code_is_the_class_name_in_snake_case() -> None:
    assert LineAlreadyPicked.code == "line_already_picked"
    assert PSPSaysNo.code == "psp_says_no"
    assert (Refusal.code, Invalid.code) == ("refusal", "invalid")


def test_a_refusal_carries_its_values_and_the_field_at_fault() -> None:
    refusal = LineAlreadyPicked(line=3, param="lines[0].line")
    assert refusal.values == {"line": 3}
    assert refusal.param == "lines[0].line"
    assert str(refusal) == "line_already_picked at lines[0].line {'line': 3}"


def test_the_status_is_409_unless_the_refusal_says_otherwise() -> None:
    assert (LineAlreadyPicked.status, PSPSaysNo.status, Invalid.status) == (409, 402, 422)


def test_invalid_says_which_field_what_was_expected_and_the_beginning_of_what_came() -> None:
    refusal = Invalid(param="lines[0].sku", expected="a known SKU", got="x" * 5000)
    assert refusal.param == "lines[0].sku"
    assert refusal.values == {"expected": "a known SKU", "got": "x" * 100}


def test_all_refusals_are_those_of_the_package_by_code() -> None:
    codes = [refusal.code for refusal in all_refusals()]
    assert codes == sorted(codes)
    assert {Invalid, CurrencyMismatch} <= set(all_refusals())
    assert LineAlreadyPicked not in all_refusals()


def test_two_refusals_of_one_name_in_the_package_are_a_fault() -> None:
    with pytest.raises(TypeError, match="both declare Invalid"):
        type("Invalid", (Refusal,), {"__module__": "aftercart.elsewhere"})
