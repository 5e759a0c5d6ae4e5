"""What a form is made of, in words already; one template shows them all."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, Literal, cast

import msgspec
from babel import Locale

from aftercart.kit.postcodes import find_country_rules
from aftercart.sentences.voice import Voice

Kind = Literal["text", "number", "textarea", "select", "radio", "hidden", "group"]
_COUNTRY_CODE_CHARACTERS: Final = 2


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One choice, with ``notes`` in one line and ``more`` in another; ``within`` is for those who choose it."""

    value: str
    label: str
    notes: tuple[str, ...] = ()
    more: str = ""
    within: tuple["Field", ...] = ()


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One field with what is in it; a ``group`` holds the fields in ``within`` below one heading."""

    name: str
    label: str = ""
    kind: Kind = "text"
    value: str = ""
    hint: str = ""
    options: tuple[Option, ...] = ()
    within: tuple["Field", ...] = ()
    autocomplete: str = ""
    type: str = "text"
    is_optional: bool = False
    characters_max: int = 200
    number_max: int | None = None


def all_fields(fields: Iterable[Field]) -> Iterable[Field]:
    """Yields fields with those inside of them."""
    for field in fields:
        yield field
        yield from all_fields(field.within)
        for option in field.options:
            yield from all_fields(option.within)


def address_fields(voice: Voice, given: Mapping[str, str]) -> tuple[Field, ...]:
    """Returns the fields of an address, in the order in which people write one."""

    def field(name: str, autocomplete: str, *, is_optional: bool = False, characters_max: int = 200) -> Field:
        return Field(
            name=name,
            label=voice.say(f"field_{name}"),
            value=given.get(name, ""),
            autocomplete=autocomplete,
            is_optional=is_optional,
            characters_max=characters_max,
        )

    return (
        field("name", "name"),
        field("line1", "address-line1"),
        field("line2", "address-line2", is_optional=True),
        field("postcode", "postal-code", characters_max=20),
        field("city", "address-level2", characters_max=100),
        Field(
            name="country",
            label=voice.say("field_country"),
            kind="select",
            value=given.get("country", ""),
            options=countries(voice.formats),
            autocomplete="country",
        ),
    )


@lru_cache(maxsize=64)
def countries(formats: str) -> tuple[Option, ...]:
    """Returns every country that has postal rules, sorted by its name in a locale."""
    names = cast("Mapping[str, str]", Locale.parse(formats).territories)
    known = (
        Option(value=code, label=name)
        for code, name in names.items()
        if len(code) == _COUNTRY_CODE_CHARACTERS and code.isalpha() and find_country_rules(code) is not None
    )
    return tuple(sorted(known, key=lambda option: _without_accents(option.label)))


def _without_accents(text: str) -> str:
    return text.casefold().translate(_PLAIN_LETTERS)


_PLAIN_LETTERS: Final = str.maketrans("àâäåáãçéèêëîïíôöóõûüúñ", "aaaaaaceeeeiiioooouuun")
