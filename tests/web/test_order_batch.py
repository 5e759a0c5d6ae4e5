"""Placing many orders in one call."""

from tests.web.builders import STOCK, Api, assert_problem, order


async def test_each_order_succeeds_or_is_refused_on_its_own(api: Api) -> None:
    orders = [
        order(reference="1"),
        order({"sku": "S43", "quantity": STOCK + 1}),
        order({"sku": "GONE", "quantity": 1}),
        order({"sku": "S43", "quantity": 1}),
    ]
    answer = await api.post("/v1/orders/batch", {"orders": orders})
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert [one["status"] for one in results] == [201, 409, 422, 201]
    assert [sorted(one) for one in results] == [["order", "status"], *[["problem", "status"]] * 2, ["order", "status"]]
    assert results[0]["order"] == (await api.get(f"/v1/orders/{results[0]['order']['number']}")).json()
    assert results[1]["problem"]["code"] == "insufficient_stock"
    assert results[2]["problem"]["param"] == "lines[0].sku"


async def test_a_repeated_batch_doubles_nothing(api: Api) -> None:
    batch = {"orders": [order({"sku": "S42", "quantity": 1}) for _ in range(5)]}
    first = await api.post("/v1/orders/batch", batch, headers={"Idempotency-Key": "b"})
    again = await api.post("/v1/orders/batch", batch, headers={"Idempotency-Key": "b"})
    assert first.json() == again.json()
    assert len((await api.get("/v1/orders")).json()["items"]) == 5


async def test_a_thousand_orders_go_in_one_call(api: Api) -> None:
    lines = [{"sku": "S41", "quantity": 2_000}]
    await api.post("/v1/stock/receive", {"location": "LYON", "reference": "PO-2", "lines": lines})
    batch = {"orders": [order({"sku": "S41", "quantity": 1}) for _ in range(1_000)]}
    results = (await api.post("/v1/orders/batch", batch)).json()["results"]
    assert {one["status"] for one in results} == {201}
    assert len({one["order"]["number"] for one in results}) == 1_000
    batch["orders"].append(order())
    assert_problem(await api.post("/v1/orders/batch", batch), 422, "invalid", param="orders")


async def test_a_batch_that_is_not_valid_is_refused_as_a_whole(api: Api) -> None:
    orders = [order(), order(), order(), order({"sku": 7, "quantity": 1})]
    answer = await api.post("/v1/orders/batch", {"orders": orders})
    assert_problem(answer, 422, "invalid", param="orders[3].lines[0].sku")
    assert_problem(await api.post("/v1/orders/batch", {"orders": []}), 422, "invalid", param="orders")
    assert_problem(await api.post("/v1/orders/batch", {"orders": [order()]}, role="picker"), 403, "forbidden")
    assert (await api.get("/v1/orders")).json()["items"] == []
