"""Whatever is sent, the answer is an order, a result or a problem, never a fault of ours."""

import json
from collections.abc import Callable, Generator
from typing import Any, Final

import httpx
import pytest
import schemathesis
from anyio.from_thread import BlockingPortal, start_blocking_portal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from tests.web.builders import Api, open_api

from aftercart.web.api.docs import document
from aftercart.web.api.example_story import STORY
from aftercart.web.api.routes import ROUTES

QUIET: Final[Any] = tuple(HealthCheck)
JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([2**63, -(2**63) - 1, 10**400, 0, -1, 1e400, 1.5, "\0", "\ud800", "\x1b", "", "é" * 70_000])
    | st.floats()
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=5,
)
BODIES = [(example.route, example.body) for example in STORY if example.body]
SENDS_SOMETHING = {f"{route.method} {route.path}" for route in ROUTES if route.body or route.query or route.parameters}
NO_LIST = "01a20000-0000-7000-8000-000000000000"
PATHS = {route.name: route.path for route in ROUTES}


class Sender:
    """Sends calls from a test that is not asynchronous itself, as hypothesis asks for."""

    def __init__(self, portal: BlockingPortal, api: Api, *, order: str, endpoint: str) -> None:
        self._portal = portal
        self.api = api
        self.order = order
        self.endpoint = endpoint

    def path_of(self, route: str) -> str:
        """Returns the path of a route, for the order or the endpoint there is."""
        at_place = {"fulfillment_order": f"{self.order}-W1", "parcel": f"{self.order}-1", "pick_list": NO_LIST}
        return PATHS[route].format(order=self.order, endpoint=self.endpoint, **at_place)

    def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Sends one call with the key of an admin."""
        headers = {**options.pop("headers", {}), "Authorization": f"Bearer {self.api.secrets['admin']}"}
        return self._portal.call(lambda: self.api.client.request(method, path, headers=headers, **options))


@pytest.fixture
def sender(database_url: str) -> Generator[Sender]:
    """A shop with one order and one endpoint, on an event loop in a thread of its own."""
    with (
        start_blocking_portal("asyncio", {"use_uvloop": True}) as portal,
        portal.wrap_async_context_manager(open_api(database_url)) as api,
    ):
        made = portal.call(api.post, "/v1/webhook-endpoints", {"url": "https://erp.example/hooks"})
        yield Sender(portal, api, order=portal.call(api.place)["number"], endpoint=made.json()["id"])


@st.composite
def spoiled(draw: st.DrawFn) -> tuple[str, bytes]:
    """Returns a route and one of its bodies with something in it replaced, removed or added, or with broken bytes."""
    route, body = draw(st.sampled_from(BODIES))
    document = json.loads(json.dumps(body))
    node: Any = document
    while True:
        keys: list[Any] = list(node.keys()) if hasattr(node, "keys") else list(range(len(node)))
        key = draw(st.sampled_from(keys))
        inner = node[key]
        if isinstance(inner, (str, int, float, type(None))) or not inner or draw(st.booleans()):
            break
        node = inner
    match draw(st.sampled_from(["replace", "remove", "add", "break"])):
        case "replace":
            node[key] = draw(JUNK)
        case "remove":
            del node[key]
        case "add":
            (node if hasattr(node, "keys") else document)[draw(st.text(max_size=8))] = draw(JUNK)
        case _:
            content = bytearray(json.dumps(document).encode())
            place = draw(st.integers(0, len(content) - 1))
            content[place : place + draw(st.integers(0, 3))] = draw(st.binary(max_size=4))
            return route, bytes(content)
    return route, json.dumps(document, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")


def test_no_body_is_a_fault(sender: Sender, share: Callable[[int], int]) -> None:
    @settings(max_examples=share(5_000), suppress_health_check=QUIET, database=None)
    @given(sent=spoiled(), number=st.integers(0, 2**62))
    def post(sent: tuple[str, bytes], number: int) -> None:
        route, content = sent
        headers = {"Idempotency-Key": str(number), "Content-Type": "application/json"}
        answer = sender.send("POST", sender.path_of(route), content=content, headers=headers)
        assert answer.status_code < 500, (route, content[:300], answer.text)
        if answer.status_code >= 400:
            problem = answer.json()
            assert problem["status"] == answer.status_code
            assert problem["detail"]

    post()


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_the_api_keeps_to_its_document(sender: Sender, share: Callable[[int], int], mode: GenerationMode) -> None:
    schema: Any = schemathesis.openapi.from_dict(document())
    for result in schema.get_all_operations():
        operation: Any = result.ok()
        if mode is GenerationMode.NEGATIVE and operation.label not in SENDS_SOMETHING:
            continue

        @settings(max_examples=max(5, share(100)), suppress_health_check=QUIET, database=None)
        @given(case=operation.as_strategy(generation_mode=mode))
        def call(case: Any) -> None:
            _expect_documented(case, sender)

        call()


def _expect_documented(case: Any, sender: Sender) -> None:
    sent: dict[str, Any] = case.as_transport_kwargs(base_url="http://shop")
    options: dict[str, Any] = {"params": sent["params"]}
    if "json" in sent:
        options["content"] = json.dumps(sent["json"]).encode()
    headers: dict[str, str] = {"Content-Type": "application/json", **sent["headers"]}
    options["headers"] = {name: value.encode("utf-8", "surrogatepass") for name, value in headers.items()}
    answer = sender.send(sent["method"], sent["url"], **options)
    assert answer.status_code < 500, (case, answer.text)
    # A path that is no route any more, such as an order named "..", is nobody's operation.
    if answer.status_code not in {404, 405} or answer.json()["code"] not in {"route_not_found", "method_not_allowed"}:
        case.operation.validate_response(answer)
