"""Nobody learns by asking which links, orders and addresses exist, and no page leaks what lets somebody in."""

import re
from typing import Any

import httpx
import pytest
import structlog
from tests.portal.browsing import Customer, browser_of, open_customer
from tests.web.builders import Api

from aftercart.access.decisions.create_customer_link import LINK_LIFETIME
from aftercart.kit.clock import SimulatedClock
from aftercart.kit.database import Database
from aftercart.kit.ids import SeededIds

SEALED = re.compile(r'(name="(?:token|sent)" value=")[^"]*')


def seen(answer: httpx.Response) -> tuple[int, str, list[tuple[str, str]]]:
    """Returns all that an answer tells, but for what is different each time for everybody."""
    headers = [(name, value) for name, value in answer.headers.items() if name not in {"set-cookie", "content-length"}]
    return answer.status_code, SEALED.sub(r"\1", answer.text), headers


async def test_links_that_open_nothing_are_all_alike(customer: Customer, work: list[str]) -> None:
    over = await customer.link()
    clock = customer.api.shop.clock
    assert isinstance(clock, SimulatedClock)
    clock.advance_to(clock.now() + LINK_LIFETIME)
    unknown = f"/o/{SeededIds(1).secret()}"
    answers: list[Any] = []
    for path in (over, unknown, "/o/x", "/o/%C3%A9%00", f"/o/{'a' * 5000}"):
        work.clear()
        answers.append((seen(await customer.client.get(path)), tuple(work)))
    assert answers[0][0][0] == 404
    assert "/find" in answers[0][0][1]
    assert all(answer == answers[0] for answer in answers)


async def test_a_link_to_an_address_that_was_replaced_is_one_nobody_knows(customer: Customer, work: list[str]) -> None:
    link = await customer.link()
    assert (await customer.client.get(link)).status_code == 303
    customer.client.cookies.clear()
    for email in ("eva@example.com", "ada@example.com"):
        await customer.api.post(f"/v1/orders/{customer.order_id}/change-contact", {"email": email})
        answers: list[Any] = []
        for path in (link, f"/o/{SeededIds(1).secret()}"):
            work.clear()
            answers.append((seen(await customer.client.get(path)), tuple(work)))
        # The address it was mailed to is the order's again in the end.
        assert (answers[0] == answers[1]) == (email == "eva@example.com")
    assert answers[0][0][0] == 303


async def test_a_link_that_opens_its_order_takes_the_same_work(customer: Customer, work: list[str]) -> None:
    link = await customer.link()
    work.clear()
    await customer.client.get(link)
    opened = tuple(work)
    work.clear()
    await customer.client.get(f"/o/{SeededIds(1).secret()}")
    assert tuple(work) == opened


async def test_asking_for_a_code_tells_nobody_whether_there_is_such_an_order(
    customer: Customer, work: list[str]
) -> None:
    nobody = SeededIds(99).order_number()
    page = await customer.get("/find")
    answers: list[Any] = []
    for number, email in (
        (customer.number, "ada@example.com"),
        (nobody, "ada@example.com"),
        (customer.number, "a@b.c"),
    ):
        work.clear()
        form = page.forms[0]
        answer = await customer.client.post(form.action, data={**form.fields, "number": number, "email": email})
        answers.append((seen(answer), tuple(work)))
        await customer.settle()
    assert answers[0][0][0] == 200
    assert answers[0][1] == ()
    assert all(answer == answers[0] for answer in answers)
    rows = await customer.api.shop.database.rows("SELECT count(*) FROM access.customer_codes")
    assert rows == [(1,)]


async def test_a_wrong_code_takes_the_same_work_for_an_order_there_is_and_one_there_is_not(
    customer: Customer, work: list[str]
) -> None:
    answers: list[Any] = []
    for number in (customer.number, SeededIds(99).order_number()):
        page = await customer.get("/find")
        sent = await customer.send(page, number=number, email="ada@example.com")
        await customer.settle()
        work.clear()
        wrong = sent.forms[0]
        answer = await customer.client.post(wrong.action, data={**wrong.fields, "code": "00000000"})
        answers.append((seen(answer), tuple(work)))
    assert answers[0] == answers[1]
    assert answers[0][0][0] == 422


async def test_a_code_is_guessed_five_times_at_most(customer: Customer) -> None:
    page = await customer.get("/find")
    sent = await customer.send(page, number=customer.number, email="ada@example.com")
    code = await customer.code()
    for guess in range(5):
        assert (await customer.send(sent, code=f"{guess:08}")).status == 422
    assert (await customer.send(sent, code=code)).status == 422


async def test_a_client_that_tries_too_often_has_to_wait(customer: Customer) -> None:
    page = await customer.get("/find")
    number = SeededIds(99).order_number()
    tries = [await customer.send(page, number=number, email="ada@example.com") for _ in range(21)]
    assert [one.status for one in tries] == [200] * 20 + [429]
    refused = tries[-1]
    assert "Trop d'essais" in refused.text
    assert int(refused.headers["retry-after"]) > 0


async def test_nothing_that_lets_somebody_in_is_logged(customer: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    link = await customer.link()

    async def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("broken on purpose")

    with structlog.testing.capture_logs() as logged:
        await customer.client.get(link)
        cookie = customer.client.cookies["o"]
        monkeypatch.setattr(Database, "rows", broken)
        failed = await customer.client.get(link)
        shown = await customer.client.get(customer.path)
    assert (failed.status_code, shown.status_code) == (500, 500)
    assert [entry["event"] for entry in logged] == ["page_failed", "page_failed"]
    token = link.removeprefix("/o/")
    for entry in logged:
        told = " ".join(str(value) for name, value in entry.items() if name != "exc_info")
        assert token not in told
        assert cookie not in told
        assert "broken on purpose" not in failed.text


async def test_one_customer_never_reaches_the_order_of_another(api: Api, customer: Customer) -> None:
    await customer.enter()
    cookie = customer.client.cookies["o"]
    async with open_customer(api) as other, browser_of(api) as thief:
        for path in (other.path, f"{other.path}/change/cancel-order"):
            answer = await thief.get(path, headers={"Cookie": f"o={cookie}"})
            assert answer.status_code == 303
            assert answer.headers["location"] == f"/find?number={other.number}"
        for path in ("leave", "change/cancel-order/preview", "change/cancel-order/confirm"):
            answer = await thief.post(f"{other.path}/{path}", headers={"Cookie": f"o={cookie}"})
            assert answer.headers["location"] == f"/find?number={other.number}"


@pytest.mark.parametrize("number", ["%2F%2Fevil.example", "https:evil.example", "%5Cevil.example", "%0D%0AX:1"])
async def test_nobody_is_sent_elsewhere(number: str, customer: Customer) -> None:
    answer = await customer.client.get(f"/orders/{number}")
    assert answer.headers.get("location", "/find") == "/find"
