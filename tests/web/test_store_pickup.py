"""A cart is told the stores where it can be collected, and the one that is chosen serves the order, over HTTP."""

from typing import Any

from tests.web.builders import LYON, Api, assert_problem, eur, order

from aftercart.views.cart_origins import STORES_MAX

NEAR_PARIS = "/v1/delivery-options?channel=web&country=FR&postcode=75002&line=S42:"
TOWNS = {"A-BREST": ("29200", "Brest"), "LILLE": ("59000", "Lille"), "NANTES": ("44000", "Nantes")}


async def open_stores(api: Api, towns: dict[str, tuple[str, str]]) -> None:
    stores = [
        {
            "code": code,
            "name": city,
            "kind": "store",
            "address": {**LYON, "postcode": postcode, "city": city},
            "timezone": "Europe/Paris",
            "cutoff": "18:00",
            "working_days": [1, 2, 3, 4, 5, 6],
            "opens": "09:30",
            "closed_dates": ["2026-01-02", "2026-04-06"],
            "pickups": True,
        }
        for code, (postcode, city) in towns.items()
    ]
    assert (await api.post("/v1/locations", {"locations": stores})).status_code == 200


async def receive(api: Api, store: str, quantity: int, sku: str = "S42") -> None:
    receipt = {"location": store, "reference": f"PO-{store}", "lines": [{"sku": sku, "quantity": quantity}]}
    assert (await api.post("/v1/stock/receive", receipt)).status_code == 200


async def announce(api: Api, location: str, sku: str, *, day: str) -> None:
    lines = [{"sku": sku, "quantity": 5}]
    supply = {"reference": f"SUP-{location}", "location": location, "expected_date": day, "lines": lines}
    answer = await api.post("/v1/supply", {"supplies": [supply]})
    assert answer.status_code == 200, answer.text


async def pickup(api: Api, path: str) -> dict[str, Any]:
    answer = await api.get(path)
    assert answer.status_code == 200, answer.text
    return next(item for item in answer.json()["items"] if item["method"] == "store-pickup")


def collected(store: str, **line: Any) -> dict[str, Any]:
    return order({"sku": "S42", "quantity": 1, **line}, delivery={"method": "store-pickup", "pickup_point": store})


def served_from(answer: dict[str, Any]) -> set[str]:
    return {place["location"] for line in answer["lines"] for place in line["locations"]}


async def announce_boots(api: Api) -> None:
    boots = {
        "sku": "BOOTS",
        "product": "boots",
        "name": "Boots",
        "price": eur(9900),
        "tax_rate": "0.20",
        "weight_grams": 900,
        "dimensions_mm": [300, 200, 120],
        "kind": "preorder",
        "available_from": "2026-05-01",
    }
    assert (await api.post("/v1/variants", {"variants": [boots]})).status_code == 200


async def test_the_stores_that_have_the_cart_are_listed_nearest_first(api: Api) -> None:
    await open_stores(api, TOWNS)
    for store in ("A-BREST", "LILLE"):
        await receive(api, store, 2)
    await receive(api, "NANTES", 1)
    option = await pickup(api, NEAR_PARIS + "2")
    assert [store["code"] for store in option["stores"]] == ["LILLE", "A-BREST"]
    assert option["store"] == "LILLE"
    assert option["stores"][0] == {
        "code": "LILLE",
        "name": "Lille",
        "address": {**LYON, "line2": None, "postcode": "59000", "city": "Lille"},
        "working_days": [1, 2, 3, 4, 5, 6],
        "opens": "09:30",
        "closed_dates": ["2026-04-06"],
        "price": eur(0),
        "available_now": True,
        "available_from": "2026-03-02",
        "earliest_date": "2026-03-02",
        "promised_date": "2026-03-02",
    }


async def test_of_many_stores_a_few_are_listed_and_one_that_has_everything_now_is_among_them(api: Api) -> None:
    near = {f"PARIS-{number}": (f"750{number:02}", "Paris") for number in range(1, STORES_MAX + 2)}
    await open_stores(api, TOWNS | near)
    await announce_boots(api)
    for store in near:
        await announce(api, store, "BOOTS", day="2026-04-20")
    await receive(api, "A-BREST", 1, "BOOTS")
    option = await pickup(api, NEAR_PARIS.replace("S42", "BOOTS") + "1")
    assert len(option["stores"]) == STORES_MAX
    assert option["stores"][-1]["code"] == option["store"] == "A-BREST"
    assert {store["available_now"] for store in option["stores"][:-1]} == {False}
    assert option["promised_date"] == "2026-03-02"


async def test_what_is_announced_is_offered_only_in_stores_it_comes_to(api: Api) -> None:
    await open_stores(api, TOWNS)
    await announce_boots(api)
    path = NEAR_PARIS.replace("S42", "BOOTS") + "1"
    await announce(api, "LYON", "BOOTS", day="2026-04-13")
    assert (await pickup(api, path))["reason"] == "not_in_stores"
    wish = collected("LILLE", sku="BOOTS")
    refused = await api.post("/v1/orders", wish, headers={"Idempotency-Key": "boots-1"})
    problem = assert_problem(refused, 409, "not_in_store", param="delivery.pickup_point")
    assert (problem["store"], problem["missing"]) == ("LILLE", [{"sku": "BOOTS", "requested": 1, "available": 0}])
    await announce(api, "LILLE", "BOOTS", day="2026-04-20")
    (store,) = (await pickup(api, path))["stores"]
    assert (store["code"], store["available_now"], store["available_from"]) == ("LILLE", False, "2026-04-20")
    assert (await api.place(wish))["delivery"]["promised_date"] == store["promised_date"] == "2026-04-20"


async def test_the_store_that_was_chosen_serves_the_order_and_may_be_changed(api: Api) -> None:
    await open_stores(api, TOWNS)
    for store in ("A-BREST", "LILLE"):
        await receive(api, store, 1)
    placed = await api.place(collected("A-BREST"))
    assert served_from(placed) == {"A-BREST"}
    assert placed["delivery"]["place"]["city"] == "Brest"
    by_mail = await api.place(order({"sku": "S42", "quantity": 1}))
    path = f"/v1/orders/{by_mail['id']}"
    way = {"method": "store-pickup", "pickup_point": "A-BREST"}
    refused = await api.post(f"{path}/change-delivery-method", way, headers={"Idempotency-Key": "a"})
    assert_problem(refused, 409, "not_in_store", param="pickup_point")
    operation = {"operation": "change_delivery_method", **way}
    refused = await api.post(f"{path}/amend", {"operations": [operation]}, headers={"Idempotency-Key": "b"})
    assert_problem(refused, 409, "not_in_store", param="operations[0].pickup_point")
    operation["pickup_point"] = "LILLE"
    changed = await api.post(f"{path}/amend", {"operations": [operation]}, headers={"Idempotency-Key": "c"})
    assert changed.status_code == 200, changed.text
    assert served_from(changed.json()) == {"LILLE"}
