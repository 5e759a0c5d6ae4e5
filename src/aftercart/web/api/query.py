"""Query parameters: text in the address of a call to typed values, or a refusal that names the parameter."""

from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl

import msgspec

from aftercart.kit.refusal import Invalid
from aftercart.web.api.validation import refusal_of

T = TypeVar("T")

_PARAMETERS_MAX: Final = 200


def decode_query(query: bytes, query_type: type[T]) -> T:
    """Returns the parameters; a field of ``query_type`` that is a tuple may be given many times, others once.

    Raises ``Invalid`` for a parameter that is unknown, given twice, or does not hold what is expected.
    """
    many = _repeatable(query_type)
    values: dict[str, Any] = {}
    for name, text in _pairs(query):
        if "\0" in text or not text.isprintable():
            raise Invalid(param=name, expected="text without control characters", got=None)
        if name in many:
            values.setdefault(name, []).append(text)
        elif name in values:
            raise Invalid(param=name, expected="one value", got=text)
        else:
            values[name] = text
    try:
        return msgspec.convert(values, query_type, strict=False)
    except msgspec.ValidationError as error:
        raise refusal_of(error, query_type) from error


def _pairs(query: bytes) -> list[tuple[str, str]]:
    if not query:
        return []
    try:
        return parse_qsl(query.decode("ascii"), keep_blank_values=True, max_num_fields=_PARAMETERS_MAX, errors="strict")
    except ValueError as error:
        raise Invalid(param="query", expected="percent-encoded UTF-8", got=None) from error


def _repeatable(query_type: type[Any]) -> frozenset[str]:
    return frozenset(getattr(query_type, "REPEATABLE", ()))
