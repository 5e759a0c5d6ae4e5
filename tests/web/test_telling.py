"""Webhooks, links, codes and the mails of an order over the API."""

from typing import Any
from uuid import UUID

import msgspec
import pytest
from tests.web.builders import Api, assert_problem, client_of, order
from tests.worker.telling import FakeCaller, FakeMailer, deliver, plan

from aftercart.access.queries import find_order_of_token
from aftercart.access.rules.derived_secrets import customer_code
from aftercart.notifications.ports import Mail, MailRejected
from aftercart.notifications.rules.retry_schedule import WEBHOOK_WAITS
from aftercart.shop import Surroundings
from aftercart.web.api.application import create_app
from aftercart.web.api.webhooks import ROUTES
from aftercart.worker.mails import mail_courier
from aftercart.worker.webhooks import webhook_courier

ENDPOINTS = "/v1/webhook-endpoints"
NOBODY = "01934a3e-0000-7000-8000-000000000001"


async def create(api: Api, **wish: Any) -> dict[str, Any]:
    answer = await api.post(ENDPOINTS, {"url": "https://erp.example/hooks", **wish})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_an_endpoint_tells_its_secret_once(api: Api) -> None:
    made = await create(api, description="ERP", event_types=["OrderPlaced"])
    assert made["secret"].startswith("whsec_")
    (listed,) = (await api.get(ENDPOINTS)).json()["items"]
    assert listed == {name: value for name, value in made.items() if name != "secret"}
    assert made["secret"] not in (await api.get("/v1/events?limit=1000")).text


async def test_a_call_that_is_repeated_makes_one_endpoint_and_tells_the_same_secret(api: Api) -> None:
    headers = {"Idempotency-Key": "erp-1"}
    answers = [await api.post(ENDPOINTS, {"url": "https://erp.example/"}, headers=headers) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert [answer.headers.get("idempotency-replayed") for answer in answers] == [None, "true"]
    assert all(answer.headers["cache-control"] == "no-store" for answer in answers)
    assert len((await api.get(ENDPOINTS)).json()["items"]) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://erp.example/",
        "ftp://erp.example/",
        "https://a:b@erp.example/",
        "erp",
        "https://127.0.0.1/x",
        "https://169.254.169.254/",
        "https://[::1]/",
        "https://10.0.0.1:8443/",
        "https://localhost/",
    ],
)
async def test_an_address_that_is_not_on_the_internet_is_refused(url: str, api: Api) -> None:
    assert_problem(await api.post(ENDPOINTS, {"url": url}), 422, "invalid", param="url")


async def test_a_shop_in_development_may_call_its_own_network(api: Api) -> None:
    own = Surroundings(secret=b"of a test", private_webhooks=True)
    async with client_of(create_app(msgspec.structs.replace(api.shop, surroundings=own))) as client:
        inside = msgspec.structs.replace(api, client=client)
        for url in ("http://localhost:9000/", "https://10.0.0.1/"):
            assert (await inside.post(ENDPOINTS, {"url": url})).status_code == 201


def test_the_documentation_tells_the_schedule_that_is_kept() -> None:
    units = ((3600, "h"), (60, "min"), (1, "s"))
    told = [
        next(f"{int(wait.total_seconds()) // size} {unit}" for size, unit in units if wait.total_seconds() >= size)
        for wait in WEBHOOK_WAITS
    ]
    (description,) = (route.description for route in ROUTES if route.name == "create_webhook_endpoint")
    assert f"{', '.join(told[:-1])} and {told[-1]}" in description


async def test_an_event_nobody_may_hear_of_is_refused_by_name(api: Api) -> None:
    answer = await api.post(ENDPOINTS, {"url": "https://erp.example/", "event_types": ["ApiKeyCreated"]})
    problem = assert_problem(answer, 422, "invalid", param="event_types[0]")
    assert "OrderPlaced" in problem["expected"]


async def test_what_an_endpoint_was_told_is_read_page_by_page(api: Api) -> None:
    endpoint = await create(api, event_types=["OrderPlaced"])
    for _ in range(3):
        await api.place()
    await plan(api.shop)
    path = f"{ENDPOINTS}/{endpoint['id']}/deliveries"
    first = (await api.get(f"{path}?limit=2&state=waiting")).json()
    second = (await api.get(f"{path}?limit=2&cursor={first['next_cursor']}")).json()
    offsets = [call["offset"] for call in (*first["items"], *second["items"])]
    assert (len(offsets), offsets) == (3, sorted(offsets, reverse=True))
    assert second["next_cursor"] is None
    await deliver(webhook_courier(api.shop, FakeCaller(lambda _: 500)))
    (failed, *_) = (await api.get(path)).json()["items"]
    assert (failed["status"], failed["error"], failed["attempts"]) == (500, "answered 500", 1)
    assert (await api.get(f"{path}?state=sent")).json() == {"items": [], "next_cursor": None}


async def test_a_disabled_endpoint_stays_disabled_and_hears_nothing_again(api: Api) -> None:
    endpoint = await create(api)
    path = f"{ENDPOINTS}/{endpoint['id']}"
    disabled = [(await api.post(f"{path}/disable")).json() for _ in range(2)]
    assert disabled[0] == disabled[1]
    assert disabled[0]["disabled_reason"] == "asked"
    assert_problem(await api.post(f"{path}/replay", {"after": 0}), 409, "endpoint_is_disabled", param="endpoint")


