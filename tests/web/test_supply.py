"""What is to come, over HTTP: announced, changed, received; and what that makes available, by when."""

from typing import Any

import pytest
from tests.web.builders import LYON, STOCK, Api, assert_problem, eur, order


def supply(*lines: tuple[str, int], **changes: Any) -> dict[str, Any]:
    """Returns a purchase order for Lyon, a week after now."""
    described = [{"sku": sku, "quantity": quantity} for sku, quantity in lines]
    whole = {"reference": "PO-9", "location": "LYON", "expected_date": "2026-03-09", "lines": described, **changes}
    return {"supplies": [whole]}


async def announce(api: Api, *lines: tuple[str, int], **changes: Any) -> dict[str, Any]:
    answer = await api.post("/v1/supply", supply(*lines, **changes))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def available(api: Api, sku: str) -> dict[str, Any]:
    (item,) = (await api.get(f"/v1/availability?sku={sku}")).json()["items"]
    return item


async def test_supply_is_announced_changed_and_left_alone(api: Api) -> None:
    for units, counts in ((40, (1, 0, 0)), (40, (0, 0, 1)), (25, (0, 1, 0))):
        answer = await announce(api, ("S42", units))
        assert tuple(answer[count] for count in ("created", "updated", "unchanged")) == counts


async def test_what_is_to_come_is_read_by_what_it_is_and_page_by_page(api: Api) -> None:
    await announce(api, ("S43", 3), ("S41", 1))
    await announce(api, ("S42", 2), reference="PO-8", expected_date="2026-03-04", supplier="Chaussures Vial")
    await announce(api, ("S41", 9), location="PARIS-11")
    receipt = {"location": "LYON", "reference": "PO-9", "lines": [{"sku": "S41", "quantity": 1}]}
    assert (await api.post("/v1/stock/receive", receipt)).status_code == 200

    async def read(query: str = "") -> list[tuple[str, str, str]]:
        items = (await api.get(f"/v1/supply{query}")).json()["items"]
        return [(item["sku"], item["location"], item["reference"]) for item in items]

    everything = [
        ("S42", "LYON", "PO-8"),
        ("S41", "LYON", "PO-9"),
        ("S41", "PARIS-11", "PO-9"),
        ("S43", "LYON", "PO-9"),
    ]
    assert await read() == everything
    assert await read("?sku=S41") == everything[1:3]
    assert await read("?location=LYON&reference=PO-9") == [everything[1], everything[3]]
    assert await read("?outstanding=true") == [everything[0], *everything[2:]]
    first = (await api.get("/v1/supply?limit=1")).json()
    assert first["items"] == [
        {
            "sku": "S42",
            "location": "LYON",
            "reference": "PO-8",
            "supplier": "Chaussures Vial",
            "expected_date": "2026-03-04",
            "ordered": 2,
            "received": 0,
            "outstanding": 2,
            "closed": False,
            "version": 1,
        }
    ]
    assert await read(f"?cursor={first['next_cursor']}") == everything[1:]
    assert (await api.get("/v1/supply?limit=4")).json()["next_cursor"] is None
    assert_problem(await api.get("/v1/supply?cursor=WzFd"), 422, "invalid", param="cursor")
    assert_problem(await api.get("/v1/supply?outstanding=perhaps"), 422, "invalid", param="outstanding")


async def test_availability_tells_what_comes_and_what_is_free_by_then(api: Api) -> None:
    await announce(api, ("S42", 10))
    await announce(api, ("S42", 5), reference="PO-10", expected_date="2026-03-16")
    await announce(api, ("S42", 4), location="PARIS-11", expected_date="2026-03-16")
    await api.place(order({"sku": "S42", "quantity": STOCK + 12}, channel="patient"))
    item = await available(api, "S42")
    assert (item["available"], item["available_by"]) == (0, [{"date": "2026-03-16", "units": 7}])
    lyon, paris = item["locations"]
    assert (lyon["reserved"], lyon["backordered"], lyon["available"]) == (STOCK, 12, 0)
    assert lyon["incoming"] == [
        {"reference": "PO-9", "expected_date": "2026-03-09", "quantity": 10},
        {"reference": "PO-10", "expected_date": "2026-03-16", "quantity": 5},
    ]
    assert [one["quantity"] for one in paris["incoming"]] == [4]


async def test_overdue_supply_promises_next_week_not_the_past(api: Api) -> None:
    await announce(api, ("S42", 10), expected_date="2026-02-27")
    item = await available(api, "S42")
    assert item["available_by"] == [{"date": "2026-03-09", "units": STOCK + 10}]
    assert item["locations"][0]["incoming"][0]["expected_date"] == "2026-02-27"


