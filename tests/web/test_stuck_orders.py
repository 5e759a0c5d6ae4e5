"""What is stuck is told with its causes, and found by one of them."""

from typing import get_args

from tests.web.builders import Api, assert_problem, order

from aftercart.orders.model import HoldReason
from aftercart.web.api.stuck_orders import StuckCause


async def numbers(api: Api, query: str = "") -> list[str]:
    answer = await api.get(f"/v1/stuck-orders{query}")
    assert answer.status_code == 200, answer.text
    return [item["number"] for item in answer.json()["items"]]


async def test_what_waits_is_found_by_its_cause(api: Api) -> None:
    await api.place()
    held = await api.place()
    waiting = await api.place(order({"sku": "S42", "quantity": 60}, channel="patient"))
    await api.post(f"/v1/orders/{held['id']}/hold-order", {"reason": "address"})
    assert set(await numbers(api)) == {waiting["number"], held["number"]}
    assert await numbers(api, "?cause=backordered") == [waiting["number"]]
    assert await numbers(api, "?cause=address") == [held["number"]]
    assert await numbers(api, "?cause=fraud_review") == []
    assert_problem(await api.get("/v1/stuck-orders?cause=bad_luck"), 422, "invalid", param="cause")


def test_every_reason_of_a_hold_is_a_cause() -> None:
    assert {reason.value for reason in HoldReason} <= set(get_args(StuckCause))
