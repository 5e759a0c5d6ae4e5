"""Delivery over HTTP: methods and pickup points are described and read, and a cart is told what it can travel by."""

from typing import Any

import pytest
from tests.shipping.words import COLISSIMO, VAN
from tests.web.builders import LYON, Api, assert_problem, eur

from aftercart.shipping.rules.defaults import DEFAULT_METHODS

CART = "/v1/delivery-options?channel=web&country=FR&postcode=69002"
VAN_BODY: dict[str, Any] = {
    "code": "van",
    "kind": "scheduled_slot",
    "names": {"en": "Our van", "fr": "Notre camionnette"},
    "currency": "EUR",
    "rates": [{"zone": "france", "price_minor": 500}],
    "free_from": [{"zone": "france", "value_minor": 5000}],
    "transit": [{"zone": "france", "days_min": 1, "days_max": 1}],
    "slots": [{"weekday": day, "starts": "18:00", "ends": "20:00", "capacity": 1} for day in (1, 2, 3)],
    "slot_ahead_days_max": 2,
}
POINT: dict[str, Any] = {
    "network": "mondial-relay",
    "code": "FR-1",
    "name": "Le Relais",
    "address": {**LYON, "name": "Le Relais"},
    "latitude": 45.75,
    "longitude": 4.83,
    "opening_hours": "Mo-Sa 09:00-19:00; We off",
}


async def options(api: Api, path: str, **headers: str) -> dict[str, dict[str, Any]]:
    answer = await api.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return {item["method"]: item for item in answer.json()["items"]}


async def test_a_method_is_described_read_and_offered_at_once(api: Api) -> None:
    before = await options(api, f"{CART}&line=S42:2")
    assert list(before) == ["mondial-relay-point", "colissimo-home", "chronopost-express", "store-pickup"]
    for counts in ((1, 0, 0), (0, 0, 1)):
        answer = await api.post("/v1/delivery-methods", {"methods": [VAN_BODY]})
        assert tuple(answer.json()[count] for count in ("created", "updated", "unchanged")) == counts
    read = (await api.get("/v1/delivery-methods")).json()["items"]
    assert [one["code"] for one in read] == sorted(["van", *(one.code for one in DEFAULT_METHODS)])
    after = await options(api, f"{CART}&line=S42:2")
    van = after["van"]
    assert (van["available"], van["price"], van["promised_date"]) == (True, eur(500), "2026-03-03")
    assert van["free_from"] == {"value": eur(5000), "missing": eur(5000 - 2 * 1990)}
    assert [slot["starts_at"] for slot in van["slots"]] == ["2026-03-03T17:00:00Z", "2026-03-04T17:00:00Z"]
    assert (await options(api, f"{CART}&line=S42:3"))["van"]["price"] == eur(0)


async def test_an_option_tells_its_price_its_dates_and_how_they_are_calculated(api: Api) -> None:
    answer = await api.get(f"{CART}&line=S42:2&line=S43:1", headers={"Accept-Language": "fr"})
    told = answer.json()
    assert (told["value"], told["weight_grams"]) == (eur(3 * 1990), 1500)
    colissimo = next(item for item in told["items"] if item["method"] == COLISSIMO.code)
    assert {name: colissimo[name] for name in ("name", "kind", "carrier", "available", "price", "reason")} == {
        "name": "Colissimo à domicile",
        "kind": "home_standard",
        "carrier": "Colissimo",
        "available": True,
        "price": eur(750),
        "reason": None,
    }
    assert (colissimo["earliest_date"], colissimo["promised_date"]) == ("2026-03-04", "2026-03-05")
    assert [step["sentence"] for step in colissimo["calculation"]] == [
        "En stock (LYON).",
        "Départ le lundi 2 mars à 14:00 (LYON).",
        "En route 2 à 3 jours ouvrés : arrivée entre le mercredi 4 mars et le jeudi 5 mars.",
    ]
    assert [step["step"]["kind"] for step in colissimo["calculation"]] == ["stock", "truck", "transit"]


async def test_what_cannot_be_had_says_why_in_the_callers_language(api: Api) -> None:
    overseas = "/v1/delivery-options?channel=web&country=RE&postcode=97400&line=S42:1"
    found = await options(api, overseas, **{"Accept-Language": "fr"})
    assert found["chronopost-express"]["price"] == eur(2200)
    assert found["colissimo-home"]["reason"] == "not_in_zone"
    assert found["colissimo-home"]["detail"] == (
        "Colissimo à domicile ne peut pas être choisi : ce mode ne dessert pas cette destination."
    )
    too_many = await options(api, f"{CART}&line=S42:51")
    assert {item["reason"] for item in too_many.values()} == {"out_of_stock", "not_in_stores"}
    heavy = await options(api, f"{CART}&line=S42:30&line=S43:31")
    assert {item["reason"] for item in heavy.values()} == {"too_heavy", "not_in_stores"}
    francs = await options(api, f"{CART}&line=S42:1&currency=EUR")
    assert francs["colissimo-home"]["available"]


