"""Refusals as problem documents (RFC 9457): what is wrong, in a code for machines and a sentence for people."""

from datetime import UTC, tzinfo
from functools import cache
from typing import Any, Final

import msgspec

from aftercart.kit.refusal import Refusal
from aftercart.sentences import Language, refusal_sentence
from aftercart.web.api.refusals import MethodNotAllowed
from aftercart.web.api.reply import Header, Reply

PROBLEM_JSON: Final[Header] = (b"content-type", b"application/problem+json")
_encode: Final = msgspec.json.Encoder(enc_hook=str).encode


class Problem(msgspec.Struct, kw_only=True):
    """What is wrong. ``param`` names the field or header at fault; further members carry the values of the refusal."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    param: str | None


def problem_of(refusal: Refusal, language: Language, *, zone: tzinfo = UTC, **members: object) -> dict[str, Any]:
    """Returns the members of the problem document, those of ``members`` included, its moments told in ``zone``."""
    problem: dict[str, Any] = {
        "type": f"/docs#{refusal.code}",
        "title": title_of(refusal.code),
        "status": refusal.status,
        "code": refusal.code,
        "detail": refusal_sentence(refusal, language, zone=zone),
        "param": refusal.param,
    }
    for name, value in (refusal.values | members).items():
        if value is not None:
            problem.setdefault(name, value)
    return problem


def reply_with_problem(refusal: Refusal, language: Language, *, zone: tzinfo = UTC, **members: object) -> Reply:
    """Returns the answer that says why a call was refused."""
    body = _encode(problem_of(refusal, language, zone=zone, **members))
    return Reply(refusal.status, body, headers=_headers(refusal), content_type=PROBLEM_JSON)


@cache
def title_of(code: str) -> str:
    """Returns the short title of a problem: its code in words."""
    return code.replace("_", " ").capitalize().replace("json", "JSON").replace("Sku", "SKU")


def _headers(refusal: Refusal) -> tuple[Header, ...]:
    headers: list[Header] = []
    if refusal.status == 401:
        headers.append((b"www-authenticate", b'Bearer realm="aftercart"'))
    if refusal.status in {429, 503}:
        headers.append((b"retry-after", str(refusal.values.get("retry_after_seconds", 1)).encode()))
    if isinstance(refusal, MethodNotAllowed):
        headers.append((b"allow", str(refusal.values["allowed"]).encode()))
    return tuple(headers)
