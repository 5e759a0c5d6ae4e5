"""What is not a well-formed call is refused with a problem that names the field, and nothing happens."""

import json
from typing import Any, Final

import pytest
from tests.web.builders import LYON, Api, assert_problem, eur, order

REASONS: Final = "changed_mind, ordered_by_mistake, too_slow, found_elsewhere, other"
VALID: Final = json.dumps(order()).encode()
KEY: Final = {"Idempotency-Key": "k", "Content-Type": "application/json"}


def with_line(**changes: Any) -> dict[str, Any]:
    return order({"sku": "S42", "quantity": 1, **changes})


def with_delivery(**changes: Any) -> dict[str, Any]:
    return order(delivery={"method": "colissimo-home", "address": LYON, **changes})


FIELDS: Final[tuple[tuple[Any, str], ...]] = (
    ({}, "channel"),
    ({**order(), "colour": 1}, "colour"),
    (with_line(colour="red"), "lines[0].colour"),
    (with_line(quantity=True), "lines[0].quantity"),
    (with_line(quantity=1.5), "lines[0].quantity"),
    (with_line(quantity="1"), "lines[0].quantity"),
    (with_line(quantity=0), "lines[0].quantity"),
    (with_line(quantity=2**63), "lines[0].quantity"),
    (with_line(quantity=-(2**63)), "lines[0].quantity"),
    (with_line(quantity=10**400), "lines[0].quantity"),
    (with_line(quantity=None), "lines[0].quantity"),
    (with_line(sku="GONE"), "lines[0].sku"),
    (with_line(sku=""), "lines[0].sku"),
    (with_line(sku="S42\0"), "lines[0].sku"),
    (with_line(gift_message="a\0b"), "lines[0].gift_message"),
    (with_line(gift_message="a\x1bb"), "lines[0].gift_message"),
    (with_line(gift_message="a\ud800b"), "lines[0].gift_message"),
    (with_line(unit_price={"minor_units": 1, "currency": "USD"}), "lines[0].unit_price.currency"),
    (with_line(unit_price=eur(-1)), "lines[0].unit_price.minor_units"),
    (with_line(unit_price=eur(2**63)), "lines[0].unit_price.minor_units"),
    (with_line(unit_price={"minor_units": 1}), "lines[0].unit_price.currency"),
    (with_line(discount=eur(1991)), "lines[0].discount"),
    (order(lines=[]), "lines"),
    (order(lines={}), "lines"),
    (order(lines=[{"sku": "S42", "quantity": 1}] * 2001), "lines"),
    (order(lines=[[[[[[[[[[]]]]]]]]]]), "lines[0]"),
    (order(currency="eur"), "currency"),
    (order(currency="USD"), "lines[0].unit_price"),
    (order(placed_at="2026-03-02T09:00:00"), "placed_at"),
    (order(placed_at="yesterday"), "placed_at"),
    (order(customer={"email": "nobody", "name": "N", "locale": "fr"}), "customer.email"),
    (order(customer={"name": "N", "locale": "fr"}), "customer.email"),
    (order(customer={"email": "a@b.fr", "name": "N", "locale": "french"}), "customer.locale"),
    (with_delivery(method="drone"), "delivery.method"),
    (with_delivery(address={**LYON, "postcode": "123"}), "delivery.address.postcode"),
    (with_delivery(address={**LYON, "country": "XX"}), "delivery.address.country"),
    (with_delivery(address={**LYON, "state": "x"}), "delivery.address.state"),
    (with_delivery(pickup_point="X"), "delivery.pickup_point"),
    (with_delivery(promised_date="05/03/2026"), "delivery.promised_date"),
    (order(delivery={"method": "store-pickup", "pickup_point": "LYON"}), "delivery.pickup_point"),
    (order(delivery={"method": "store-pickup"}), "delivery.pickup_point"),
    (order(billing_address={**LYON, "postcode": ""}), "billing_address.postcode"),
    (
        order(payment={"method": "card", "authorized": {"minor_units": 1, "currency": "USD"}}),
        "payment.authorized.currency",
    ),
)