async def test_a_patient_channel_offers_what_is_not_there_without_a_date(api: Api) -> None:
    found = await options(api, f"{CART.replace('web', 'patient')}&line=S42:51")
    colissimo = found["colissimo-home"]
    assert (colissimo["available"], colissimo["price"], colissimo["promised_date"]) == (True, eur(1000), None)
    assert (colissimo["calculation"], colissimo["reason"]) == ([], None)


async def test_a_cart_is_collected_in_the_store_that_has_all_of_it(api: Api) -> None:
    receipt = {"location": "PARIS-11", "reference": "PO-2", "lines": [{"sku": "S42", "quantity": 1}]}
    assert (await api.post("/v1/stock/receive", receipt)).status_code == 200
    pickup = (await options(api, f"{CART}&line=S42:1"))["store-pickup"]
    assert (pickup["available"], pickup["price"], pickup["store"]) == (True, eur(0), "PARIS-11")
    assert pickup["promised_date"] == "2026-03-02"
    assert (await options(api, f"{CART}&line=S42:2"))["store-pickup"]["reason"] == "not_in_stores"


async def test_a_changed_location_changes_the_promise_at_once(api: Api) -> None:
    assert (await options(api, f"{CART}&line=S42:1"))["chronopost-express"]["promised_date"] == "2026-03-03"
    location = {
        "code": "LYON",
        "name": "LYON",
        "kind": "warehouse",
        "address": LYON,
        "timezone": "Europe/Paris",
        "cutoff": "09:30",
        "working_days": [1, 2, 3, 4, 5],
    }
    assert (await api.post("/v1/locations", {"locations": [location]})).json()["updated"] == 1
    assert (await options(api, f"{CART}&line=S42:1"))["chronopost-express"]["promised_date"] == "2026-03-04"


async def test_pickup_points_are_described_and_found_near_a_postcode(api: Api) -> None:
    far = {**POINT, "code": "FR-2", "latitude": 48.85, "longitude": 2.35}
    locker = {**POINT, "network": "lockers", "code": "L-1", "latitude": 45.7601}
    answer = await api.post("/v1/pickup-points", {"points": [POINT, far, locker]})
    assert answer.json() == {"created": 3, "updated": 0, "unchanged": 0}
    near = "/v1/pickup-points?country=FR&postcode=69002"
    found = (await api.get(near)).json()
    assert found["near"] == {"latitude": 45.76, "longitude": 4.84}
    assert [(one["code"], one["distance_km"]) for one in found["items"]] == [("FR-1", 1.36)]
    wider = (await api.get(f"{near}&radius_km=400")).json()["items"]
    assert [(one["code"], one["distance_km"]) for one in wider] == [("FR-1", 1.36), ("FR-2", 391.49)]
    assert found["items"][0]["opening_hours"] == POINT["opening_hours"]
    for asked, codes in (
        ("&limit=1", ["FR-1"]),
        ("&network=lockers", ["L-1"]),
        ("&method=mondial-relay-point&limit=1", ["FR-1"]),
    ):
        assert [one["code"] for one in (await api.get(near + asked)).json()["items"]] == codes
    gone = {**POINT, "active": False}
    assert (await api.post("/v1/pickup-points", {"points": [gone]})).json()["updated"] == 1
    assert (await api.get(near)).json()["items"] == []
    assert [one["code"] for one in (await api.get(f"{near}&radius_km=400")).json()["items"]] == ["FR-2"]


async def test_ten_thousand_pickup_points_go_in_one_call(api: Api) -> None:
    points = [{**POINT, "code": f"P-{number}"} for number in range(10_000)]
    answer = await api.post("/v1/pickup-points", {"points": points})
    assert answer.json() == {"created": 10_000, "updated": 0, "unchanged": 0}
    assert_problem(await api.post("/v1/pickup-points", {"points": [*points, POINT]}), 422, "invalid", param="points")


def van(**changes: Any) -> tuple[str, dict[str, Any]]:
    return "/v1/delivery-methods", {"methods": [VAN_BODY | changes]}


def second_point(**changes: Any) -> tuple[str, dict[str, Any]]:
    return "/v1/pickup-points", {"points": [POINT, POINT | {"code": "FR-2"} | changes]}


TO_EUROPE: dict[str, Any] = {"zone": "europe", "price_minor": 1, "weight_grams_max": 0}
TO_FRANCE: dict[str, Any] = {"zone": "france", "price_minor": 1}
REFUSED_BODIES = (
    (*van(kind="drone"), "methods[0].kind"),
    (*van(names={"en": "Van"}), "methods[0].names.fr"),
    (*van(rates=[TO_FRANCE, TO_EUROPE]), "methods[0].rates[1].weight_grams_max"),
    (*van(rates=[TO_FRANCE, TO_FRANCE]), "methods[0].rates[1].weight_grams_max"),
    (*van(slots=[]), "methods[0].slots"),
    (*second_point(code="FR-1"), "points[1].code"),
    (*second_point(latitude=90.5), "points[1].latitude"),
    (*second_point(longitude="east"), "points[1].longitude"),
    (*second_point(opening_hours="nine to five"), "points[1].opening_hours"),
    (*second_point(address={**LYON, "country": "ZZ"}), "points[1].address.country"),
)


