"""Customers are let in by the link of a mail, or by their order's number and a code; nobody learns what exists."""

from tests.portal.browsing import Customer


async def test_a_link_opens_the_orders_page(customer: Customer) -> None:
    page = await customer.enter()
    assert (page.status, page.path) == (200, customer.path)
    assert "Tout est réservé pour vous" in page.text
    assert customer.number in page.text


async def test_without_a_session_the_page_asks_for_number_and_address(customer: Customer) -> None:
    page = await customer.get(customer.path)
    assert page.path == "/find"
    assert page.forms[0].fields["number"] == customer.number


async def test_number_and_code_let_in(customer: Customer) -> None:
    page = await customer.get("/find")
    sent = await customer.send(page, number=customer.number.lower().replace("-", " "), email="ADA@example.com")
    assert sent.status == 200, sent.text
    opened = await customer.send(sent, code=await customer.code())
    assert (opened.status, opened.path) == (200, customer.path)


async def test_leaving_ends_the_session(customer: Customer) -> None:
    page = await customer.enter()
    left = await customer.send(page, form=-1)
    assert left.path == "/find"
    assert (await customer.get(customer.path)).path == "/find"
