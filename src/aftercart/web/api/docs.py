"""The documentation that the API serves of itself: the OpenAPI document, and a page to read, made from it."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from aftercart.kit.refusal import Refusal, all_refusals
from aftercart.web.api.call import Call
from aftercart.web.api.examples import recorded_examples
from aftercart.web.api.openapi import Json, openapi_document
from aftercart.web.api.problems import title_of
from aftercart.web.api.reply import Header, Reply
from aftercart.web.api.route import Answered, Route
from aftercart.web.api.routes import ROUTES

_HTML: Final[Header] = (b"content-type", b"text/html; charset=utf-8")
# The page needs nothing but its own style, so the browser may refuse everything else.
_PAGE_HEADERS: Final[tuple[Header, ...]] = (
    (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"),
    (b"x-content-type-options", b"nosniff"),
)


async def read_document(_call: Call) -> Reply:
    """Serves the OpenAPI document."""
    return Reply(200, _document_bytes())


async def read_page(_call: Call) -> Reply:
    """Serves the page to read."""
    return Reply(200, _page_bytes(), content_type=_HTML, headers=_PAGE_HEADERS)


@cache
def document() -> Json:
    """Returns the OpenAPI document of this version."""
    return openapi_document(ROUTES, recorded_examples())


@cache
def _document_bytes() -> bytes:
    return msgspec.json.encode(document())


@cache
def _page_bytes() -> bytes:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(shape=shape, marked=marked, pretty=pretty)
    page = environment.get_template("docs.html").render(api=document(), problems=_problems())
    return page.encode()


def shape(schema: Json) -> Markup:
    """Returns what a value looks like, in few words, with links to the types it names."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return Markup('<a href="#type-{0}">{0}</a>').format(name)
    if "anyOf" in schema:
        return Markup(" or ").join(shape(one) for one in schema["anyOf"])
    if "enum" in schema:
        return Markup(" | ").join(Markup("<code>{}</code>").format(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return Markup("list of {}").format(shape(schema.get("items") or {"anyOf": schema.get("prefixItems", [])}))
    if isinstance(schema.get("additionalProperties"), dict):
        return Markup("object of {}").format(shape(schema["additionalProperties"]))
    return escape(" ".join((schema.get("format") or schema.get("type") or "anything", *_bounds(schema))))


def _bounds(schema: Json) -> list[str]:
    named = (("minimum", "from {}"), ("maximum", "to {}"))
    bounds = [text.format(schema[name]) for name, text in named if name in schema]
    if "maxLength" in schema:
        least = f"{schema['minLength']} to" if "minLength" in schema else "at most"
        bounds.append(f"of {least} {schema['maxLength']} characters")
    return bounds


def marked(text: str) -> Markup:
    """Returns text in which `code` is marked as such."""
    parts = text.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part) for place, part in enumerate(parts)
    )


def pretty(value: Any) -> str:
    """Returns a value as indented JSON."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def _problems() -> list[Json]:
    return [
        {"code": one.code, "title": title_of(one.code), "status": one.status, "meaning": _meaning(one)}
        for one in all_refusals()
    ]


def _meaning(refusal: type[Refusal]) -> str:
    return " ".join((refusal.__doc__ or "").split()).replace("``", "`")


ROUTES_OF_DOCS: Final = (
    Route(
        name="read_openapi",
        method="GET",
        path="/openapi.json",
        tag="Operation",
        summary="Read the OpenAPI document",
        handle=read_document,
        anonymous=True,
        answers=(Answered(status=200, meaning="OpenAPI 3.1", shape=dict[str, Any]),),
    ),
    Route(
        name="read_docs",
        method="GET",
        path="/docs",
        tag="Operation",
        summary="Read the documentation",
        handle=read_page,
        anonymous=True,
        answers=(Answered(status=200, meaning="A page", shape=str, media_type="text/html"),),
    ),
)
