"""Listing and searching orders over HTTP."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from tests.web.builders import LYON, NOW, Api, eur, order

from aftercart.kit.clock import SimulatedClock


async def fill(api: Api) -> list[dict[str, Any]]:
    """Places five orders, a minute apart."""
    assert isinstance(api.shop.clock, SimulatedClock)
    people = (
        ("ada@example.com", "Ada Lovelace"),
        ("grace@navy.example.org", "Grace Hopper"),
        ("ada@other.fr", "Ada B"),
    )
    placed: list[dict[str, Any]] = []
    for number in range(5):
        api.shop.clock.advance_to(NOW + timedelta(minutes=number))
        email, name = people[number % 3]
        customer = {"email": email, "name": name, "locale": "fr", "phone": "+33 6 00 00 00 0" + str(number)}
        address = {**LYON, "name": "Reception"}
        if number == 1:
            address |= {"city": "Villeurbanne", "postcode": "69100"}
        delivery = {"method": "colissimo-home", "address": address, "price": {"minor_units": 0, "currency": "EUR"}}
        wish = order({"sku": "S42", "quantity": 1}, customer=customer, delivery=delivery, reference=f"REF-{number}")
        placed.append(await api.place(wish))
    return placed


async def numbers(api: Api, query: str) -> list[str]:
    """Returns the numbers of the orders a list shows."""
    answer = await api.get(f"/v1/orders?{query}")
    assert answer.status_code == 200, answer.text
    return [one["number"] for one in answer.json()["items"]]


async def test_the_newest_order_comes_first_with_what_a_list_needs(api: Api) -> None:
    placed = await fill(api)
    answer = (await api.get("/v1/orders")).json()
    assert [one["number"] for one in answer["items"]] == [one["number"] for one in reversed(placed)]
    assert answer["next_cursor"] is None
    assert answer["items"][0] == {
        "id": placed[4]["id"],
        "number": placed[4]["number"],
        "version": 1,
        "status": "confirmed",
        "reference": "REF-4",
        "channel": "web",
        "customer": {"email": "grace@navy.example.org", "name": "Grace Hopper"},
        "total": eur(1990),
        "placed_at": "2026-03-02T09:04:00Z",
        "release_at": "2026-03-02T12:30:00Z",
    }


async def test_pages_show_every_order_once_even_while_orders_arrive(api: Api) -> None:
    placed = await fill(api)
    seen: list[str] = []
    path = "/v1/orders?limit=2"
    while True:
        page = (await api.get(path)).json()
        seen += [one["number"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        await api.place()
        path = f"/v1/orders?limit=2&cursor={quote(page['next_cursor'])}"
    assert seen == [one["number"] for one in reversed(placed)]


async def test_orders_are_filtered_by_what_is_known_of_them(api: Api) -> None:
    first, second, third, fourth, fifth = (one["number"] for one in await fill(api))
    await api.post(f"/v1/orders/{third}/cancel-order", {"reason": "other"})
    assert await numbers(api, "status=canceled") == [third]
    assert await numbers(api, "email=ADA@example.com") == [fourth, first]
    assert await numbers(api, "placed_after=2026-03-02T10:02:00%2B01:00") == [fifth, fourth]
    assert await numbers(api, "placed_after=2026-03-02T09:00:00Z&status=confirmed&email=ada@example.com") == [fourth]
    assert await numbers(api, "query=ada&status=canceled") == [third]
    assert second


async def test_a_search_finds_what_a_customer_tells_on_the_phone(api: Api) -> None:
    first, second, third, fourth, fifth = (one["number"] for one in await fill(api))
    assert await numbers(api, f"query={first}") == [first]
    assert await numbers(api, f"query={first.lower().replace('-', '')}") == [first]
    assert await numbers(api, "query=ada") == [fourth, third, first]
    assert await numbers(api, "query=hop gra") == [fifth, second]
    assert await numbers(api, "query=grace 69100") == [second]
    assert await numbers(api, "query=villeur") == [second]
    assert await numbers(api, "query=ada@exam") == [fourth, first]
    assert await numbers(api, "query=ada@example.com") == [fourth, first]
    assert await numbers(api, "query=REF-3") == [fourth]
    assert await numbers(api, "query=nobody") == []


async def test_a_search_is_never_a_broken_query(api: Api) -> None:
    await fill(api)
    for typed in (
        "'",
        "''",
        "\\",
        ":*",
        "a:*",
        "&",
        "a & | b",
        "!ada",
        "(",
        ")",
        "<->",
        "*",
        '"',
        "%",
        "-",
        "ada'",
        "é",
    ):
        answer = await api.get("/v1/orders", params={"query": typed})
        assert answer.status_code == 200, (typed, answer.text)
    assert (await api.get("/v1/orders", params={"query": "x" * 200})).json()["items"] == []
