"""Who has been let in to which order: signed cookies and signed fields of forms; nothing of it is stored."""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

import msgspec
from itsdangerous import BadData, URLSafeSerializer

from aftercart.access.decisions.request_customer_code import CODE_LIFETIME

T = TypeVar("T", bound=msgspec.Struct)

LINK_SESSION: Final = timedelta(days=30)
"""How long a link opens its order in one browser, at most; never longer than the link itself lives."""
CODE_SESSION: Final = timedelta(days=1)
"""Whoever typed a code may be at somebody else's computer."""
PROOF_LIFETIME: Final = timedelta(minutes=15)
"""For so long after a code nobody is asked for another one before a change."""


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One browser that was let in to one order; ``proven_at`` is when it last showed a code from the mailbox."""

    session_id: str
    order_id: UUID
    number: str
    until: datetime
    proven_at: datetime | None = None

    def is_proven(self, now: datetime) -> bool:
        """Tells whether the mailbox was shown to be theirs so recently that a change needs no new code."""
        return self.proven_at is not None and now < self.proven_at + PROOF_LIFETIME


class Stranger(msgspec.Struct, frozen=True, kw_only=True):
    """One browser that looks for an order, before it was let in."""

    session_id: str


class SentCode(msgspec.Struct, frozen=True, kw_only=True):
    """A code that was asked for in a session; ``number`` is the order somebody says is theirs."""

    session_id: str
    code_id: UUID
    number: str
    until: datetime


class PendingWish(msgspec.Struct, frozen=True, kw_only=True):
    """A change somebody has looked at and not yet confirmed; ``key`` makes it happen once."""

    session_id: str
    change: str
    fields: dict[str, str]
    key: str


class Seals:
    """Signs what travels through a browser and comes back; each kind has a key of its own."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._serializers: dict[type[msgspec.Struct], URLSafeSerializer] = {}

    def seal(self, sealed: msgspec.Struct) -> str:
        """Returns a text that is safe in cookies and URLs, and that nobody else can make."""
        return self._serializer(type(sealed)).dumps(msgspec.to_builtins(sealed)).__str__()

    def open(self, text: str, sealed_type: type[T]) -> T | None:
        """Returns what was sealed, ``None`` for a text that was not sealed here as this kind."""
        try:
            return msgspec.convert(self._serializer(sealed_type).loads(text), sealed_type)
        except (BadData, msgspec.ValidationError):
            return None

    def form_token(self, session_id: str) -> str:
        """Returns what every form of a session carries, so that no other site can send one in its name."""
        return hmac.new(self._secret, f"portal form\0{session_id}".encode(), hashlib.sha256).hexdigest()[:32]

    def is_form_token(self, session_id: str, token: str) -> bool:
        """Tells whether a form was made in this session."""
        return hmac.compare_digest(self.form_token(session_id).encode(), token.encode())

    def _serializer(self, sealed_type: type[msgspec.Struct]) -> URLSafeSerializer:
        name = sealed_type.__name__
        if sealed_type not in self._serializers:
            self._serializers[sealed_type] = URLSafeSerializer(
                self._secret,
                salt=f"aftercart portal {name}",
                signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
            )
        return self._serializers[sealed_type]


def until_of_link(now: datetime, link_expires_at: datetime) -> datetime:
    """Returns how long a session lives that began with a link."""
    return min(now + LINK_SESSION, link_expires_at)


def until_of_code(now: datetime) -> datetime:
    """Returns until when a code that was just asked for may be typed."""
    return now + CODE_LIFETIME
