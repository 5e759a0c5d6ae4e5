"""From the release to the customer's door over HTTP: each step, and what stands against it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from tests.web.builders import NOW, Api, assert_problem, order

from aftercart.fulfillment.decisions.record_label import RecordLabel
from aftercart.permissions import SYSTEM


async def released(api: Api, *lines: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Returns an order that was released, and the path of its work."""
    placed = await api.place(order(*lines))
    answer = await api.post(f"/v1/orders/{placed['id']}/release-order", {})
    assert answer.status_code == 200, answer.text
    (line, *_) = answer.json()["lines"]
    return placed, f"/v1/fulfillment-orders/{placed['number']}-{line['locations'][0]['location']}"


async def works(api: Api, path: str, body: Any = None, *, role: str = "packer") -> dict[str, Any]:
    answer = await api.post(path, body, role=role)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def available(api: Api, sku: str) -> int:
    return (await api.get(f"/v1/availability?sku={sku}")).json()["items"][0]["available"]


async def printed(api: Api, order_id: str, *, request: int = 1) -> None:
    command = RecordLabel(order_id=UUID(order_id), parcel=1, request=request, tracking_number="8J01")
    await api.shop.submit(command, SYSTEM)


async def test_an_order_goes_from_the_shelf_to_the_door(api: Api) -> None:
    placed, work = await released(api, {"sku": "S42", "quantity": 2}, {"sku": "S43", "quantity": 1})
    before = await available(api, "S42")
    (listed,) = (await api.get("/v1/fulfillment-orders?work=pick", role="picker")).json()["items"]
    assert (listed["order"], listed["status"], listed["to_pick"]) == (placed["id"], "open", 3)
    begun = await works(api, f"{work}/start-preparing", role="picker")
    assert (begun["status"], begun["items"][0]["stages"]) == ("picking", {"picked": 2})
    assert (await api.get(f"/v1/orders/{placed['id']}")).json()["status"] == "in_preparation"
    (parcel,) = (await works(api, f"{work}/open-parcel"))["parcels"]
    path = f"/v1/parcels/{parcel['id']}"
    assert_problem(await api.post(f"{path}/pack-item", {"code": "S41"}, role="packer"), 409, "wrong_item", param="code")
    assert_problem(await api.post(f"{path}/pack-item", {"code": "?"}, role="packer"), 422, "invalid", param="code")
    await works(api, f"{path}/pack-item", {"code": "S42", "quantity": 2})
    await works(api, f"{path}/pack-item", {"code": "S43"})
    closed = await works(api, f"{path}/close-parcel", {"carton": "M"})
    assert (closed["status"], closed["carton"], closed["label"]["state"]) == ("closed", "M", "requested")
    await printed(api, placed["id"])
    left = await works(api, f"{path}/hand-over-parcel", {"handover": "today"})
    assert (left["status"], left["label"]["tracking_number"]) == ("handed_over", "8J01")
    assert (await api.get("/v1/parcels?handover=today", role="packer")).json()["items"] == [left]
    news = {"tracking_number": "8J01", "event": "E1", "at": (NOW + timedelta(days=2)).isoformat()}
    assert_problem(await api.post("/v1/tracking-events", {**news, "status": "closed"}), 422, "invalid", param="status")
    told = await works(api, "/v1/tracking-events", {**news, "status": "delivered"}, role="integrator")
    assert told["status"] == "delivered"
    after = (await api.get(f"/v1/orders/{placed['id']}")).json()
    assert (after["status"], after["version"]) == ("delivered", 10)
    assert (await api.get("/v1/fulfillment-orders")).json()["items"] == []
    assert (await api.get(work)).json()["status"] == "closed"
    assert await available(api, "S42") == before, "what left was promised before"


async def test_what_is_canceled_after_the_pick_is_pulled_out_and_put_back(api: Api) -> None:
    placed, work = await released(api, {"sku": "S42", "quantity": 2})
    await works(api, f"{work}/start-preparing")
    (parcel,) = (await works(api, f"{work}/open-parcel"))["parcels"]
    path = f"/v1/parcels/{parcel['id']}"
    await works(api, f"{path}/pack-item", {"code": "S42", "quantity": 2})
    wish = {"lines": [{"line": 1, "quantity": 1}], "reason": "changed_mind"}
    canceled = await api.post(f"/v1/orders/{placed['id']}/cancel-lines", wish)
    assert canceled.status_code == 200, canceled.text
    assert canceled.json()["lines"][0]["stages"] == {"intercepted": 1, "picked": 1}
    refused = await api.post(f"{path}/close-parcel", {}, role="packer")
    assert_problem(refused, 409, "parcel_holds_unwanted")
    assert refused.json()["unwanted"] == [{"line": 1, "sku": "S42", "quantity": 1}]
    (content,) = (await api.get(path, role="packer")).json()["contents"]
    assert (content["quantity"], content["unwanted"]) == (2, 1)
    (waiting,) = (await api.get("/v1/fulfillment-orders?work=put_back", role="packer")).json()["items"]
    assert waiting["to_put_back"] == 1
    assert_problem(await api.post(f"{work}/put-units-back", {"code": "S42"}, role="packer"), 409, "still_in_parcel")
    await works(api, f"{path}/unpack-item", {"code": "S42"})
    before = await available(api, "S42")
    back = await works(api, f"{work}/put-units-back", {"code": "S42"})
    assert back["items"][0]["stages"] == {"canceled": 1, "picked": 1}
    assert await available(api, "S42") == before + 1
    closed = await works(api, f"{path}/close-parcel", {})
    assert [one["quantity"] for one in closed["contents"]] == [1]


async def test_a_step_repeated_under_its_key_is_one_step(api: Api) -> None:
    _, work = await released(api, {"sku": "S42", "quantity": 2})
    await works(api, f"{work}/start-preparing")
    (parcel,) = (await works(api, f"{work}/open-parcel"))["parcels"]
    path = f"/v1/parcels/{parcel['id']}/pack-item"
    for replayed in (False, True):
        answer = await api.post(path, {"code": "S42"}, role="packer", headers={"Idempotency-Key": "scan-1"})
        assert ("idempotency-replayed" in answer.headers) is replayed
        assert answer.json()["contents"][0]["quantity"] == 1


async def test_who_may_work_on_the_floor(api: Api) -> None:
    _, work = await released(api)
    assert_problem(await api.post(f"{work}/start-preparing", role="partner"), 403, "forbidden")
    assert_problem(await api.get("/v1/fulfillment-orders", role="partner"), 403, "forbidden")
    body = {"tracking_number": "X", "event": "E", "status": "delivered", "at": NOW.isoformat()}
    assert_problem(
        await api.post("/v1/tracking-events", body, role="integrator"), 404, "no_such_parcel", param="parcel"
    )


async def test_names_that_lead_nowhere(api: Api) -> None:
    placed, _ = await released(api)
    for path in ("nothing", f"{placed['number']}", f"{placed['number']}-NOWHERE", f"{placed['number']}:W1"):
        answer = await api.get(f"/v1/fulfillment-orders/{path}")
        assert_problem(answer, 404, "fulfillment_order_not_found", param="fulfillment_order")
    for path in ("nothing", f"{placed['number']}-1", f"{placed['number']}-x", f"{placed['number']}-9999999999"):
        assert_problem(await api.get(f"/v1/parcels/{path}"), 404, "no_such_parcel", param="parcel")
