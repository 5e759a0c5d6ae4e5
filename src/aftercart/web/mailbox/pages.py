"""The pages of the mailbox: a list, one mail, and its HTML alone in a frame that may do nothing but open links."""

import asyncio
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from litestar import HttpMethod, Request
from litestar.handlers import HTTPRouteHandler

from aftercart.sentences import Language
from aftercart.sentences.voice import Voice
from aftercart.shop import Surroundings
from aftercart.web.api.headers import language_of
from aftercart.web.api.reply import Header, Reply
from aftercart.web.assets.routes import STYLE_URL
from aftercart.web.mailbox.mailbox import Mailbox, ShownMail, read_mail

MAILBOX_PATH: Final = "/mailbox"
MAILS_SHOWN: Final = 100
_HTML: Final[Header] = (b"content-type", b"text/html; charset=utf-8")
_COMMON: Final[tuple[Header, ...]] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)
_PAGE_POLICY: Final = (
    b"default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
    b"frame-ancestors 'none'"
)
# A mail may bring its own styles and nothing else: no script, no picture from elsewhere that tells who reads it.
_MAIL_POLICY: Final = (
    b"sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    b"img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_PAGE: Final[tuple[Header, ...]] = ((b"content-security-policy", _PAGE_POLICY), *_COMMON)
_MAIL: Final[tuple[Header, ...]] = ((b"content-security-policy", _MAIL_POLICY), *_COMMON)
_NEW_TAB: Final = '<base target="_blank">'


class MailboxPages:
    """Answers what is asked of a mailbox, in French or English."""

    def __init__(self, mailbox: Mailbox, surroundings: Surroundings) -> None:
        self._mailbox = mailbox
        self._surroundings = surroundings

    async def read_list(self, request: Request[Any, Any, Any]) -> Reply:
        """Shows the newest mails."""
        ids = await asyncio.to_thread(self._mailbox.ids)
        mails = [mail for mail_id in ids[:MAILS_SHOWN] if (mail := await self._find(mail_id)) is not None]
        return self._page(request, "list.html", mails=mails)

    async def read_one(self, request: Request[Any, Any, Any]) -> Reply:
        """Shows one mail: its HTML in a frame, its text, its headers, and as it came."""
        mail = await self._find(request.path_params["mail_id"])
        if mail is None:
            return self._page(request, "missing.html", status=404)
        return self._page(request, "mail.html", mail=mail, frame=f"{MAILBOX_PATH}/{mail.mail_id}/html")

    async def read_html(self, request: Request[Any, Any, Any]) -> Reply:
        """Serves a mail's HTML as it is, but for its links, which open beside it."""
        mail = await self._find(request.path_params["mail_id"])
        if mail is None:
            return self._page(request, "missing.html", status=404)
        return Reply(
            200, mail.html.replace("<head>", f"<head>{_NEW_TAB}", 1).encode(), content_type=_HTML, headers=_MAIL
        )

    def handlers(self) -> tuple[HTTPRouteHandler, ...]:
        """Returns the routes of these pages."""
        methods = (HttpMethod.GET, HttpMethod.HEAD)
        one = f"{MAILBOX_PATH}/{{mail_id:str}}"
        return (
            HTTPRouteHandler(MAILBOX_PATH, http_method=methods, name="mailbox", status_code=200)(self.read_list),
            HTTPRouteHandler(one, http_method=methods, name="mailbox_mail", status_code=200)(self.read_one),
            HTTPRouteHandler(f"{one}/html", http_method=methods, name="mailbox_html", status_code=200)(self.read_html),
        )

    async def _find(self, mail_id: str) -> ShownMail | None:
        content = await asyncio.to_thread(self._mailbox.find, mail_id)
        return None if content is None else read_mail(mail_id, content)

    def _page(self, request: Request[Any, Any, Any], template: str, *, status: int = 200, **values: Any) -> Reply:
        language: Language = language_of(request.headers.get("accept-language", "").encode("latin-1"))
        voice = Voice(language=language, formats=language, zone=self._surroundings.zone)
        page = _TEMPLATES.get_template(template).render(
            voice=voice, shop=self._surroundings.name, style=STYLE_URL, home=MAILBOX_PATH, **values
        )
        return Reply(status, page.encode(), content_type=_HTML, headers=_PAGE)


_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=select_autoescape(("html",)),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
