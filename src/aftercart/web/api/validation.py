"""What the decoder says about a value that does not fit, as refusals that name the field in the caller's own words."""

import enum
import re
from collections.abc import Callable
from typing import Final

import msgspec

from aftercart.access.model import Role
from aftercart.catalog.model import VariantKind
from aftercart.inventory.model import LocationKind
from aftercart.kit.refusal import Invalid, Refusal
from aftercart.orders.model import CancellationReason, MissingStockPolicy, Status
from aftercart.shipping.model import MethodKind, Zone


def refusal_of(error: msgspec.ValidationError) -> Refusal:
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
    return Invalid(param=path, expected=_expected(message, _named(path)), got=None)


def _named(path: str) -> str:
    """Returns the name of a field, with that of the list it is in where the name alone says too little."""
    parent, _, field = path.rpartition(".")
    within = f"{parent.rpartition('.')[2].partition('[')[0]}.{field}"
    return within if within in _CHOICES else field


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


def _chosen(_match: re.Match[str], field: str) -> str:
    choices = _CHOICES.get(field)
    return "one of the listed values" if choices is None else "one of " + ", ".join(one.value for one in choices)


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
_CHOICES: Final[dict[str, tuple[enum.Enum, ...]]] = {
    "reason": tuple(one for one in CancellationReason if one is not CancellationReason.PAYMENT_NOT_RECEIVED),
    "missing_stock": tuple(MissingStockPolicy),
    "role": tuple(Role),
    "status": tuple(Status),
    "variants.kind": tuple(VariantKind),
    "locations.kind": tuple(LocationKind),
    "methods.kind": tuple(MethodKind),
    "zone": tuple(Zone),
}
_PHRASES: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str], str]], ...]] = (
    (re.compile(r"Expected `(?P<types>[^`]+)`, got `.*`", re.DOTALL), _typed),
    (re.compile(r"Expected `(?P<type>int|float)` (?P<sign>[<>]=) (?P<bound>-?[\d.]+)"), _bounded),
    (re.compile(r"Expected `(?P<type>str|array|object)` of length (?P<sign>[<>]=)? ?(?P<bound>\d+)"), _sized),
    (re.compile(r"Expected `str` matching regex .*", re.DOTALL), _formed),
    (re.compile(r"Expected `datetime` with a timezone component"), _fixed("a moment with its time zone")),
    (re.compile(r"Invalid enum value .*", re.DOTALL), _chosen),
    (re.compile(r"Invalid UUID"), _fixed("a UUID")),
    (re.compile(r"Invalid RFC3339 encoded datetime"), _fixed("a moment such as 2026-05-04T09:30:00Z")),
    (re.compile(r"Invalid RFC3339 encoded date"), _fixed("a date such as 2026-05-04")),
    (re.compile(r".*out of range.*"), _fixed("a smaller number")),
)
