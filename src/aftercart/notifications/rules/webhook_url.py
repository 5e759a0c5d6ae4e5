"""Which addresses an endpoint may have, as far as the text alone can tell."""

from typing import Final
from urllib.parse import urlsplit

from aftercart.kit.refusal import Invalid

URL_CHARACTERS_MAX: Final = 2_000
EXPECTED: Final = "an https:// address without user, password and fragment"


def require_webhook_url(url: str, *, param: str) -> None:
    """Raises ``Invalid`` unless ``url`` is http or https with a host, and with nothing in it that would be lost.

    Whether http is allowed and where the host leads is decided when something is sent there.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise Invalid(param=param, expected=EXPECTED, got=url) from error
    complete = parts.scheme in {"http", "https"} and parts.hostname
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= URL_CHARACTERS_MAX
    if not complete or not plain or "@" in parts.netloc or "#" in url:
        raise Invalid(param=param, expected=EXPECTED, got=url)