async def test_a_field_that_cannot_be_is_named(api: Api) -> None:
    for body, param in FIELDS:
        content = json.dumps(body).encode()
        answer = await api.post("/v1/orders", content=content, headers=KEY)
        assert_problem(answer, 422, "invalid", param=param)
        french = await api.post("/v1/orders", content=content, headers={**KEY, "Accept-Language": "fr"})
        assert french.json()["detail"] != answer.json()["detail"]
    assert (await api.get("/v1/orders")).json()["items"] == []


async def test_a_currency_nobody_uses_is_refused_by_its_own_name(api: Api) -> None:
    for currency in ("ZZZ", "AAA"):
        body = with_line(unit_price={"minor_units": 1, "currency": currency})
        answer = await api.post("/v1/orders", body, headers=KEY)
        assert_problem(answer, 422, "unknown_currency", param="lines[0].unit_price")


async def test_what_is_not_json_is_malformed(api: Api) -> None:
    for content in (b"", b"{", b"nonsense", b'{"channel":}', b"\xef\xbb\xbf{}", b'{"channel":"web"', VALID + b" x"):
        assert_problem(await api.post("/v1/orders", content=content, headers=KEY), 400, "malformed_json")


async def test_deep_nesting_is_refused(api: Api) -> None:
    for content in (b"[" * 100_000, b'{"a":' * 100_000, b'{"channel":' + b"[" * 100_000 + b"]" * 100_000 + b"}"):
        answer = await api.post("/v1/orders", content=content, headers=KEY)
        assert answer.json()["code"] in {"invalid", "malformed_json"}
        assert answer.status_code in {400, 422}


async def test_json_that_is_not_an_object_is_refused(api: Api) -> None:
    for content in (b"[]", b"1", b'"x"', b"null", b"true"):
        assert_problem(await api.post("/v1/orders", content=content, headers=KEY), 422, "invalid", param="")


async def test_text_that_is_not_text_names_its_field(api: Api) -> None:
    for smuggled in (b"\0", b"\x1f", b"\xff", b"\xed\xa0\x80", b"\\u0000", b"\\ud800", b"\\u0085"):
        content = json.dumps(with_line(gift_message="HERE")).encode().replace(b"HERE", smuggled)
        answer = await api.post("/v1/orders", content=content, headers=KEY)
        assert_problem(answer, 422, "invalid", param="lines[0].gift_message")
        in_a_name = json.dumps({"variants": [{"options": {"HERE": "x"}}]}).encode().replace(b"HERE", smuggled)
        assert (await api.post("/v1/variants", content=in_a_name, headers=KEY)).status_code == 422


async def test_a_body_that_is_declared_as_anything_but_json_is_refused(api: Api) -> None:
    for declared in (
        "text/plain",
        "application/jsonx",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "x",
    ):
        answer = await api.post("/v1/orders", content=b"{}", headers={**KEY, "Content-Type": declared})
        assert_problem(answer, 415, "media_type_not_supported", param="Content-Type")
    answer = await api.post(
        "/v1/orders",
        content=json.dumps(order()).encode(),
        headers={**KEY, "Content-Type": "application/json; charset=utf-8"},
    )
    assert answer.status_code == 201


async def test_a_body_beyond_the_limit_is_refused(api: Api) -> None:
    answer = await api.post("/v1/orders", content=b" " * 1_000_001, headers=KEY)
    problem = assert_problem(answer, 413, "body_too_large")
    assert problem["bytes_max"] == 1_000_000
    answer = await api.post("/v1/variants", content=b" " * 16_000_001, headers=KEY)
    assert_problem(answer, 413, "body_too_large")
    answer = await api.post("/v1/variants", content=b" " * 1_000_001, headers=KEY)
    assert_problem(answer, 400, "malformed_json")


