"""The examples of the documentation are calls that work, and their answers are what the documentation says."""

import os
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

import httpx
import jsonschema_rs
import msgspec
import pytest
from tests.web.builders import NOW, Api, client_of

from aftercart.access.model import Role
from aftercart.access.rules.derived_secrets import customer_code
from aftercart.kit.clock import SimulatedClock
from aftercart.kit.ids import SeededIds
from aftercart.kit.sequencer import sequence
from aftercart.shop import Surroundings, open_shop
from aftercart.web.api.application import create_app
from aftercart.web.api.docs import document
from aftercart.web.api.example import Example
from aftercart.web.api.example_story import STORY
from aftercart.web.api.examples import RecordedAnswer, record_answers, recorded_examples
from aftercart.web.api.route import Route
from aftercart.web.api.routes import ROUTES
from aftercart.worker.delivery_planner import DeliveryPlanner

RECORD: Final = "AFTERCART_RECORD_EXAMPLES" in os.environ


async def test_every_example_gets_the_documented_answer(database_url: str) -> None:
    answers: dict[str, RecordedAnswer] = {}
    async with open_shop(
        database_url, clock=SimulatedClock(NOW), ids=SeededIds(1), surroundings=Surroundings(secret=b"of an example")
    ) as shop:
        app = create_app(shop)
        async with client_of(app) as client:
            api = Api(app=app, shop=shop, client=client, secrets={})
            api.secrets["admin"] = await api.create_key(Role.ADMIN)
            placed: dict[str, str] = {}
            endpoint = code_id = pick_list = ""
            planner = DeliveryPlanner(shop)
            for example in STORY:
                while await sequence(shop.database) + await planner.turn():
                    pass
                path = _path(example, placed, endpoint, pick_list)
                answer = await _call(api, _with_code(api, example, code_id), path)
                assert answer.status_code == example.status, (example.name, answer.text)
                shown = answer.json() if "json" in answer.headers["content-type"] else None
                _expect_documented(example, answer, shown)
                if example.route == "place_order" and answer.status_code == 201:
                    placed[example.name] = answer.json()["number"]
                if example.name == "erp_endpoint":
                    endpoint = answer.json()["id"]
                if example.route == "create_pick_list" and answer.status_code == 201:
                    pick_list = answer.json()["id"]
                if example.name == "code_by_mail":
                    code_id = answer.json()["code_id"]
                answers[example.name] = RecordedAnswer(
                    path=path,
                    answer=shown,
                )
    if RECORD:
        record_answers(answers)


@pytest.mark.skipif(RECORD, reason="the examples are being recorded")
def test_every_recorded_answer_is_what_the_documentation_says() -> None:
    for recorded in recorded_examples():
        if recorded.example.route != "read_metrics":
            assert recorded.answer is not None, f"{recorded.example.name}: run with AFTERCART_RECORD_EXAMPLES=1"
            _expect_valid(_schema(recorded.example), recorded.answer)


def test_every_request_in_the_documentation_fits_its_schema_or_shows_a_refusal() -> None:
    for example in STORY:
        body_type = _route(example).body
        if example.body is not None and example.status < 400:
            operation = document()["paths"][_route(example).path]["post"]
            assert body_type is not None
            _expect_valid(operation["requestBody"]["content"]["application/json"]["schema"], example.body)


def test_every_route_has_an_example_and_a_summary() -> None:
    assert {example.route for example in STORY} == {route.name for route in ROUTES}
    assert len({example.name for example in STORY}) == len(STORY)
    for operation in _operations():
        assert operation["summary"]
        assert operation["operationId"]


def test_every_operation_with_a_key_documents_its_errors() -> None:
    for route in ROUTES:
        responses = document()["paths"][route.path][route.method.lower()]["responses"]
        if not route.anonymous:
            assert {"401", "403", "503"} <= responses.keys()
        if route.body is not None:
            assert {"400", "413", "415", "422"} <= responses.keys(), route.name


def _operations() -> Iterator[dict[str, Any]]:
    for operations in document()["paths"].values():
        yield from operations.values()


def _with_code(api: Api, example: Example, code_id: str) -> Example:
    """Returns the example with the code that was mailed, where it asks for it."""
    if not example.with_code:
        return example
    code = customer_code(api.shop.surroundings.secret, UUID(code_id))
    return msgspec.structs.replace(example, body={**example.body, "code_id": code_id, "code": code})


def _path(example: Example, placed: dict[str, str], endpoint: str, pick_list: str) -> dict[str, str]:
    """Returns what stands in the path of an example's call."""
    order = placed.get(example.of, "")
    at_place = f"{order}-{example.place}"
    known = {
        "order": order,
        "endpoint": endpoint,
        "fulfillment_order": at_place,
        "parcel": at_place,
        "pick_list": pick_list,
    }
    return {name: known[name] for name in _route(example).parameters}


async def _call(api: Api, example: Example, known: dict[str, str]) -> httpx.Response:
    path = _route(example).path.format_map(known)
    if example.query:
        path += "?" + urlencode(example.query, doseq=True)
    if _route(example).method == "GET":
        return await api.get(path, headers=example.headers)
    return await api.post(path, example.body, headers=example.headers)


def _route(example: Example) -> Route:
    (route,) = (route for route in ROUTES if route.name == example.route)
    return route


def _expect_documented(example: Example, answer: httpx.Response, shown: Any) -> None:
    operation = document()["paths"][_route(example).path][_route(example).method.lower()]
    response = operation["responses"][str(example.status)]
    media_type = answer.headers["content-type"].partition(";")[0]
    assert media_type in response["content"], (example.name, media_type)
    for header in response.get("headers", {}):
        assert header.lower() in answer.headers, (example.name, header)
    if shown is not None:
        _expect_valid(_schema(example), shown)


def _schema(example: Example) -> dict[str, Any]:
    route = _route(example)
    response = document()["paths"][route.path][route.method.lower()]["responses"][str(example.status)]
    (content,) = response["content"].values()
    return content["schema"]


def _expect_valid(schema: dict[str, Any], value: Any) -> None:
    whole = {**schema, "components": document()["components"]}
    jsonschema_rs.validate(whole, value, validate_formats=True)
