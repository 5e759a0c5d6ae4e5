"""The OpenAPI 3.1 document, made from the table of routes and from the types that calls are decoded with."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from aftercart import __version__
from aftercart.kit.commands import IdempotencyKeyInFlight, IdempotencyKeyReused, Overloaded
from aftercart.kit.refusal import Refusal
from aftercart.permissions import Forbidden
from aftercart.web.api.example import Example
from aftercart.web.api.examples import RecordedExample
from aftercart.web.api.headers import KEY_CHARACTERS_MAX
from aftercart.web.api.problems import Problem
from aftercart.web.api.refusals import (
    BodyTooLarge,
    IdempotencyKeyMalformed,
    IdempotencyKeyMissing,
    MalformedJson,
    MediaTypeNotSupported,
    Unauthenticated,
)
from aftercart.web.api.route import Answered, Route

Json = dict[str, Any]

_REF: Final = "#/components/schemas/{name}"
_DESCRIPTION: Final = (
    "Orders after the cart: placed, changed, canceled, and followed. Every call but `/health`, `/openapi.json` and "
    '`/docs` carries `Authorization: Bearer KEY`. Amounts are `{"minor_units": 1990, "currency": "EUR"}` for 19.90 '
    "euros. `{order}` is an id or a number, however it is typed. Errors are problem documents (RFC 9457): `code` is "
    "for machines, `detail` a sentence in the language of `Accept-Language` (en, fr), `param` the field at fault."
)
_PARAMETERS: Final = {
    "order": "The order's id, or its number.",
    "endpoint": "The endpoint's id.",
    "fulfillment_order": "The order's number and the location's code, joined by a hyphen.",
    "parcel": "The order's number and the parcel's, joined by a hyphen.",
    "pick_list": "The id of the pick list.",
}
_TAGS: Final = {
    "Orders": "Placing, reading and searching orders.",
    "Changes": "What customers and agents change while the goods have not left.",
    "Policy": "What the merchant decides for all orders.",
    "Catalog": "What is sold.",
    "Stock": "Where it is, and how much of it.",
    "Delivery": "How it travels, what that costs, and when it arrives.",
    "Floor": "What hands do between the release and the handover, and where parcels are then.",
    "Picking": "Bins and what lies in them, pick lists, and the scans with which they are walked.",
    "Events": "What happened, for other systems.",
    "Webhooks": "Telling other systems what happened, as it happens.",
    "Access": "Who may call.",
    "Operation": "How the shop itself is doing.",
}


def openapi_document(routes: Sequence[Route], examples: Iterable[RecordedExample]) -> Json:
    """Returns the document; ``examples`` are requests with the answers they were given."""
    shapes = _Shapes(routes)
    by_route: defaultdict[str, list[RecordedExample]] = defaultdict(list)
    for recorded in examples:
        by_route[recorded.example.route].append(recorded)
    paths: defaultdict[str, Json] = defaultdict(dict)
    for route in routes:
        paths[route.path][route.method.lower()] = _operation(route, shapes, by_route[route.name])
    return {
        "openapi": "3.1.0",
        "info": {"title": "Aftercart", "version": __version__, "description": _DESCRIPTION},
        "tags": [{"name": name, "description": text} for name, text in _TAGS.items()],
        "paths": dict(paths),
        "components": {
            "schemas": shapes.components,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "An API key."}},
        },
        "security": [{"key": []}],
    }


class _Shapes:
    """The JSON schemas of all types, each under its name once."""

    def __init__(self, routes: Sequence[Route]) -> None:
        types: list[Any] = [Problem]
        for route in routes:
            types += [one for one in (route.body, route.query) if one is not None]
            types += [answer.shape for answer in route.answers]
        distinct = list(dict.fromkeys(types))
        schemas, self.components = msgspec.json.schema_components(distinct, ref_template=_REF)
        self._queries: dict[str, Json] = {}
        self._of: dict[Any, Json] = dict(zip(distinct, schemas, strict=True))
        for name in [name for name in self.components if name.endswith("Query")]:
            self._queries[name] = self.components.pop(name)
        for component in self.components.values():
            _tidy(component)
        # Problems carry the values of their refusal as further members.
        self.components["Problem"]["additionalProperties"] = True

    def of(self, shape: Any) -> Json:
        return self._of[shape]

    def properties(self, shape: Any) -> tuple[Mapping[str, Json], Sequence[str]]:
        component = self._queries[self._of[shape]["$ref"].rpartition("/")[2]]
        return component.get("properties", {}), component.get("required", [])


def _tidy(component: Json) -> None:
    """Turns a docstring into a description: no line breaks of ours, code marked as Markdown marks it."""
    if "description" in component:
        component["description"] = " ".join(component["description"].split()).replace("``", "`")


def _operation(route: Route, shapes: _Shapes, examples: Sequence[RecordedExample]) -> Json:
    operation: Json = {
        "operationId": route.name,
        "tags": [route.tag],
        "summary": route.summary,
        "description": " ".join(route.description.split()).replace("``", "`"),
        "parameters": _parameters(route, shapes, examples),
        "responses": _responses(route, shapes, examples),
    }
    if route.body is not None:
        content: Json = {"schema": shapes.of(route.body)}
        given = {one.example.name: one.example for one in examples if one.example.body is not None}
        if given:
            content["examples"] = {name: _shown(one, one.body) for name, one in given.items()}
        operation["requestBody"] = {"required": True, "content": {"application/json": content}}
    if route.anonymous:
        operation["security"] = []
    return operation


def _shown(example: Example, value: object) -> Json:
    return {"summary": example.summary, "value": value}


def _parameters(route: Route, shapes: _Shapes, examples: Sequence[RecordedExample]) -> list[Json]:
    parameters: list[Json] = []
    for name in route.parameters:
        told = {one.example.name: one.path[name] for one in examples if name in one.path}
        parameters.append(_path_parameter(name, _PARAMETERS[name], told))
    if route.query is not None:
        properties, required = shapes.properties(route.query)
        for name, schema in properties.items():
            parameters.append({"name": name, "in": "query", "required": name in required, "schema": schema})
    if route.key != "unused":
        parameters.append(_key_parameter(route))
    if "order" in route.parameters and route.method == "POST":
        parameters.append(
            {
                "name": "If-Match",
                "in": "header",
                "required": False,
                "description": "The `ETag` the order must still have; else 412.",
                "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
                "example": '"1"',
            }
        )
    return parameters


def _path_parameter(name: str, description: str, examples: Mapping[str, str]) -> Json:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": {"type": "string", "minLength": 1, "maxLength": 100},
        "examples": {example: {"value": value} for example, value in examples.items()},
    }


def _key_parameter(route: Route) -> Json:
    return {
        "name": "Idempotency-Key",
        "in": "header",
        "required": route.key == "required",
        "description": "Your own name for this call: the same name again carries it out once, for 48 hours.",
        "schema": {"type": "string", "pattern": f"^[!-~]{{1,{KEY_CHARACTERS_MAX}}}$"},
        "example": "checkout-4711",
    }


def _responses(route: Route, shapes: _Shapes, examples: Sequence[RecordedExample]) -> Json:
    answers: defaultdict[int, list[Answered]] = defaultdict(list)
    for answer in route.answers:
        answers[answer.status].append(answer)
    responses: Json = {str(status): _answer(alike, shapes, examples) for status, alike in answers.items()}
    for status, refusals in sorted(_refusals_by_status(route).items()):
        if status not in answers:
            responses[str(status)] = _refused(status, refusals, shapes, examples)
    return responses


def _answer(alike: Sequence[Answered], shapes: _Shapes, examples: Sequence[RecordedExample]) -> Json:
    first = alike[0]
    schemas = [shapes.of(answer.shape) for answer in alike]
    content: Json = {"schema": schemas[0] if len(schemas) == 1 else {"anyOf": schemas}}
    _add_answers(content, first.status, examples)
    response: Json = {
        "description": ". ".join(answer.meaning for answer in alike),
        "content": {first.media_type: content},
    }
    if any(answer.has_etag for answer in alike):
        response["headers"] = {"ETag": {"description": "The version of the order.", "schema": {"type": "string"}}}
    return response


def _refused(
    status: int, refusals: Sequence[type[Refusal]], shapes: _Shapes, examples: Sequence[RecordedExample]
) -> Json:
    content: Json = {"schema": shapes.of(Problem)}
    _add_answers(content, status, examples)
    lines = [f"`{refusal.code}`: {_meaning(refusal)}" for refusal in refusals]
    response: Json = {"description": "\n\n".join(lines), "content": {"application/problem+json": content}}
    if status in {429, 503}:
        response["headers"] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "string"}}}
    return response


def _add_answers(content: Json, status: int, examples: Sequence[RecordedExample]) -> None:
    shown = {
        one.example.name: _shown(one.example, one.answer)
        for one in examples
        if one.example.status == status and one.answer is not None
    }
    if shown:
        content["examples"] = shown


def _meaning(refusal: type[Refusal]) -> str:
    return " ".join((refusal.__doc__ or "").split()).replace("``", "`")


def _refusals_by_status(route: Route) -> dict[int, list[type[Refusal]]]:
    refusals: list[type[Refusal]] = list(route.refusals)
    if not route.anonymous:
        refusals += [Unauthenticated, Forbidden, Overloaded]
    if route.body is not None:
        refusals += [MalformedJson, BodyTooLarge, MediaTypeNotSupported]
    if route.key == "required":
        refusals.append(IdempotencyKeyMissing)
    if route.key != "unused":
        refusals += [IdempotencyKeyMalformed, IdempotencyKeyInFlight, IdempotencyKeyReused]
    by_status: defaultdict[int, list[type[Refusal]]] = defaultdict(list)
    for refusal in dict.fromkeys(refusals):
        by_status[refusal.status].append(refusal)
    return dict(by_status)