async def test_who_has_no_key_is_not_let_in(api: Api) -> None:
    for value in (None, "", "Bearer", "Bearer ", "Bearer nobody", "Basic abc", "Bearer " + "x" * 10_000, "\xe9"):
        headers = {} if value is None else {b"Authorization": value.encode("latin-1")}
        answer = await api.client.get("/v1/orders", headers=headers)
        assert_problem(answer, 401, "unauthenticated", param="Authorization")
        assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_role_may_do_only_what_it_may(api: Api) -> None:
    calls = [
        api.post("/v1/orders", order(), role="picker", headers=KEY),
        api.post("/v1/orders/batch", {"orders": [order()]}, role="picker"),
        api.post("/v1/api-keys", {"role": "admin"}, role="manager"),
        api.post("/v1/variants", {"variants": []}, role="partner"),
        api.get("/v1/events", role="agent"),
        api.get("/metrics", role="store"),
        api.get("/v1/orders", role="packer"),
    ]
    for call in calls:
        answer = await call
        assert answer.status_code in {403, 422}, answer.text
    assert_problem(await api.get("/v1/events", role="agent"), 403, "forbidden")


async def test_unknown_paths_and_methods_are_problems_too(api: Api) -> None:
    for path in ("/", "/v1", "/v1/order", "/v1/orders/x/y", "/v1/orders/x/cancel", "/favicon.ico", "/%00"):
        assert_problem(await api.get(path), 404, "route_not_found")
    for method, path, allowed in (
        ("PUT", "/v1/orders", "GET"),
        ("DELETE", "/health", "GET"),
        ("GET", "/v1/variants", "POST"),
    ):
        answer = await api.client.request(method, path)
        assert_problem(answer, 405, "method_not_allowed")
        assert allowed in answer.headers["allow"]


QUERIES: Final = (
    ("limit=0", "limit"),
    ("limit=201", "limit"),
    ("limit=x", "limit"),
    ("limit=", "limit"),
    ("limit=99999999999999999999", "limit"),
    ("limit=1&limit=2", "limit"),
    ("status=lost", "status"),
    ("placed_after=monday", "placed_after"),
    ("placed_after=2026-01-01T00:00:00", "placed_after"),
    ("cursor=nonsense", "cursor"),
    ("cursor=WyIyMDI2LTAzLTAyVDA5OjAwOjAwWiIsIngiXQ", "cursor"),
    ("query=", "query"),
    ("query=%00", "query"),
    ("query=%ff", "query"),
    ("sort=number", "sort"),
)


async def test_a_query_parameter_that_cannot_be_is_named(api: Api) -> None:
    for query, param in QUERIES:
        assert_problem(await api.get(f"/v1/orders?{query}"), 422, "invalid", param=param)


async def test_query_parameters_that_a_route_does_not_know_are_refused(api: Api) -> None:
    placed = await api.place()
    for path in ("", "/timeline", "/allowed-changes"):
        assert_problem(await api.get(f"/v1/orders/{placed['id']}{path}?x=1"), 422, "invalid", param="x")
    answer = await api.post(f"/v1/orders/{placed['id']}/cancel-order?x=1", {"reason": "other"})
    assert_problem(answer, 422, "invalid", param="x")
    answer = await api.post(f"/v1/orders/{placed['id']}/cancel-order?preview=maybe", {"reason": "other"})
    assert_problem(answer, 422, "invalid", param="preview")


@pytest.mark.parametrize(
    ("call", "body", "param", "choices"),
    [
        ("hold-order", {"reason": "x"}, "reason", "manual, fraud_review, address, customer_choice"),
        ("lift-hold", {"reason": "other"}, "reason", "manual, fraud_review, address, customer_choice"),
        ("cancel-order", {"reason": "manual"}, "reason", REASONS),
        ("cancel-lines", {"reason": "manual", "lines": [{"line": 1}]}, "reason", REASONS),
        (
            "amend",
            {"operations": [{"operation": "cancel_lines", "reason": "manual", "lines": [{"line": 1}]}]},
            "operations[0].reason",
            REASONS,
        ),
        (
            "change-line-quantity",
            {"line": 1, "quantity": 2, "price": "gift"},
            "price",
            "keep_paid, pay_difference, current, override",
        ),
    ],
)
async def test_what_may_be_chosen_is_that_of_the_field(
    call: str, body: dict[str, Any], param: str, choices: str, api: Api
) -> None:
    placed = await api.place()
    answer = await api.post(f"/v1/orders/{placed['id']}/{call}", body, headers={"Idempotency-Key": "k"})
    problem = assert_problem(answer, 422, "invalid", param=param)
    assert set(problem["expected"].removeprefix("one of ").split(", ")) == set(choices.split(", "))
