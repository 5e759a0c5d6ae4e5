"""What the decoder says about a value that does not fit, as refusals that name the field in the caller's own words."""

import enum
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, Final

import msgspec
from msgspec import inspect

from aftercart.kit.refusal import Invalid, Refusal
from aftercart.orders.decisions.hold_order import PLACED_BY_PEOPLE
from aftercart.orders.model import CancellationReason, HoldReason

Shape = Any
"""The type something was to be decoded as."""


def refusal_of(error: msgspec.ValidationError, shape: Shape) -> Refusal:
    """Returns the refusal behind a validation error: that of the value's own type, or ``Invalid``."""
    message, path = _parted(str(error))
    cause = error.__cause__
    if isinstance(cause, Refusal):
        cause.param = path
        return cause
    field = _FIELD.fullmatch(message)
    if field is not None:
        name = f"{path}.{field['name']}" if path else field["name"]
        expected = "a value" if field["fault"] == "missing required" else "no field of this name"
        return Invalid(param=name, expected=expected, got=None)
    if message.startswith(_NO_CHOICE):
        return Invalid(param=path, expected="one of " + ", ".join(_choices(shape, _INDEX.sub("", path))), got=None)
    return Invalid(param=path, expected=_expected(message, path.rpartition(".")[2]), got=None)


@lru_cache(maxsize=512)
def _choices(shape: Shape, path: str) -> tuple[str, ...]:
    """Returns what may stand at ``path``, which names fields and no entries of lists, of a value of that shape."""
    found = list(_within((inspect.type_info(shape),)))
    for name in filter(None, path.split(".")):
        structs = (one for one in found if isinstance(one, inspect.StructType))
        fields = (field for struct in structs for field in struct.fields if field.encode_name == name)
        found = list(_within(field.type for field in fields))
    choices: list[str] = []
    for one in found:
        if isinstance(one, inspect.EnumType):
            choices += (choice.value for choice in one.cls if choice not in _NOT_TO_CHOOSE)
        elif isinstance(one, inspect.LiteralType):
            choices += map(str, one.values)
    return tuple(dict.fromkeys(choices))


def _within(types: Iterable[inspect.Type]) -> Iterator[inspect.Type]:
    """Yields types, and those of what unions, lists and mappings hold."""
    for one in types:
        yield one
        match one:
            case inspect.UnionType():
                yield from _within(one.types)
            case inspect.Metadata():
                yield from _within((one.type,))
            case inspect.ListType() | inspect.VarTupleType() | inspect.SetType() | inspect.FrozenSetType():
                yield from _within((one.item_type,))
            case inspect.DictType():
                yield from _within((one.value_type,))
            case _:
                pass


def _parted(text: str) -> tuple[str, str]:
    message, _, place = text.rpartition(" - at ")
    if not message:
        return text, ""
    path = place.rpartition("$")[2].rstrip("`")
    return message, path.replace("[...]", "").lstrip(".")


def _expected(message: str, field: str) -> str:
    for pattern, phrase in _PHRASES:
        match = pattern.fullmatch(message)
        if match is not None:
            return phrase(match, field)
    return "another value"


def _typed(match: re.Match[str], _field: str) -> str:
    return " or ".join(_TYPES.get(name.strip(), name.strip()) for name in match["types"].split("|"))


def _bounded(match: re.Match[str], _field: str) -> str:
    number = "a number" if match["type"] == "float" else "a whole number"
    return f"{number} of {_BOUNDS[match['sign']]} {match['bound'].removesuffix('.0')}"


def _sized(match: re.Match[str], _field: str) -> str:
    unit = _UNITS[match["type"]][0 if match["bound"] == "1" else 1]
    return f"{_BOUNDS[match['sign'] or '']} {match['bound']} {unit}"


def _formed(_match: re.Match[str], field: str) -> str:
    return _FORMS.get(field, "text of another form")


def _fixed(phrase: str) -> Callable[[re.Match[str], str], str]:
    return lambda _match, _field: phrase


_FIELD: Final = re.compile(r"Object (?P<fault>missing required|contains unknown) field `(?P<name>.*)`", re.DOTALL)
_TYPES: Final = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
    "datetime": "a moment such as 2026-05-04T09:30:00Z",
    "date": "a date such as 2026-05-04",
    "uuid": "a UUID",
}
_BOUNDS: Final = {">=": "at least", "<=": "at most", "": "exactly"}
_UNITS: Final = {
    "str": ("character", "characters"),
    "array": ("entry", "entries"),
    "object": ("field", "fields"),
}
_FORMS: Final = {
    "email": "an e-mail address",
    "locale": "a language such as fr or en-GB",
    "phone": "a phone number",
    "currency": "a currency code such as EUR",
    "country": "an ISO 3166 alpha-2 country code",
    "cutoff": "a time of day such as 14:00",
    "opens": "a time of day such as 14:00",
    "holiday_region": "a region such as FR-57",
    "starts": "a time of day such as 14:00",
    "ends": "a time of day such as 14:00",
}
_NO_CHOICE: Final = "Invalid enum value"
_INDEX: Final = re.compile(r"\[\d+\]")
_NOT_TO_CHOOSE: Final[frozenset[enum.Enum]] = frozenset(
    {CancellationReason.PAYMENT_NOT_RECEIVED, *(one for one in HoldReason if one not in PLACED_BY_PEOPLE)}
)
"""What the shop alone gives as a reason."""
_PHRASES: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str], str]], ...]] = (
    (re.compile(r"Expected `(?P<types>[^`]+)`, got `.*`", re.DOTALL), _typed),
    (re.compile(r"Expected `(?P<type>int|float)` (?P<sign>[<>]=) (?P<bound>-?[\d.]+)"), _bounded),
    (re.compile(r"Expected `(?P<type>str|array|object)` of length (?P<sign>[<>]=)? ?(?P<bound>\d+)"), _sized),
    (re.compile(r"Expected `str` matching regex .*", re.DOTALL), _formed),
    (re.compile(r"Expected `datetime` with a timezone component"), _fixed("a moment with its time zone")),
    (re.compile(r"Invalid UUID"), _fixed("a UUID")),
    (re.compile(r"Invalid RFC3339 encoded datetime"), _fixed("a moment such as 2026-05-04T09:30:00Z")),
    (re.compile(r"Invalid RFC3339 encoded date"), _fixed("a date such as 2026-05-04")),
    (re.compile(r".*out of range.*"), _fixed("a smaller number")),
)
