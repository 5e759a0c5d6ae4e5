"""A picker's day over HTTP: bins, a list, scans, a wrong item, a withdrawn unit, a short pick, a list given up."""

from typing import Any

import pytest
from tests.web.builders import Api, assert_problem, order

from aftercart.kit.sequencer import sequence
from aftercart.worker.reactor import Reactor

pytestmark = pytest.mark.anyio

BINS = {"S41": "A-01", "S42": "A-02", "S43": "B-01"}


async def describe_bins(api: Api, *, put_away: int = 50) -> None:
    places = [
        {"code": code, "aisle": aisle, "bay": bay, "level": 1, "x_m": 3.0 * aisle, "y_m": 1.0 * bay}
        for aisle, bay, code in ((1, 1, "A-01"), (1, 2, "A-02"), (2, 1, "B-01"))
    ]
    await ok(api.post("/v1/bins", {"location": "LYON", "bins": places}))
    lines = [{"sku": sku, "bin": code, "quantity": put_away} for sku, code in BINS.items()]
    await ok(api.post("/v1/bins/put-away", {"location": "LYON", "lines": lines}, role="store"))


async def ok(call: Any, status: int = 200) -> Any:
    answer = await call
    assert answer.status_code == status, answer.text
    return answer.json()


async def released(api: Api, **units: int) -> Any:
    placed = await api.place(order(*({"sku": sku, "quantity": quantity} for sku, quantity in units.items())))
    return await ok(api.post(f"/v1/orders/{placed['id']}/release-order", {}))


async def started(api: Api) -> Any:
    made = await ok(api.post("/v1/pick-lists", {"location": "LYON"}, role="picker"), 201)
    return await ok(api.post(f"/v1/pick-lists/{made['id']}/start", {"picker": "Paul"}, role="picker"))


def stops(made: Any) -> list[tuple[str, str, int, int]]:
    return [(stop["bin"], stop["sku"], stop["to_reach"], stop["to_take"]) for stop in made["stops"]]


class Picker:
    def __init__(self, api: Api, pick_list: str) -> None:
        self.api = api
        self.path = f"/v1/pick-lists/{pick_list}"

    async def step(self, name: str, body: Any = None, **options: Any) -> Any:
        return await self.api.post(f"{self.path}/{name}", body, role="picker", **options)

    async def does(self, name: str, body: Any = None, **options: Any) -> Any:
        return await ok(self.step(name, body, **options))


async def test_two_orders_are_walked_together_and_lie_in_their_totes(api: Api) -> None:
    await describe_bins(api)
    first, second = await released(api, S42=2), await released(api, S41=1, S42=1)
    made = await started(api)
    assert [tote["order"] for tote in made["totes"]] == sorted([first["id"], second["id"]])
    assert stops(made) == [("A-01", "S41", 1, 0), ("A-02", "S42", 3, 0)]
    picker = Picker(api, made["id"])
    assert stops(await picker.does("scan-bin", {"bin": "A-01"}))[0] == ("A-01", "S41", 0, 1)
    taken = await picker.does("scan-item", {"code": "S41"})
    assert [(tote["order"], tote["quantity"]) for tote in taken["totes"]] == [(second["id"], 1)]
    await picker.does("scan-bin", {"bin": "A-02"})
    taken = await picker.does("scan-item", {"code": "S42", "quantity": 3})
    assert sum(tote["quantity"] for tote in taken["totes"]) == 3
    assert taken["pick_list"]["stops"] == []
    assert (await picker.does("finish"))["status"] == "finished"
    shown = await ok(api.get(f"/v1/fulfillment-orders/{second['number']}-LYON"))
    assert [item["stages"] for item in shown["items"]] == [{"picked": 1}, {"picked": 1}]
    (bin_of_42,) = (await ok(api.get("/v1/bins?location=LYON&sku=S42")))["items"]
    assert bin_of_42["contents"] == [{"sku": "S42", "quantity": 47}]


async def reactions(api: Api) -> None:
    reactor = Reactor(api.shop)
    while await sequence(api.shop.database) or await reactor.turn():
        pass


async def test_a_wrong_item_is_refused_with_what_was_expected(api: Api) -> None:
    await describe_bins(api)
    await released(api, S42=2, S43=1)
    made = await started(api)
    picker = Picker(api, made["id"])
    assert_problem(await picker.step("scan-item", {"code": "S42"}), 409, "not_to_take", param="code")
    await picker.does("scan-bin", {"bin": "A-02"})
    refusal = assert_problem(await picker.step("scan-item", {"code": "S43"}), 409, "not_to_take", param="code")
    assert refusal["detail"] == "1 of S43 are not to be taken here. Expected: 2 of S42."
    too_many = await picker.step("scan-item", {"code": "S42", "quantity": 3})
    assert_problem(too_many, 409, "not_to_take", param="code")
    assert_problem(await picker.step("scan-item", {"code": "nothing"}), 422, "invalid", param="code")
    refusal = assert_problem(await picker.step("scan-bin", {"bin": "A-01"}), 409, "wrong_bin", param="bin")
    assert refusal["detail"] == "Nothing is to be fetched from A-01. Next: A-02."


