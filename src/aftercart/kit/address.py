"""A postal address, checked by the rules of its country, so that a label printed from it arrives."""

import re
from typing import Annotated, Final

import msgspec

from aftercart.kit.postcodes import CountryRules, find_country_rules
from aftercart.kit.refusal import Invalid

NAME_CHARACTERS_MAX: Final = 200
LINE_CHARACTERS_MAX: Final = 200
POSTCODE_CHARACTERS_MAX: Final = 20
CITY_CHARACTERS_MAX: Final = 100

# Controls, line and paragraph separators, surrogates, and marks that turn the direction of writing on a label.
_FORBIDDEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class Address(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a parcel or an invoice goes; ``country`` is ISO 3166 alpha-2, ``postcode`` empty where there is none."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=NAME_CHARACTERS_MAX)]
    line1: Annotated[str, msgspec.Meta(min_length=1, max_length=LINE_CHARACTERS_MAX)]
    line2: Annotated[str, msgspec.Meta(max_length=LINE_CHARACTERS_MAX)] | None = None
    postcode: Annotated[str, msgspec.Meta(max_length=POSTCODE_CHARACTERS_MAX)]
    city: Annotated[str, msgspec.Meta(max_length=CITY_CHARACTERS_MAX)]
    country: Annotated[str, msgspec.Meta(pattern="^[A-Za-z]{2}$", min_length=2, max_length=2)]


def validate_address(address: Address, *, param: str) -> Address:
    """Returns the address tidied up: single spaces, the country in capitals, the postcode as its country writes it.

    Raises ``Invalid`` naming the field below ``param`` (``delivery.address.postcode``): an unknown country, a field
    that is missing there, too long or with control characters, or a postcode that country does not have. States and
    provinces are no field of ours and are not asked for; whether the city has that postcode is not checked.
    """
    rules = _rules_of(address.country, param=f"{param}.country")
    line2 = address.line2 or ""
    if not (address.name + address.line1 + line2 + address.postcode + address.city).isprintable():
        _refuse_forbidden_characters(address, param=param)
    return Address(
        name=_tidy(address.name, param, "name", characters_max=NAME_CHARACTERS_MAX),
        line1=_tidy(address.line1, param, "line1", characters_max=LINE_CHARACTERS_MAX),
        line2=_tidy(line2, param, "line2", characters_max=LINE_CHARACTERS_MAX, required=False) or None,
        postcode=_tidy_postcode(address.postcode, rules, param=f"{param}.postcode"),
        city=_tidy(address.city, param, "city", characters_max=CITY_CHARACTERS_MAX, required=rules.city_required),
        country=rules.country,
    )


def validate_postcode(country: str, postcode: str, *, param: str) -> tuple[str, str]:
    """Returns country and postcode as an address has them, for who knows no more of a place.

    Raises ``Invalid`` naming ``country`` or ``postcode`` below ``param`` (at the top of the wish when it is empty).
    """
    below = f"{param}." if param else ""
    rules = _rules_of(country, param=f"{below}country")
    return rules.country, _tidy_postcode(postcode, rules, param=f"{below}postcode")


def _rules_of(country: str, *, param: str) -> CountryRules:
    rules = find_country_rules(country.upper())
    if rules is None:
        raise Invalid(param=param, expected="an ISO 3166 alpha-2 country code", got=country)
    return rules


def _tidy(text: str, param: str, field: str, *, characters_max: int, required: bool = True) -> str:
    tidy = " ".join(text.split())
    if len(tidy) > characters_max:
        raise Invalid(param=f"{param}.{field}", expected=f"at most {characters_max} characters", got=text)
    if required and not tidy:
        raise Invalid(param=f"{param}.{field}", expected="at least one character", got=text)
    return tidy


def _tidy_postcode(text: str, rules: CountryRules, *, param: str) -> str:
    postcode = rules.format_postcode(text) if len(text) <= POSTCODE_CHARACTERS_MAX else None
    if postcode is None or (rules.postcode_required and not postcode):
        such_as = f", such as {rules.postcode_examples}" if rules.postcode_examples else ""
        raise Invalid(param=param, expected=f"a postcode of {rules.country}{such_as}", got=text)
    return postcode


def _refuse_forbidden_characters(address: Address, *, param: str) -> None:
    texts = {
        "name": address.name,
        "line1": address.line1,
        "line2": address.line2 or "",
        "postcode": address.postcode,
        "city": address.city,
    }
    for field, text in texts.items():
        if _FORBIDDEN.search(text):
            raise Invalid(param=f"{param}.{field}", expected="text without control characters", got=ascii(text))
