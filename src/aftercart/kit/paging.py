"""Long lists are read page by page: a cursor remembers where the last page ended, whatever was added since."""

import base64
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

import msgspec

from aftercart.kit.refusal import Invalid

LIMIT_DEFAULT: Final = 50
LIMIT_MAX: Final = 200
_CURSOR_CHARACTERS_MAX: Final = 1_000
_CURSOR_EXPECTED: Final = "the next_cursor of the page before"
_BIGINT_MAX: Final = 2**63 - 1

T = TypeVar("T")
K = TypeVar("K", bound=tuple[Any, ...])


class Page(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """Some items of a list, and the cursor that asks for the ones after them; the last page has none."""

    items: tuple[T, ...]
    next_cursor: str | None


def checked_limit(limit: int | None) -> int:
    """Returns how many items to read at most: ``LIMIT_DEFAULT`` for ``None``; raises ``Invalid`` for ``limit``."""
    if limit is None:
        return LIMIT_DEFAULT
    if not 1 <= limit <= LIMIT_MAX:
        raise Invalid(param="limit", expected=f"a number from 1 to {LIMIT_MAX}", got=limit)
    return limit


def page_of(rows: Sequence[T], *, limit: int, sort_key: Callable[[T], tuple[object, ...]]) -> Page[T]:
    """Returns the first ``limit`` of ``rows``, of which one more was read to know whether another page follows."""
    items = tuple(rows[:limit])
    return Page(items=items, next_cursor=encode_cursor(sort_key(items[-1])) if len(rows) > limit else None)


def encode_cursor(sort_key: tuple[object, ...]) -> str:
    """Returns the sort key of a page's last item as text that is safe in a URL and says nothing to its reader."""
    return base64.urlsafe_b64encode(msgspec.json.encode(sort_key)).rstrip(b"=").decode()


def decode_cursor(text: str, types: type[K]) -> K:
    """Returns the sort key in a cursor, for ``types`` such as ``tuple[datetime, UUID]``.

    Raises ``Invalid`` for ``cursor`` when it was not made by ``encode_cursor`` from such a sort key.
    """
    if len(text) > _CURSOR_CHARACTERS_MAX:
        raise Invalid(param="cursor", expected=_CURSOR_EXPECTED, got=text)
    try:
        padded = text + "=" * (-len(text) % 4)
        sort_key = msgspec.json.decode(base64.b64decode(padded, altchars=b"-_", validate=True), type=types)
    except (ValueError, msgspec.DecodeError) as error:
        raise Invalid(param="cursor", expected=_CURSOR_EXPECTED, got=text) from error
    if not all(_can_be_asked_for(value) for value in sort_key):
        raise Invalid(param="cursor", expected=_CURSOR_EXPECTED, got=text)
    return sort_key


def _can_be_asked_for(value: object) -> bool:
    # A forged cursor must be refused here, not by a fault of the database that gets it as a parameter.
    match value:
        case int():
            return -_BIGINT_MAX <= value <= _BIGINT_MAX
        case str():
            return "\0" not in value
        case datetime():
            return value.tzinfo is not None
        case _:
            return True