async def test_a_scan_that_is_sent_again_counts_once(api: Api) -> None:
    await describe_bins(api)
    await released(api, S42=2)
    picker = Picker(api, (await started(api))["id"])
    for _ in range(2):
        await picker.does("scan-bin", {"bin": "A-02"})
    key = {"Idempotency-Key": "scan-1"}
    first = await picker.step("scan-item", {"code": "S42"}, headers=key)
    again = await picker.step("scan-item", {"code": "S42"}, headers=key)
    assert again.headers["idempotency-replayed"] == "true"
    assert first.json()["totes"] == again.json()["totes"]
    assert stops(again.json()["pick_list"]) == [("A-02", "S42", 0, 1)]


async def test_what_is_withdrawn_in_the_middle_of_a_wave_vanishes_from_its_list(api: Api) -> None:
    await describe_bins(api)
    await released(api, S41=1)
    second = await released(api, S41=1, S42=2)
    wave = await ok(api.post("/v1/waves", {"location": "LYON"}, role="manager"), 201)
    assert (wave["orders"], wave["lists"]) == (2, {"open": 1})
    (made,) = (await ok(api.get(f"/v1/pick-lists?wave={wave['id']}", role="picker")))["items"]
    picker = Picker(api, made["id"])
    shown = await picker.does("start", {})
    assert stops(shown) == [("A-01", "S41", 2, 0), ("A-02", "S42", 2, 0)]
    await picker.does("scan-bin", {"bin": "A-01"})
    wish = {"lines": [{"line": 2, "quantity": 1}], "reason": "changed_mind"}
    await ok(api.post(f"/v1/orders/{second['id']}/cancel-lines", wish))
    assert stops(await picker.does("scan-bin", {"bin": "A-02"})) == [("A-01", "S41", 0, 2), ("A-02", "S42", 0, 1)]
    # After the scan it is too late to take back for free, and in time not to be taken.
    wish = {"lines": [{"line": 1, "quantity": 1}], "reason": "changed_mind"}
    await ok(api.post(f"/v1/orders/{second['id']}/cancel-lines", wish))
    assert stops(await ok(api.get(picker.path))) == [("A-01", "S41", 0, 1), ("A-02", "S42", 0, 1)]
    await picker.does("scan-item", {"code": "S41"})
    await picker.does("scan-item", {"code": "S42"})
    await picker.does("finish")
    work = await ok(api.get(f"/v1/fulfillment-orders/{second['number']}-LYON"))
    assert [item["stages"] for item in work["items"]] == [{"canceled": 1}, {"canceled": 1, "picked": 1}]
    (first_bin,) = (await ok(api.get("/v1/bins?location=LYON&bin=A-01")))["items"]
    assert first_bin["contents"] == [{"sku": "S41", "quantity": 49}]


async def test_what_is_short_is_taken_from_another_location(api: Api) -> None:
    await describe_bins(api)
    count = {"location": "LYON", "bin": "A-02", "lines": [{"sku": "S42", "quantity": 2}]}
    await ok(api.post("/v1/bins/count", count))
    lines = [{"sku": "S42", "quantity": 5}]
    await ok(api.post("/v1/stock/receive", {"location": "PARIS-11", "reference": "PO-9", "lines": lines}))
    placed = await released(api, S42=2)
    picker = Picker(api, (await started(api))["id"])
    await picker.does("scan-bin", {"bin": "A-02"})
    await picker.does("scan-item", {"code": "S42"})
    key = {"Idempotency-Key": "short-1"}
    short = {"code": "S42", "reason": "damaged"}
    reported = await picker.does("report-short", short, headers=key)
    assert [tote["quantity"] for tote in reported["totes"]] == [1]
    assert (await picker.does("report-short", short, headers=key))["pick_list"]["stops"] == []
    (hold,) = (await ok(api.get(f"/v1/orders/{placed['id']}")))["holds"]
    assert hold["reason"] == "missing_stock"
    await picker.does("finish")
    await reactions(api)
    assert (await ok(api.get(f"/v1/orders/{placed['id']}")))["holds"] == []
    for place, stage in (("LYON", "picked"), ("PARIS-11", "reserved")):
        work = await ok(api.get(f"/v1/fulfillment-orders/{placed['number']}-{place}"))
        assert [item["stages"] for item in work["items"]] == [{stage: 1}]
    (there,) = (await ok(api.get("/v1/availability?sku=S42")))["items"]
    assert {one["location"]: one["on_hand"] for one in there["locations"]} == {"LYON": 1, "PARIS-11": 5}


