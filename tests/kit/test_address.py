"""An address is tidied up or refused, by the rules of its country."""

import contextlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercart.kit.address import Address, validate_address, validate_postcode
from aftercart.kit.postcodes import find_country_rules
from aftercart.kit.refusal import Invalid

PARIS = Address(name="Zoé Martin", line1="1 rue de la Paix", postcode="75002", city="Paris", country="FR")
FIELDS = ("name", "line1", "line2", "postcode", "city")


def with_field(field: str, value: str) -> Address:
    return msgspec.structs.replace(PARIS, **{field: value})


def refused_field(address: Address, *, param: str = "delivery.address") -> str | None:
    with pytest.raises(Invalid) as refused:
        validate_address(address, param=param)
    return refused.value.param


def test_a_good_address_stays_as_it_is() -> None:
    assert validate_address(PARIS, param="delivery.address") == PARIS


def test_spaces_are_tidied_up_and_an_empty_second_line_is_none() -> None:
    untidy = Address(
        name="  Zoé\u00a0 Martin ",
        line1=" 1  rue de la Paix",
        line2="  ",
        postcode=" 75 002 ",
        city="Paris ",
        country="fr",
    )
    assert validate_address(untidy, param="delivery.address") == PARIS


@pytest.mark.parametrize(
    ("country", "typed", "written"),
    [
        ("FR", "75 002", "75002"),
        ("FR", "\uff17\uff15\uff10\uff10\uff12", "75002"),
        ("GB", "sw1a1aa", "SW1A 1AA"),
        ("GB", "m2-5bq", "M2 5BQ"),
        ("GB", "bfpo61", "BFPO 61"),
        ("IE", "d02af30", "D02 AF30"),
        ("IE", "", ""),
        ("NL", "1234ab", "1234 AB"),
        ("PT", "2725079", "2725-079"),
        ("PL", "00\u2013950", "00-950"),
        ("CA", "h3z2y7", "H3Z 2Y7"),
        ("US", "95014", "95014"),
        ("US", "22162 1010", "22162-1010"),
        ("JP", "1540023", "154-0023"),
        ("BR", "40301110", "40301-110"),
        ("SE", "SE-114 55", "11455"),
        ("LU", "L-1009", "1009"),
        ("CH", "ch 8001", "8001"),
        ("MC", "98000", "98000"),
        ("AE", "", ""),
        ("AE", "po 12", "PO 12"),
    ],
)
def test_a_postcode_is_written_as_its_country_writes_it(country: str, typed: str, written: str) -> None:
    address = msgspec.structs.replace(PARIS, country=country, postcode=typed)
    assert validate_address(address, param="delivery.address").postcode == written


@pytest.mark.parametrize(
    ("country", "typed"),
    [
        ("FR", ""),
        ("FR", "7500"),
        ("FR", "750021"),
        ("FR", "ABCDE"),
        ("FR", "٧٥٠٠٢"),
        ("FR", "7" * 5000),
        ("GB", "75002"),
        ("GB", "GIR 0AA and more"),
        ("GB", "ZZ1 1AA"),
        ("DE", "1011"),
        ("US", ""),
    ],
)
def test_a_postcode_the_country_does_not_have_is_refused(country: str, typed: str) -> None:
    assert refused_field(msgspec.structs.replace(PARIS, country=country, postcode=typed)) == "delivery.address.postcode"


def test_a_refused_postcode_says_what_its_country_expects() -> None:
    with pytest.raises(Invalid) as refused:
        validate_address(with_field("postcode", "7500"), param="billing_address")
    assert refused.value.values == {"expected": "a postcode of FR, such as 33380, 34092", "got": "7500"}


@pytest.mark.parametrize("country", ["ZZ", "XX", "QQ", "F", "FRA", ".."])
def test_only_countries_there_are_are_known(country: str) -> None:
    assert refused_field(with_field("country", country)) == "delivery.address.country"


def test_states_are_not_asked_for() -> None:
    for country, postcode in (("US", "95014"), ("CA", "H3Z 2Y7"), ("AU", "2060"), ("JP", "154-0023"), ("IT", "00144")):
        address = msgspec.structs.replace(PARIS, country=country, postcode=postcode, city="Somewhere")
        assert validate_address(address, param="a").country == country


@pytest.mark.parametrize("field", ["name", "line1", "city"])
@pytest.mark.parametrize("text", ["", "   ", "\u00a0"])
def test_a_blank_required_field_is_refused(field: str, text: str) -> None:
    assert refused_field(with_field(field, text)) == f"delivery.address.{field}"


def test_a_city_is_not_required_where_the_country_is_one() -> None:
    address = Address(name="Li", line1="1 Raffles Place", postcode="048616", city="", country="SG")
    assert validate_address(address, param="a") == address


@pytest.mark.parametrize(("field", "longest"), [("name", 200), ("line1", 200), ("line2", 200), ("city", 100)])
def test_a_text_longer_than_its_field_is_refused(field: str, longest: int) -> None:
    validate_address(with_field(field, "x" * longest), param="a")
    assert refused_field(with_field(field, "x" * (longest + 1))) == f"delivery.address.{field}"


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("character", ["\0", "\n", "\t", "\x7f", "\x85", "\u2028", "\u202e", "\ud800"])
def test_control_characters_are_refused_in_every_field(field: str, character: str) -> None:
    assert refused_field(with_field(field, f"75{character}002")) == f"delivery.address.{field}"


@given(text=st.text(max_size=30), field=st.sampled_from(FIELDS))
def test_any_text_is_either_refused_by_name_or_stays_the_same_the_second_time(text: str, field: str) -> None:
    refused_param: str | None = f"a.{field}"
    with contextlib.suppress(Invalid):
        once = validate_address(with_field(field, text), param="a")
        assert validate_address(once, param="a") == once
        assert msgspec.json.decode(msgspec.json.encode(once), type=Address) == once
        refused_param = None
    if refused_param is not None:
        assert refused_field(with_field(field, text), param="a") == refused_param


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 201),
        ("city", "x" * 101),
        ("postcode", "9" * 21),
        ("country", "FRA"),
        ("country", "F1"),
        ("country", "FR\n"),
        ("line1", None),
        ("state", "CA"),
    ],
)
def test_json_that_is_no_address_is_refused_naming_the_field(field: str, value: str | None) -> None:
    text = msgspec.json.encode({**msgspec.to_builtins(PARIS), field: value})
    with pytest.raises(msgspec.ValidationError, match=field):
        msgspec.json.decode(text, type=Address)


def test_every_example_postcode_of_every_country_is_accepted_and_kept() -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    known = [rules for left in letters for right in letters if (rules := find_country_rules(left + right))]
    assert len(known) >= 249
    for rules in known:
        for example in filter(None, rules.postcode_examples.split(", ")):
            assert rules.format_postcode(example) == example


def test_a_country_and_a_postcode_are_tidied_up_alone() -> None:
    assert validate_postcode("gb", "sw1a1aa", param="") == ("GB", "SW1A 1AA")
    assert validate_postcode("AE", "", param="") == ("AE", "")


@pytest.mark.parametrize(
    ("country", "postcode", "param", "field"),
    [
        ("ZZ", "75002", "", "country"),
        ("FR", "7500", "", "postcode"),
        ("FR", "", "postcodes[3]", "postcodes[3].postcode"),
        ("France", "75002", "postcodes[3]", "postcodes[3].country"),
    ],
)
def test_a_postcode_that_cannot_be_is_refused_with_its_field(
    country: str, postcode: str, param: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        validate_postcode(country, postcode, param=param)
    assert refused.value.param == field
