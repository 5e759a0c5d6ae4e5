"""What the headers of a call say."""

from functools import lru_cache
from typing import Final

from aftercart.kit.refusal import Invalid
from aftercart.sentences import LANGUAGES, Language
from aftercart.web.api.refusals import IdempotencyKeyMalformed

KEY_CHARACTERS_MAX: Final = 255
_VERSION_DIGITS_MAX: Final = 10


def idempotency_key(header: bytes | None) -> str | None:
    """Returns the caller's key; raises ``IdempotencyKeyMalformed`` unless it is 1 to 255 visible ASCII characters."""
    if header is None:
        return None
    key = header.decode("latin-1")
    if not 0 < len(key) <= KEY_CHARACTERS_MAX or not key.isascii() or not key.isprintable() or " " in key:
        raise IdempotencyKeyMalformed(characters_max=KEY_CHARACTERS_MAX)
    return key


def expected_version(header: bytes | None) -> int | None:
    """Returns the version that ``If-Match`` insists on: ``"3"``, ``W/"3"`` or ``3``; ``*`` insists on none."""
    if header is None or header == b"*":
        return None
    text = header.decode("latin-1").removeprefix("W/").strip('"')
    if not (text.isascii() and text.isdigit()) or len(text) > _VERSION_DIGITS_MAX:
        raise Invalid(param="If-Match", expected="the ETag of an order", got=ascii(text))
    return int(text)


@lru_cache(maxsize=256)
def language_of(header: bytes | None) -> Language:
    """Returns the language of ours that ``Accept-Language`` likes best, English when it names none of them."""
    wishes: list[tuple[float, Language]] = []
    for part in (header or b"").decode("latin-1").split(","):
        tag, _, weight = part.partition(";")
        language = tag.strip().partition("-")[0].lower()
        quality = _quality(weight)
        wishes.extend((quality, ours) for ours in LANGUAGES if ours == language and quality > 0)
    return max(wishes, key=lambda wish: wish[0])[1] if wishes else "en"


def _quality(weight: str) -> float:
    name, _, value = weight.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
