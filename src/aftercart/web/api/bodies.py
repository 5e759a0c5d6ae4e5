"""Bodies of calls: JSON bytes to typed wishes, or a refusal that names the field at fault."""

import json
from typing import Any, Final, TypeVar, cast

import msgspec
from litestar.types import Receive

from aftercart.kit.refusal import Invalid, Refusal
from aftercart.web.api.refusals import BadRequest, BodyTooLarge, MalformedJson
from aftercart.web.api.validation import refusal_of

T = TypeVar("T")

_NESTING_MAX: Final = 64
_ALLOWED_CONTROLS: Final = "\t\n\r"
NO_CONTROLS: Final = "text without control characters or halves of surrogate pairs"


async def read_body(receive: Receive, declared: bytes | None, *, bytes_max: int) -> bytes:
    """Returns the whole body of a call, most often one message; ``declared`` is its Content-Length header.

    Raises ``BodyTooLarge`` as soon as it is known, ``BadRequest`` when the caller goes away in between.
    """
    if declared is not None and declared.isdigit() and int(declared) > bytes_max:
        raise BodyTooLarge(bytes_max=bytes_max)
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise BadRequest
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > bytes_max:
            raise BodyTooLarge(bytes_max=bytes_max)
        if not message.get("more_body", False):
            return parts[0] if len(parts) == 1 else b"".join(parts)


def decode_body(body: bytes, decoder: "msgspec.json.Decoder[T]") -> T:
    """Returns the wish in ``body``.

    Raises ``MalformedJson`` for what is not JSON, ``Invalid`` (or the refusal of a value's own type) for a field that
    does not hold what is expected there, control characters included.
    """
    try:
        wish = decoder.decode(body)
    except msgspec.ValidationError as error:
        raise refusal_of(error, decoder.type) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _refusal_of_malformed(body, error) from error
    # Control characters cannot stand raw in JSON, so only an escape can have smuggled one in.
    if b"\\u00" in body:
        _require_printable(msgspec.json.decode(body))
    return wish


def _require_printable(document: Any) -> None:
    param = _first_forbidden(document)
    if param is not None:
        raise Invalid(param=param, expected=NO_CONTROLS, got=None)


def _refusal_of_malformed(body: bytes, error: Exception) -> Refusal:
    """Names the field whose text is not text (raw controls, broken UTF-8, lone surrogates), if that is all."""
    try:
        document = json.loads(body.decode("utf-8", "surrogateescape"), strict=False)
    except (ValueError, RecursionError):
        return MalformedJson(byte=_byte(str(error)))
    param = _first_forbidden(document)
    if param is None:
        return MalformedJson(byte=_byte(str(error)))
    return Invalid(param=param, expected=NO_CONTROLS, got=None)


def _byte(message: str) -> int | None:
    digits = message.rpartition("(byte ")[2].rstrip(")")
    return int(digits) if digits.isdigit() else None


def _first_forbidden(document: Any) -> str | None:
    """Returns the path of the first text that may not be stored, as ``lines[0].sku``."""
    waiting: list[tuple[str, Any, int]] = [("", document, 0)]
    while waiting:
        path, value, depth = waiting.pop()
        if isinstance(value, str) and is_forbidden(value):
            return path
        if depth >= _NESTING_MAX:
            continue
        if isinstance(value, list):
            items = cast("list[Any]", value)
            waiting.extend((f"{path}[{index}]", item, depth + 1) for index, item in enumerate(items))
        elif isinstance(value, dict):
            members = cast("dict[str, Any]", value)
            if any(is_forbidden(name) for name in members):
                return path
            waiting.extend((f"{path}.{name}" if path else name, item, depth + 1) for name, item in members.items())
    return None


def is_forbidden(text: str) -> bool:
    """Tells whether a text holds what may not be stored: control characters, or halves of surrogate pairs."""
    if text.isprintable():
        return False
    return any(
        (character < " " and character not in _ALLOWED_CONTROLS)
        or "\x7f" <= character <= "\x9f"
        or "\ud800" <= character <= "\udfff"
        for character in text
    )
