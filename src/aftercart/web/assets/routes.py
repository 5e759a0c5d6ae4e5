"""Serves the style sheet that all pages share."""

import hashlib
from pathlib import Path
from typing import Final

from litestar import HttpMethod
from litestar.handlers import HTTPRouteHandler

from aftercart.web.api.reply import Reply

_SHEET: Final = Path(__file__).with_name("aftercart.css").read_bytes()
STYLE_PATH: Final = "/assets/aftercart.css"
STYLE_URL: Final = f"{STYLE_PATH}?{hashlib.sha256(_SHEET).hexdigest()[:12]}"
"""Where pages link to: another address whenever the sheet is another, so that browsers may keep it for ever."""
_HEADERS: Final = (
    (b"cache-control", b"public, max-age=31536000, immutable"),
    (b"x-content-type-options", b"nosniff"),
)


async def read_style() -> Reply:
    """Serves the style sheet."""
    return Reply(200, _SHEET, content_type=(b"content-type", b"text/css; charset=utf-8"), headers=_HEADERS)


HANDLERS: Final = (
    HTTPRouteHandler(STYLE_PATH, http_method=(HttpMethod.GET, HttpMethod.HEAD), name="read_style", status_code=200)(
        read_style
    ),
)
