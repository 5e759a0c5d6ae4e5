"""One request for a page: whose session it is in, in which language, with which fields."""

from collections.abc import Mapping
from datetime import datetime
from ipaddress import ip_address
from typing import Any, Final, TypeGuard
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
from litestar import Request

from aftercart.kit.commands import Actor
from aftercart.kit.ids import parse_order_number
from aftercart.orders.model import Order
from aftercart.sentences import LANGUAGES, Language
from aftercart.sentences.voice import Voice, voice_for
from aftercart.shop import Shop
from aftercart.views.delivery_options import DeliveryDesk
from aftercart.views.order import OrderReader
from aftercart.web.api.bodies import read_body
from aftercart.web.api.headers import language_of
from aftercart.web.api.refusals import BadRequest
from aftercart.web.api.reply import Header, Reply
from aftercart.web.portal.answers import page
from aftercart.web.portal.rate_limit import RateLimit
from aftercart.web.portal.sessions import Seals, Session, Stranger

SESSION_COOKIE: Final = "o"
STRANGER_COOKIE: Final = "f"
LANGUAGE_COOKIE: Final = "language"
LANGUAGE_PARAMETER: Final = "language"
FIND_PATH: Final = "/find"
FORM_BYTES_MAX: Final = 64_000
FORM_FIELDS_MAX: Final = 500
_FORMATS: Final[Mapping[Language, str]] = {"en": "en_GB", "fr": "fr"}
_YEAR_SECONDS: Final = 31_536_000


class Portal(msgspec.Struct, frozen=True, kw_only=True):
    """What all visits share."""

    shop: Shop
    orders: OrderReader
    delivery: DeliveryDesk
    seals: Seals
    limit: RateLimit

    @property
    def is_local(self) -> bool:
        """Tells whether the shop is tried out on this computer, without TLS."""
        url = urlsplit(self.shop.surroundings.public_url)
        return url.scheme == "http" and _is_loopback(url.hostname or "")


class TurnedAway(Exception):
    """This request gets a page that says why not; ``problem`` names its phrases."""

    def __init__(self, status: int, problem: str, **values: object) -> None:
        super().__init__(f"{status} {problem}")
        self.status = status
        self.problem = problem
        self.values = values


