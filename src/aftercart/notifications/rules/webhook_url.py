"""Which addresses an endpoint may have, as far as the text alone can tell."""

import re
from typing import Final
from urllib.parse import urlsplit

from aftercart.kit.refusal import Invalid
from aftercart.notifications.rules.public_address import is_public

URL_CHARACTERS_MAX: Final = 2_000
EXPECTED: Final = "an https:// address without user, password and fragment"
EXPECTED_PUBLIC: Final = "an https:// address on the internet"


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


def require_public_url(url: str, *, param: str) -> None:
    """Raises ``Invalid`` for http, and for a host that by its text alone is not on the internet.

    For a ``url`` that may be one; where the name of a host leads is decided when something is sent there.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").removesuffix(".")
    if parts.scheme != "https" or _is_this_machine(host) or (_is_address(host) and not _is_public_address(host)):
        raise Invalid(param=param, expected=EXPECTED_PUBLIC, got=url)


def _is_this_machine(host: str) -> bool:
    return host.rpartition(".")[2] == "localhost"


def _is_address(host: str) -> bool:
    return ":" in host or _NUMBER.fullmatch(host.rpartition(".")[2]) is not None


def _is_public_address(host: str) -> bool:
    try:
        return is_public(host)
    except ValueError:  # such as 127.1 or 0x7f000001: systems read them, people do not write them
        return False


_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*", re.IGNORECASE)
"""The last part of an IPv4 address in any spelling; no name of the internet ends so."""