async def test_what_an_endpoint_missed_is_told_again(api: Api) -> None:
    placed = await api.place()
    endpoint = await create(api, event_types=["OrderPlaced"])
    await plan(api.shop)
    replayed = await api.post(f"{ENDPOINTS}/{endpoint['id']}/replay", {"after": 0})
    assert replayed.json()["after"] == 0
    await plan(api.shop)
    caller = FakeCaller()
    await deliver(webhook_courier(api.shop, caller))
    assert [placed["id"].encode() in call.body for call in caller.calls] == [True]
    refused = await api.post(f"{ENDPOINTS}/{endpoint['id']}/replay", {"after": 5, "until": 5})
    assert_problem(refused, 422, "invalid", param="until")


@pytest.mark.parametrize("endpoint", [NOBODY, "nonsense", "x" * 36])
async def test_an_endpoint_that_does_not_exist_is_not_found(endpoint: str, api: Api) -> None:
    path = f"{ENDPOINTS}/{endpoint}"
    for answer in (
        await api.post(f"{path}/disable"),
        await api.post(f"{path}/replay", {"after": 0, "until": 1}),
        await api.get(f"{path}/deliveries"),
    ):
        assert_problem(answer, 404, "endpoint_not_found", param="endpoint")


async def test_only_who_sets_the_rules_has_to_do_with_webhooks(api: Api) -> None:
    endpoint = await create(api)
    for role in ("agent", "picker", "store", "partner"):
        for answer in (
            await api.post(ENDPOINTS, {"url": "https://erp.example/"}, role=role),
            await api.get(ENDPOINTS, role=role),
            await api.post(f"{ENDPOINTS}/{endpoint['id']}/disable", role=role),
            await api.get(f"{ENDPOINTS}/{endpoint['id']}/deliveries", role=role),
        ):
            assert_problem(answer, 403, "forbidden")


async def test_an_agent_hands_out_a_link(api: Api) -> None:
    placed = await api.place()
    answer = await api.post(f"/v1/orders/{placed['number']}/create-customer-link", role="agent")
    assert answer.status_code == 201
    token = answer.json()["url"].rpartition("/o/")[2]
    opened = await find_order_of_token(api.shop.database, token, api.shop.clock.now())
    assert opened is not None
    assert str(opened.order_id) == placed["id"]
    assert answer.headers["cache-control"] == "no-store"


async def test_an_agent_asks_who_is_on_the_phone(api: Api) -> None:
    path = f"/v1/orders/{(await api.place())['id']}"
    requested = await api.post(f"{path}/request-customer-code", {"purpose": "sign_in"}, role="agent")
    code_id = requested.json()["code_id"]
    typed = {"code_id": code_id, "purpose": "sign_in"}
    wrong = await api.post(f"{path}/redeem-customer-code", {**typed, "code": "00000000"}, role="agent")
    unknown = {**typed, "code_id": NOBODY, "code": "00000000"}
    nobody = await api.post(f"{path}/redeem-customer-code", unknown, role="agent")
    assert_problem(wrong, 403, "customer_code_refused", param="code")
    assert wrong.json() == nobody.json(), "whatever is wrong, the answer is the same"
    code = customer_code(api.shop.surroundings.secret, UUID(code_id))
    right = await api.post(f"{path}/redeem-customer-code", {**typed, "code": code}, role="agent")
    assert right.json() == {"redeemed": True}


async def test_an_order_that_does_not_exist_has_no_links_no_codes_and_no_mails(api: Api) -> None:
    for order_id in (NOBODY, "AAAAA-AAAAA"):
        for answer in (
            await api.post(f"/v1/orders/{order_id}/create-customer-link"),
            await api.post(f"/v1/orders/{order_id}/request-customer-code", {"purpose": "sign_in"}),
            await api.get(f"/v1/orders/{order_id}/messages"),
        ):
            assert_problem(answer, 404, "order_not_found", param="order")


async def test_too_many_codes_say_when_there_is_another_one(api: Api) -> None:
    path = f"/v1/orders/{(await api.place())['id']}/request-customer-code"
    answers = [await api.post(path, {"purpose": "sign_in"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [201] * 5 + [429]
    problem = assert_problem(answers[-1], 429, "too_many_customer_codes")
    assert answers[-1].headers["retry-after"] == str(problem["retry_after_seconds"])


async def test_an_agent_sees_that_a_mail_did_not_arrive(api: Api) -> None:
    def nobody(mail: Mail) -> None:
        if mail.recipient == "nobody@example.com":
            raise MailRejected("550 nobody")

    customer = {"email": "nobody@example.com", "name": "N", "locale": "fr"}
    missed, told = await api.place(order(customer=customer)), await api.place()
    await api.post(f"/v1/orders/{told['id']}/request-customer-code", {"purpose": "sign_in"})
    await plan(api.shop)
    await deliver(mail_courier(api.shop, FakeMailer(nobody)))
    (mail,) = (await api.get(f"/v1/orders/{missed['id']}/messages", role="agent")).json()["items"]
    assert (mail["type"], mail["state"], mail["error"]) == ("OrderPlaced", "failed", "550 nobody")
    mails = (await api.get(f"/v1/orders/{told['id']}/messages", role="agent")).json()["items"]
    assert [(mail["type"], mail["state"]) for mail in mails] == [
        ("OrderPlaced", "sent"),
        ("CustomerCodeRequested", "sent"),
    ]