class Visit:
    """One request; ``session`` is that of the order in the path, ``None`` for who was not let in to it."""

    __slots__ = ("_chosen", "_form", "now", "path", "portal", "query", "request", "session")

    def __init__(self, request: Request[Any, Any, Any], portal: Portal) -> None:
        self.request = request
        self.portal = portal
        self.now = portal.shop.clock.now()
        self.path: str = request.scope["path"]
        self.query = dict(parse_qsl(request.scope["query_string"].decode("latin-1")))
        wish = self.query.get(LANGUAGE_PARAMETER) or request.cookies.get(LANGUAGE_COOKIE, "")
        self._chosen: Language | None = wish if _is_language(wish) else None
        self.session = self._session()
        self._form: dict[str, str] | None = None

    @property
    def shop(self) -> Shop:
        """Returns the shop."""
        return self.portal.shop

    @property
    def route(self) -> str:
        """Returns which page was asked for, for the log: never the path itself, which may hold a token."""
        return str(dict(self.request.scope).get("path_template", "unknown"))

    def actor(self, session: Session) -> Actor:
        """Returns who asks: a customer who reaches one order."""
        return Actor(name=f"customer:{session.order_id}", role="customer", order_id=session.order_id)

    def voice(self, order: Order | None = None) -> Voice:
        """Returns how to speak: in the language that was chosen, else the order's, else the browser's."""
        zone = self.shop.surroundings.zone
        if order is not None:
            voice = voice_for(order.customer.locale, zone=zone)
            if self._chosen in (None, voice.language):
                return voice
        language = self._chosen or language_of(self.request.headers.get("accept-language", "").encode("latin-1"))
        return Voice(language=language, formats=_FORMATS[language], zone=zone)

    def page(
        self,
        template: str,
        voice: Voice,
        *,
        status: int = 200,
        headers: tuple[Header, ...] = (),
        here: str | None = None,
        **values: Any,
    ) -> Reply:
        """Returns a page of this visit; ``here`` is where its language is switched, by default where it is."""
        other: Language = "fr" if voice.language == "en" else "en"
        kept = {name: value for name, value in self.query.items() if name == "line"}
        switch = f"{here or self.path}?{urlencode({**kept, LANGUAGE_PARAMETER: other})}"
        token = None if self.session is None else self.portal.seals.form_token(self.session.session_id)
        values = {"token": token, **values}
        return page(
            template,
            voice,
            status=status,
            headers=(*self._language_cookie(), *headers),
            shop=self.shop.surroundings.name,
            other=other,
            switch=switch,
            find=FIND_PATH,
            **values,
        )

    async def form(self) -> Mapping[str, str]:
        """Returns the fields of the form that was sent; raises ``BodyTooLarge`` or ``BadRequest``."""
        if self._form is None:
            declared = self.request.headers.get("content-length", "").encode("latin-1") or None
            body = await read_body(self.request.receive, declared, bytes_max=FORM_BYTES_MAX)
            self._form = _fields_of(body.decode("utf-8", "replace"))
        return self._form

    async def require_own_form(self, session: Session | Stranger | None) -> Mapping[str, str]:
        """Returns the fields; raises ``TurnedAway`` for a form that was not made in this session, or sent elsewhere."""
        if not self._is_from_here():
            raise TurnedAway(403, "foreign")
        form = await self.form()
        if session is None or not self.portal.seals.is_form_token(session.session_id, form.get("token", "")):
            raise TurnedAway(403, "foreign")
        return form

    def require_session(self) -> Session:
        """Returns the session of the order in the path; raises ``NotLetIn``."""
        if self.session is None:
            raise NotLetIn(self.request.path_params.get("number", ""))
        return self.session

    def require_room(self) -> None:
        """Counts a try of this client; raises ``TurnedAway`` for one too many."""
        client = self.request.client
        wait = self.portal.limit.wait_seconds("" if client is None else client.host, self.now)
        if wait:
            raise TurnedAway(429, "too_often", seconds=wait)

    def session_cookie(self, session: Session) -> Header:
        """Returns the header that lets this browser in to the order, and to no other."""
        return self._cookie(SESSION_COOKIE, self.portal.seals.seal(session), f"/orders/{session.number}", session.until)

    def stranger(self) -> Stranger | None:
        """Returns the session of somebody who looks for an order."""
        return self.portal.seals.open(self.request.cookies.get(STRANGER_COOKIE, ""), Stranger)

    def stranger_cookie(self, stranger: Stranger) -> Header:
        """Returns the header that lets this browser send the form for finding an order."""
        return self._cookie(STRANGER_COOKIE, self.portal.seals.seal(stranger), FIND_PATH, None)

    def forget_session(self, session: Session) -> Header:
        """Returns the header that ends a session in this browser."""
        return self._cookie(SESSION_COOKIE, "", f"/orders/{session.number}", self.now)

    def _session(self) -> Session | None:
        session = self.portal.seals.open(self.request.cookies.get(SESSION_COOKIE, ""), Session)
        if session is None or self.now >= session.until:
            return None
        asked = self.request.path_params.get("number")
        return session if asked == session.number else None

    def _language_cookie(self) -> tuple[Header, ...]:
        if not _is_language(self.query.get(LANGUAGE_PARAMETER, "")):
            return ()
        text = f"{LANGUAGE_COOKIE}={self._chosen}; Path=/; Max-Age={_YEAR_SECONDS}; HttpOnly; SameSite=Lax"
        return ((b"set-cookie", self._secured(text)),)

    def _cookie(self, name: str, value: str, path: str, until: datetime | None) -> Header:
        age = "" if until is None else f"; Max-Age={max(int((until - self.now).total_seconds()), 0)}"
        return (b"set-cookie", self._secured(f"{name}={value}; Path={path}{age}; HttpOnly; SameSite=Lax"))

    def _secured(self, cookie: str) -> bytes:
        return (cookie if self.portal.is_local else f"{cookie}; Secure").encode("latin-1")

    def _is_from_here(self) -> bool:
        """Tells whether the browser says that a page of ours sent this; one that says nothing is believed."""
        site = self.request.headers.get("sec-fetch-site")
        if site is not None:
            return site == "same-origin"
        origin = self.request.headers.get("origin", "null")
        # Without a referrer browsers call their own page's origin null; the token of the form decides then.
        if origin == "null":
            return True
        here = {self.request.headers.get("host", ""), urlsplit(self.shop.surroundings.public_url).netloc}
        return urlsplit(origin).netloc in here


class NotLetIn(Exception):
    """Whoever asks has no session for this order; they may find it by its number and a code."""

    def __init__(self, number: str) -> None:
        super().__init__("no session")
        self.number = parse_order_number(number)


def _fields_of(form: str) -> dict[str, str]:
    """Returns the fields of a form, lines ended as everywhere else; raises ``BadRequest`` for far too many."""
    try:
        pairs = parse_qsl(form, keep_blank_values=True, max_num_fields=FORM_FIELDS_MAX)
    except ValueError as error:
        raise BadRequest from error
    return {name: value.replace("\r\n", "\n").strip() for name, value in pairs}


def _is_language(text: str) -> TypeGuard[Language]:
    return text in LANGUAGES


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
