"""Where mail goes out: the server, its encryption and the login, from one URL."""

import enum
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec

from aftercart.settings import SettingRefused

_EXPECTED: Final = (
    "AFTERCART_SMTP_URL: expected smtp://USER:PASSWORD@HOST:PORT or smtps://..., with ?tls=none for a server of your "
    "own without encryption"
)


class Tls(enum.Enum):
    """How the connection is encrypted."""

    STARTTLS = "starttls"  # begun in the clear, and mail only once it is encrypted
    IMPLICIT = "implicit"  # encrypted from the first byte
    NONE = "none"  # not at all


class SmtpServer(msgspec.Struct, frozen=True, kw_only=True):
    """A mail server that takes our mail."""

    host: str
    port: int
    tls: Tls
    user: str | None = None
    password: str | None = None


_PORTS: Final = {Tls.STARTTLS: 587, Tls.IMPLICIT: 465, Tls.NONE: 25}


def smtp_server(url: str) -> SmtpServer:
    """Returns the server of ``smtp://user:password@host:port?tls=...``.

    ``smtp`` is STARTTLS unless ``tls`` is ``none``, ``smtps`` is implicit. Raises ``SettingRefused``, without repeating
    the URL: it holds a password. A password is never sent without encryption.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
        asked = parse_qs(parts.query, strict_parsing=True) if parts.query else {}
        tls = Tls(asked.pop("tls", ["implicit" if parts.scheme == "smtps" else "starttls"])[-1])
    except ValueError as error:
        raise SettingRefused(_EXPECTED) from error
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or asked or parts.path not in {"", "/"}:
        raise SettingRefused(_EXPECTED)
    if (parts.scheme == "smtps") != (tls is Tls.IMPLICIT):
        raise SettingRefused(f"{_EXPECTED}: {parts.scheme} does not go with tls={tls.value}")
    if tls is Tls.NONE and parts.username is not None:
        raise SettingRefused(f"{_EXPECTED}: a login needs encryption")
    return SmtpServer(
        host=parts.hostname,
        port=port or _PORTS[tls],
        tls=tls,
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
    )
