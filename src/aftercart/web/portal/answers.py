"""Pages as answers: rendered from a template, with the headers that keep them private."""

from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from aftercart.sentences.voice import Voice
from aftercart.web.api.reply import Header, Reply
from aftercart.web.assets.routes import STYLE_URL

_HTML: Final[Header] = (b"content-type", b"text/html; charset=utf-8")
_POLICY: Final = (
    b"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PRIVATE: Final[tuple[Header, ...]] = (
    (b"content-security-policy", _POLICY),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-robots-tag", b"noindex"),
    (b"vary", b"cookie, accept-language"),
)
"""What every answer of these pages carries: no script, nothing from elsewhere, nothing left behind."""


def page(template: str, voice: Voice, *, status: int = 200, headers: tuple[Header, ...] = (), **values: Any) -> Reply:
    """Returns a page; templates get what they show in ``values`` and their words from ``voice``."""
    text = _TEMPLATES.get_template(template).render(voice=voice, style=STYLE_URL, **values)
    return Reply(status, text.encode(), content_type=_HTML, headers=(*PRIVATE, *headers))


def see_other(path: str, *, headers: tuple[Header, ...] = ()) -> Reply:
    """Sends the browser to a path of this server."""
    assert path.startswith("/")
    assert not path.startswith("//")
    return Reply(303, b"", content_type=_HTML, headers=(*PRIVATE, (b"location", path.encode("ascii")), *headers))


_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=select_autoescape(("html",)),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