@pytest.mark.parametrize(("path", "body", "param"), REFUSED_BODIES, ids=lambda one: str(one)[-40:])
async def test_a_body_that_cannot_be_names_its_field_in_both_languages(
    api: Api, path: str, body: dict[str, Any], param: str
) -> None:
    english = assert_problem(await api.post(path, body), 422, "invalid", param=param)
    french = await api.post(path, body, headers={"Accept-Language": "fr"})
    assert english["expected"] not in french.json()["detail"], french.json()["detail"]


REFUSED_QUERIES = (
    ("/v1/delivery-options?channel=web&country=FR&postcode=69002", "line"),
    (f"{CART}&line=S42", "line"),
    (f"{CART}&line=S42:0", "line"),
    (f"{CART}&line=S42:1000001", "line"),
    (f"{CART}&line=:2222", "line"),
    (f"{CART}&line=S42:%C2%B2", "line"),
    (f"{CART}&line=GONE:1", "line"),
    (f"{CART}&line=S42:1&currency=CHF", "currency"),
    (f"{CART}&line=S42:1&placed_at=2026-03-02T09:00:00Z", "placed_at"),
    ("/v1/delivery-options?channel=web&country=ZZ&postcode=69002&line=S42:1", "country"),
    ("/v1/delivery-options?channel=web&country=FR&line=S42:1", "postcode"),
    ("/v1/delivery-options?country=FR&postcode=69002&line=S42:1", "channel"),
    ("/v1/pickup-points?postcode=69002", "country"),
    ("/v1/pickup-points?country=FR&postcode=6900", "postcode"),
    ("/v1/pickup-points?country=JP&postcode=154-0023", "postcode"),
    ("/v1/pickup-points?country=FR&postcode=69002&limit=51", "limit"),
    ("/v1/pickup-points?country=FR&postcode=69002&radius_km=501", "radius_km"),
    ("/v1/pickup-points?country=FR&postcode=69002&method=colissimo-home", "method"),
    ("/v1/pickup-points?country=FR&postcode=69002&method=a&network=b", "network"),
    ("/v1/delivery-methods?x=1", "x"),
)


@pytest.mark.parametrize(("path", "param"), REFUSED_QUERIES)
async def test_a_query_that_cannot_be_names_its_parameter(api: Api, path: str, param: str) -> None:
    assert_problem(await api.get(path), 422, "invalid", param=param)


async def test_lines_of_one_sku_are_added_up(api: Api) -> None:
    found = await options(api, f"{CART}&line=S42:30&line=S42:30")
    assert found["colissimo-home"]["reason"] == "out_of_stock"
    assert VAN.code not in found


async def test_who_may_not_describe_may_read(api: Api) -> None:
    assert_problem(await api.post("/v1/delivery-methods", {"methods": [VAN_BODY]}, role="agent"), 403, "forbidden")
    assert_problem(await api.post("/v1/pickup-points", {"points": [POINT]}, role="store"), 403, "forbidden")
    for path in ("/v1/delivery-methods", "/v1/pickup-points?country=FR&postcode=69002", f"{CART}&line=S42:1"):
        assert (await api.get(path, role="agent")).status_code == 200


async def test_of_two_stores_that_have_the_cart_the_nearest_is_offered(api: Api) -> None:
    brest = {
        "code": "A-BREST",
        "name": "Brest",
        "kind": "store",
        "address": {**LYON, "postcode": "29200", "city": "Brest"},
        "timezone": "Europe/Paris",
        "cutoff": "18:00",
        "working_days": [1, 2, 3, 4, 5, 6, 7],
        "pickups": True,
    }
    assert (await api.post("/v1/locations", {"locations": [brest]})).status_code == 200
    for store in ("A-BREST", "PARIS-11"):
        receipt = {"location": store, "reference": f"PO-{store}", "lines": [{"sku": "S42", "quantity": 1}]}
        assert (await api.post("/v1/stock/receive", receipt)).status_code == 200
    assert (await options(api, f"{CART}&line=S42:1"))["store-pickup"]["store"] == "PARIS-11"
    in_brest = CART.replace("69002", "29200")
    assert (await options(api, f"{in_brest}&line=S42:1"))["store-pickup"]["store"] == "A-BREST"


async def test_what_is_made_to_order_is_told_as_made_not_as_supply(api: Api) -> None:
    table = {
        "sku": "TABLE",
        "product": "table",
        "name": "Table",
        "price": eur(19900),
        "tax_rate": "0.20",
        "weight_grams": 9000,
        "dimensions_mm": [900, 900, 100],
        "kind": "made_to_order",
        "production_days": 10,
    }
    answer = await api.post("/v1/variants", {"variants": [table]})
    assert answer.status_code == 200, answer.text
    colissimo = (await options(api, f"{CART}&line=TABLE:1"))["colissimo-home"]
    assert [step["step"]["kind"] for step in colissimo["calculation"]][:2] == ["production", "truck"]
    assert colissimo["calculation"][0]["sentence"].startswith("Made for you by ")
