"""The documents a shop's own systems send: catalog, locations, channels, stock; and what is available then."""

from tests.web.builders import LYON, STOCK, Api, assert_problem, eur, order

VARIANT = {
    "sku": "BAG",
    "product": "bag",
    "name": "Bag",
    "price": eur(4500),
    "tax_rate": "0.20",
    "weight_grams": 900,
    "dimensions_mm": [400, 300, 100],
}


async def test_variants_are_added_changed_and_left_alone(api: Api) -> None:
    for name, counts in (("Bag", (1, 0, 0)), ("Bag", (0, 0, 1)), ("Big bag", (0, 1, 0))):
        answer = await api.post("/v1/variants", {"variants": [{**VARIANT, "name": name}]})
        assert answer.status_code == 200
        assert tuple(answer.json()[count] for count in ("created", "updated", "unchanged")) == counts


async def test_ten_thousand_variants_go_in_one_call(api: Api) -> None:
    variants = [{**VARIANT, "sku": f"BAG-{number}"} for number in range(10_000)]
    answer = await api.post("/v1/variants", {"variants": variants})
    assert answer.json() == {"created": 10_000, "updated": 0, "unchanged": 0}
    answer = await api.post("/v1/variants", {"variants": [*variants, VARIANT]})
    assert_problem(answer, 422, "invalid", param="variants")


async def test_stock_is_received_adjusted_and_counted(api: Api) -> None:
    await api.place(order({"sku": "S42", "quantity": 2}))
    receipt = {"location": "LYON", "reference": "PO-3", "lines": [{"sku": "S42", "quantity": 10}]}
    assert (await api.post("/v1/stock/receive", receipt, headers={"Idempotency-Key": "r"})).status_code == 200
    again = await api.post("/v1/stock/receive", receipt, headers={"Idempotency-Key": "r"})
    assert again.headers["idempotency-replayed"] == "true"
    loss = {"location": "LYON", "reason": "broken", "lines": [{"sku": "S42", "delta": -3}]}
    assert (await api.post("/v1/stock/adjust", loss)).status_code == 200
    (item,) = (await api.get("/v1/availability?sku=S42")).json()["items"]
    assert (item["available"], item["locations"][0]["on_hand"]) == (STOCK + 5, STOCK + 7)
    count = {"location": "LYON", "lines": [{"sku": "S42", "quantity": 1}]}
    assert (await api.post("/v1/stock/count", count)).status_code == 200
    (item,) = (await api.get("/v1/availability?sku=S42")).json()["items"]
    assert item == {
        "sku": "S42",
        "product": "shoe",
        "options": {"size": "42"},
        "kind": "stocked",
        "available": 0,
        "available_by": [],
        "components": [],
        "locations": [
            {
                "location": "LYON",
                "on_hand": 1,
                "reserved": 2,
                "backordered": 0,
                "safety": 0,
                "quarantined": 0,
                "short": 1,
                "incoming": [],
                "available": 0,
            }
        ],
        "siblings": [
            {"sku": "S41", "options": {"size": "41"}, "available": STOCK},
            {"sku": "S43", "options": {"size": "43"}, "available": STOCK},
        ],
    }


async def test_availability_answers_in_the_order_asked(api: Api) -> None:
    items = (await api.get("/v1/availability?sku=S43&sku=S41&sku=S43")).json()["items"]
    assert [item["sku"] for item in items] == ["S43", "S41"]
    assert_problem(await api.get("/v1/availability?sku=S42&sku=GONE"), 404, "sku_not_found", param="sku")
    assert_problem(await api.get("/v1/availability"), 422, "invalid", param="sku")
    many = "&".join(f"sku=S{number}" for number in range(101))
    assert_problem(await api.get(f"/v1/availability?{many}"), 422, "invalid", param="sku")


async def test_documents_that_cannot_be_name_the_field(api: Api) -> None:
    location = {
        "code": "X",
        "name": "X",
        "kind": "warehouse",
        "address": LYON,
        "timezone": "Europe/Paris",
        "cutoff": "14:00",
        "working_days": [1],
    }
    refused = (
        ("/v1/variants", {"variants": [VARIANT, VARIANT]}, "variants[1].sku"),
        ("/v1/variants", {"variants": [{**VARIANT, "tax_rate": "20"}]}, "variants[0].tax_rate"),
        ("/v1/variants", {"variants": [{**VARIANT, "dimensions_mm": [1, 2]}]}, "variants[0].dimensions_mm"),
        ("/v1/variants", {"variants": [{**VARIANT, "options": {"size": 42}}]}, "variants[0].options"),
        ("/v1/variants", {"variants": [{**VARIANT, "gtin": "123"}]}, "variants[0].gtin"),
        ("/v1/locations", {"locations": [{**location, "timezone": "Mars"}]}, "locations[0].timezone"),
        ("/v1/locations", {"locations": [{**location, "working_days": [8]}]}, "locations[0].working_days[0]"),
        ("/v1/locations", {"locations": [{**location, "cutoff": "25:00"}]}, "locations[0].cutoff"),
        ("/v1/channels", {"channels": [{"code": "web", "missing_stock": "maybe"}]}, "channels[0].missing_stock"),
        (
            "/v1/stock/receive",
            {"location": "MARS", "reference": "", "lines": [{"sku": "S42", "quantity": 1}]},
            "location",
        ),
        ("/v1/stock/count", {"location": "LYON", "lines": [{"sku": "GONE", "quantity": 1}]}, "lines[0].sku"),
        ("/v1/stock/count", {"location": "LYON", "lines": [{"sku": "S42", "quantity": -1}]}, "lines[0].quantity"),
    )
    for path, body, param in refused:
        problem = (await api.post(path, body)).json()
        assert (problem["status"], problem["code"]) == (422, "invalid"), problem
        assert problem["param"] == param
    too_much = {"location": "LYON", "reason": "lost", "lines": [{"sku": "S42", "delta": -STOCK - 1}]}
    assert_problem(await api.post("/v1/stock/adjust", too_much), 409, "not_enough_on_hand", param="lines")
