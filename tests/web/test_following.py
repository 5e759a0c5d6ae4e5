"""Following what happens: timelines, the feed, keys, health, metrics, and the documentation."""

from html.parser import HTMLParser

from tests.web.builders import PARIS, Api, assert_problem, client_of, order

from aftercart.kit.database import Database
from aftercart.kit.sequencer import sequence
from aftercart.shop import Shop
from aftercart.web.api.application import create_app


async def test_a_timeline_tells_what_happened_in_both_languages(api: Api) -> None:
    placed = await api.place(order({"sku": "S42", "quantity": 3}))
    path = f"/v1/orders/{placed['id']}"
    await api.post(f"{path}/change-delivery-address", {"address": PARIS})
    await api.post(f"{path}/change-line-quantity", {"line": 1, "quantity": 2})
    await api.post(f"{path}/cancel-lines", {"lines": [{"line": 1, "quantity": 1}], "reason": "too_slow"})
    await api.post(f"{path}/cancel-order", {"reason": "changed_mind"})
    told = {
        language: (await api.get(f"{path}/timeline", headers={"Accept-Language": language})).json()["items"]
        for language in ("en", "fr")
    }
    assert [entry["seq"] for entry in told["en"]] == [1, 2, 3, 4, 5]
    assert told["en"][0]["actor"].startswith("admin:")
    assert told["en"][2]["data"]["quantity"] == 2
    assert [entry["sentence"] for entry in told["en"]] == [
        "The order was placed: 3 units in 1 line.",
        "The delivery address was changed to Ada L, 1 rue de la Paix, 75002 Paris, FR.",
        "The quantity of line 1 was changed from 3 to 2.",
        "Taken out of the order: 1 of line 1 (would come too late).",
        "The order was canceled (changed their mind).",
    ]
    assert told["fr"][4]["sentence"] == "La commande a été annulée (changement d'avis)."


async def test_the_feed_is_read_to_its_end_without_missing_anything(api: Api) -> None:
    first, second = await api.place(), await api.place()
    while await sequence(api.shop.database):
        pass
    seen: list[tuple[str, int]] = []
    after, offsets = 0, list[int]()
    while True:
        page = (await api.get(f"/v1/events?after={after}&limit=3")).json()
        if not page["items"]:
            assert page["next_after"] == after
            break
        seen += [(event["stream"], event["seq"]) for event in page["items"]]
        offsets += [event["offset"] for event in page["items"]]
        after = page["next_after"]
    assert offsets == list(range(1, len(offsets) + 1))
    assert seen[-2:] == [(first["id"], 1), (second["id"], 1)]


async def test_a_new_key_works_at_once_and_its_secret_is_told_once(api: Api) -> None:
    answer = await api.post("/v1/api-keys", {"role": "agent", "label": "desk 3"})
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    secret = answer.json()["secret"]
    listed = await api.client.get("/v1/orders", headers={"Authorization": f"bearer {secret}"})
    assert listed.status_code == 200
    assert_problem(await api.post("/v1/api-keys", {"role": "agent"}, role="manager"), 403, "forbidden")
    refused = await api.post("/v1/api-keys", {"role": "agent", "order_id": "01934a3e-0000-7000-8000-000000000001"})
    assert_problem(refused, 422, "invalid", param="order_id")


async def test_metrics_count_calls_and_the_bus(api: Api) -> None:
    await api.place()
    await api.get("/v1/orders/nonsense")
    text = (await api.get("/metrics")).text
    assert 'aftercart_http_requests_total{route="place_order",status="201"} 1.0' in text
    assert 'aftercart_http_requests_total{route="read_order",status="404"} 1.0' in text
    assert 'aftercart_http_request_seconds_count{route="place_order"} 1.0' in text
    assert "aftercart_bus_waiting 0.0" in text
    assert "aftercart_bus_commands_total" in text


async def test_health_needs_no_key(api: Api) -> None:
    answer = await api.client.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    head = await api.client.head("/health")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", "15")


async def test_a_database_that_is_away_is_an_answer_and_not_a_fault(api: Api) -> None:
    placed = await api.place()
    headers = {"Authorization": f"Bearer {api.secrets['admin']}"}
    async with Database(api.shop.database.url) as away:
        assert await away.rows("SELECT 1") == [(1,)]
    shop = Shop(bus=api.shop.bus, database=away, clock=api.shop.clock, ids=api.shop.ids)
    async with client_of(create_app(shop)) as client:
        answer = await client.get("/health")
        assert (answer.status_code, answer.json()) == (503, {"status": "database_away"})
        answer = await client.get(f"/v1/orders/{placed['id']}", headers=headers)
        assert_problem(answer, 503, "overloaded")
        assert int(answer.headers["retry-after"]) >= 1


async def test_the_documentation_is_served_to_anyone_and_complete(api: Api) -> None:
    document = (await api.client.get("/openapi.json")).json()
    assert document["openapi"] == "3.1.0"
    answer = await api.client.get("/docs")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    page = _Page()
    page.feed(answer.text)
    assert page.links <= page.anchors
    assert page.outside == {"/openapi.json"}
    for operations in document["paths"].values():
        for operation in operations.values():
            assert operation["operationId"] in page.anchors
    assert {"insufficient_stock", "quote_changed", "unauthenticated"} <= page.anchors


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: set[str] = set()
        self.outside: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in {"script", "iframe", "link", "img"}
        named = dict(attrs)
        if named.get("id"):
            self.anchors.add(named["id"] or "")
        href = named.get("href")
        if href is not None:
            (self.links if href.startswith("#") else self.outside).add(href.removeprefix("#"))