async def test_a_bundle_has_what_its_components_make_up_location_by_location(api: Api) -> None:
    bundle = {
        "sku": "PAIRS",
        "product": "pairs",
        "name": "Two pairs of 41 and one of 42",
        "price": eur(4990),
        "tax_rate": "0.20",
        "weight_grams": 0,
        "dimensions_mm": [400, 300, 200],
        "kind": "bundle",
        "components": [{"sku": "S41", "quantity": 2}, {"sku": "S42", "quantity": 1}],
    }
    assert (await api.post("/v1/variants", {"variants": [bundle]})).status_code == 200
    receipt = {"location": "PARIS-11", "reference": "", "lines": [{"sku": "S41", "quantity": 9}]}
    await api.post("/v1/stock/receive", receipt)
    await announce(api, ("S42", 3), location="PARIS-11")
    item = await available(api, "PAIRS")
    assert (item["kind"], item["available"], item["components"]) == ("bundle", STOCK // 2, bundle["components"])
    assert item["available_by"] == [{"date": "2026-03-09", "units": STOCK // 2 + 3}]
    assert [(one["location"], one["available"], one["on_hand"]) for one in item["locations"]] == [
        ("LYON", STOCK // 2, 0),
        ("PARIS-11", 0, 0),
    ]


async def test_units_kept_back_are_not_available(api: Api) -> None:
    safety = {"location": "LYON", "lines": [{"sku": "S42", "safety": 5}]}
    aside = {"location": "LYON", "reason": "wet", "lines": [{"sku": "S42", "delta": 2}]}
    assert (await api.post("/v1/stock/safety", safety)).status_code == 200
    assert (await api.post("/v1/stock/quarantine", aside, role="picker")).status_code == 200
    item = await available(api, "S42")
    assert (item["available"], item["locations"][0]["on_hand"]) == (STOCK - 7, STOCK)
    too_much = {**aside, "lines": [{"sku": "S42", "delta": STOCK}]}
    problem = assert_problem(
        await api.post("/v1/stock/quarantine", too_much), 409, "not_enough_to_put_aside", param="lines"
    )
    assert problem["free"] == STOCK - 2
    too_little = {**aside, "lines": [{"sku": "S42", "delta": -3}]}
    answer = await api.post("/v1/stock/quarantine", too_little, headers={"Accept-Language": "fr"})
    assert_problem(answer, 409, "not_enough_in_quarantine", param="lines")
    assert answer.json()["detail"] == "Pour S42, 2 en quarantaine : -3 est de trop."


LOCATION = {
    "code": "X",
    "name": "X",
    "kind": "store",
    "address": LYON,
    "timezone": "Europe/Paris",
    "cutoff": "14:00",
    "working_days": [1],
}


@pytest.mark.parametrize(
    ("path", "body", "param"),
    [
        ("/v1/supply", supply(("GONE", 1)), "supplies[0].lines[0].sku"),
        ("/v1/supply", supply(("S42", 1), location="MARS"), "supplies[0].location"),
        ("/v1/supply", supply(("S42", -1)), "supplies[0].lines[0].quantity"),
        ("/v1/supply", supply(("S42", 1), expected_date="soon"), "supplies[0].expected_date"),
        ("/v1/supply", supply(("S42", 1), reference=""), "supplies[0].reference"),
        ("/v1/stock/safety", {"location": "LYON", "lines": [{"sku": "S42", "safety": -1}]}, "lines[0].safety"),
        ("/v1/locations", {"locations": [{**LOCATION, "opens": "14:00"}]}, "locations[0].opens"),
        ("/v1/locations", {"locations": [{**LOCATION, "opens": "9"}]}, "locations[0].opens"),
        ("/v1/locations", {"locations": [{**LOCATION, "holiday_region": "FR-5\n"}]}, "locations[0].holiday_region"),
        (
            "/v1/locations",
            {"locations": [{**LOCATION, "coordinates": {"latitude": 91, "longitude": 0}}]},
            "locations[0].coordinates.latitude",
        ),
        (
            "/v1/locations",
            {"locations": [{**LOCATION, "closed_dates": ["2026-05-01", "2026-05-01"]}]},
            "locations[0].closed_dates",
        ),
        ("/v1/locations", {"locations": [{**LOCATION, "floor_units": -1}]}, "locations[0].floor_units"),
    ],
)
async def test_a_field_that_cannot_be_is_named(api: Api, path: str, body: dict[str, Any], param: str) -> None:
    problem = assert_problem(await api.post(path, body), 422, "invalid", param=param)
    assert problem["expected"] not in {"another value", "text of another form"}