async def test_what_is_given_up_is_somebody_elses_work(api: Api) -> None:
    await describe_bins(api)
    placed = await released(api, S42=2, S41=1)
    picker = Picker(api, (await started(api))["id"])
    await picker.does("scan-bin", {"bin": "A-02"})
    await picker.does("scan-item", {"code": "S42"})
    nothing_else = await api.post("/v1/pick-lists", {"location": "LYON"}, role="picker")
    assert_problem(nothing_else, 409, "no_work_to_assign")
    assert (await picker.does("abandon"))["status"] == "abandoned"
    assert_problem(await picker.step("scan-bin", {"bin": "A-01"}), 409, "pick_list_not_started", param="pick_list")
    again = await started(api)
    assert [tote["order"] for tote in again["totes"]] == [placed["id"]]
    assert stops(again) == [("A-01", "S41", 1, 0), ("A-02", "S42", 1, 0)]


async def test_who_takes_a_list_has_it(api: Api) -> None:
    await describe_bins(api)
    await released(api, S42=1)
    made = await started(api)
    taken = await api.post(f"/v1/pick-lists/{made['id']}/start", {"picker": "Jeanne"}, role="packer")
    assert_problem(taken, 409, "pick_list_not_open", param="pick_list")
    assert_problem(await api.get("/v1/pick-lists/nothing"), 404, "pick_list_not_found", param="pick_list")
    for role in ("partner", "agent"):
        refused = await api.post("/v1/pick-lists", {"location": "LYON"}, role=role)
        assert_problem(refused, 403, "forbidden")


async def test_an_order_on_hold_is_passed_by_and_shown(api: Api) -> None:
    await describe_bins(api)
    placed = await released(api, S42=1)
    other = await released(api, S42=1)
    picker = Picker(api, (await started(api))["id"])
    await ok(api.post(f"/v1/orders/{placed['id']}/hold-order", {"reason": "manual"}))
    shown = await picker.does("scan-bin", {"bin": "A-02"})
    assert {tote["order"]: tote["on_hold"] for tote in shown["totes"]} == {placed["id"]: True, other["id"]: False}
    assert stops(shown) == [("A-02", "S42", 0, 1)]
    await picker.does("scan-item", {"code": "S42"})
    assert (await picker.does("finish"))["status"] == "finished"


async def test_bins_are_filled_emptied_and_counted(api: Api) -> None:
    await describe_bins(api, put_away=20)
    (loose, *_) = (await ok(api.get("/v1/bins/loose?location=LYON", role="picker")))["items"]
    assert (loose["sku"], loose["loose"]) == ("S41", 30)
    too_much = {"location": "LYON", "lines": [{"sku": "S41", "bin": "A-01", "quantity": 31}]}
    assert_problem(await api.post("/v1/bins/put-away", too_much), 409, "not_enough_loose", param="lines")
    move = {"location": "LYON", "source": "A-01", "target": "B-01", "lines": [{"sku": "S41", "quantity": 5}]}
    await ok(api.post("/v1/bins/move", move, role="picker"))
    count = {"location": "LYON", "bin": "A-01", "lines": [{"sku": "S41", "quantity": 14}]}
    await ok(api.post("/v1/bins/count", count, role="picker"))
    shown = (await ok(api.get("/v1/bins?location=LYON&sku=S41")))["items"]
    assert [(one["code"], one["contents"]) for one in shown] == [
        ("A-01", [{"sku": "S41", "quantity": 14}]),
        ("B-01", [{"sku": "S41", "quantity": 5}, {"sku": "S43", "quantity": 20}]),
    ]
    (there,) = (await ok(api.get("/v1/availability?sku=S41")))["items"]
    assert [one["on_hand"] for one in there["locations"] if one["location"] == "LYON"] == [49]


async def test_a_wave_is_built_once_with_its_key(api: Api) -> None:
    await describe_bins(api)
    for _ in range(3):
        await released(api, S42=1)
    wish = {"location": "LYON", "orders_max": 2, "carrier": "Colissimo", "due_until": "2026-03-02T14:00:00+01:00"}
    built = [
        await ok(api.post("/v1/waves", wish, role="picker", headers={"Idempotency-Key": "wave-1"}), 201)
        for _ in range(2)
    ]
    assert built[0] == built[1]
    assert (built[0]["orders"], built[0]["lists"]) == (3, {"open": 2})
    assert (await ok(api.get("/v1/waves?location=LYON")))["items"] == [built[0]]
    assert_problem(await api.post("/v1/waves", wish, role="picker"), 409, "no_work_to_assign")
