"""A change needs a fresh code from the mailbox of its own order, happens once, and only as it was shown."""

import asyncio
from datetime import timedelta

import pytest
from tests.portal.browsing import Customer, Page, open_customer
from tests.web.builders import Api

from aftercart.access.model import CodePurpose
from aftercart.access.rules.derived_secrets import customer_code
from aftercart.customer_access import request_code
from aftercart.kit.clock import SimulatedClock
from aftercart.permissions import SYSTEM
from aftercart.web.portal.sessions import PROOF_LIFETIME


async def canceling(customer: Customer) -> Page:
    """Returns the page that shows what canceling means."""
    await customer.enter()
    return await customer.send(await customer.get(f"{customer.path}/change/cancel-order"))


def later(customer: Customer, wait: timedelta) -> None:
    clock = customer.api.shop.clock
    assert isinstance(clock, SimulatedClock)
    clock.advance_to(clock.now() + wait)


async def is_untouched(customer: Customer) -> bool:
    return (await customer.stored())["status"] == "confirmed"


async def test_nothing_happens_without_a_code(customer: Customer) -> None:
    page = await customer.send(await canceling(customer))
    for code in ("", "00000000", "not a code"):
        wrong = await customer.send(page, code=code)
        assert wrong.status == 422
        assert "Ce code ne fonctionne pas" in wrong.text
    assert await is_untouched(customer)


async def test_a_code_for_looking_does_not_confirm(customer: Customer) -> None:
    page = await customer.send(await canceling(customer))
    shop = customer.api.shop
    requested = await request_code(shop, customer.order_id, CodePurpose.SIGN_IN, SYSTEM)
    code = customer_code(shop.surroundings.secret, requested.code_id)
    assert (await customer.send(page, code=code)).status == 422
    assert await is_untouched(customer)


async def test_what_was_proven_for_one_order_is_worth_nothing_for_another(api: Api, customer: Customer) -> None:
    async with open_customer(api) as other:
        proven = await customer.send(await canceling(customer))
        await customer.send(proven, code=await customer.code())
        asked = await other.send(await canceling(other))
        foreign = proven.forms[0].fields
        for name in ("sent", "wish"):
            answer = await other.post(asked.forms[0].action, asked.forms[0].fields | {name: foreign[name], "code": "1"})
            assert answer.status == 403
        assert await is_untouched(other)


async def test_a_wish_confirms_the_change_it_was_shown_for_and_no_other(customer: Customer) -> None:
    preview = await canceling(customer)
    fields = preview.forms[0].fields
    answer = await customer.post(f"{customer.path}/change/accept-split/confirm", fields)
    assert answer.status == 403
    tampered = await customer.post(preview.forms[0].action, {**fields, "wish": f"x{fields['wish']}"})
    assert tampered.status == 403


@pytest.mark.parametrize(("wait", "asks"), [(PROOF_LIFETIME - timedelta(seconds=1), False), (PROOF_LIFETIME, True)])
async def test_a_code_proves_for_a_quarter_of_an_hour(wait: timedelta, asks: bool, customer: Customer) -> None:  # noqa: FBT001
    await customer.enter()
    gift = await customer.send(
        await customer.get(f"{customer.path}/change/add-gift-message"), message="Joyeux anniversaire"
    )
    await customer.send(await customer.send(gift), code=await customer.code())
    later(customer, wait)
    preview = await customer.send(await customer.get(f"{customer.path}/change/cancel-order"))
    page = await customer.send(preview)
    assert ("Confirmer avec le code" in page.text) == asks
    assert await is_untouched(customer) == asks


async def test_a_code_page_left_open_for_too_long_is_over(customer: Customer) -> None:
    page = await customer.send(await canceling(customer))
    code = await customer.code()
    later(customer, timedelta(minutes=15))
    assert (await customer.send(page, code=code)).status == 403
    assert await is_untouched(customer)


async def test_clicking_twice_asks_for_one_code_and_cancels_once(customer: Customer) -> None:
    preview = await canceling(customer)
    pages = await asyncio.gather(customer.send(preview), customer.send(preview))
    page = next(page for page in pages if page.status == 200)
    code = await customer.code()
    ends = await asyncio.gather(customer.send(page, code=code), customer.send(page, code=code))
    assert {end.path for end in ends} == {customer.path}
    assert (await customer.stored())["version"] == 2
    rows = await customer.api.shop.database.rows("SELECT count(*) FROM access.customer_codes")
    assert rows == [(1,)]


async def test_what_is_different_by_now_is_shown_again_and_needs_no_other_code(customer: Customer) -> None:
    await customer.enter()
    form = await customer.get(f"{customer.path}/change/change-line-quantity?line=1")
    page = await customer.send(await customer.send(form, quantity="1"))
    await customer.api.post(
        f"/v1/orders/{customer.order_id}/add-line", {"sku": "S41", "quantity": 1, "price": "current"}
    )
    again = await customer.send(page, code=await customer.code())
    assert "Quelque chose a changé entre-temps." in again.text
    assert (await customer.stored())["lines"][0]["quantity"] == 2
    done = await customer.send(again)
    assert done.path == customer.path
    assert (await customer.stored())["lines"][0]["quantity"] == 1


async def test_so_many_codes_and_no_more(customer: Customer) -> None:
    page = await customer.send(await canceling(customer))
    for _ in range(4):
        page = await customer.send(page, form=1)
        assert page.status == 200
    refused = await customer.send(page, form=1)
    assert refused.status == 429
    assert "Plus de codes pour l'instant" in refused.text
