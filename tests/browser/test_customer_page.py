"""Customers change their order on its page, from the mail to the mail, with a phone or a keyboard, without scripts."""

import re
from collections.abc import Generator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.browser.shopper import Shopper, code_from_mail, mail_in, open_order_from_mail
from tests.browser.visitor import (
    DESKTOP,
    LOOKS,
    PHONE,
    Device,
    Look,
    is_wider_than_its_window,
    violations,
    visiting,
)
from tests.server import RunningServer

PAIRS = (
    PHONE,
    DESKTOP,
    Look(Device.PHONE, "en", "dark"),
    Look(Device.DESKTOP, "fr", "dark"),
)
"""Every two of size, language and colors together once."""
DARK = Look(Device.PHONE, "en", "dark")


@pytest.fixture(scope="module")
def zoe(demo: RunningServer) -> Generator[Shopper]:
    with Shopper(demo) as shopper:
        yield shopper


@pytest.fixture
def phone(browser: Browser, demo: RunningServer) -> Generator[Page]:
    with visiting(browser, demo.address, PHONE) as page:
        yield page


def button(page: Page) -> Locator:
    """Returns the button that goes on."""
    return page.locator("main form .actions button")


def confirm(page: Page, number: str) -> None:
    """Goes on from what a change means, with the code that is mailed."""
    button(page).click()
    page.get_by_label(re.compile("^Code")).fill(code_from_mail(page, number))
    button(page).click()
    page.wait_for_url(f"**/orders/{number}?done=*")


def test_zoe_exchanges_her_shoes_on_the_phone(phone: Page, zoe: Shopper) -> None:
    number = zoe.order()
    page = open_order_from_mail(phone, number, "confirmée")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tout est réservé pour vous")
    page.get_by_role("link", name="Autre taille ou couleur").click()
    page.get_by_label("Baskets en toile Quai, noir, 43").check()
    button(page).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Est-ce bien ce que vous voulez ?")
    expect(page.locator("dl.differences")).to_contain_text("Baskets en toile Quai, noir, 43")
    expect(page.locator("main")).to_contain_text("Le prix reste le même.")
    assert [line["sku"] for line in zoe.stored(number)["lines"]] == ["QUAI-NOIR-42"]
    confirm(page, number)
    expect(page.get_by_role("status")).to_contain_text("C'est fait.")
    expect(page.locator(".timeline")).to_contain_text("contre Baskets en toile Quai, noir, 43")
    assert [line["sku"] for line in zoe.stored(number)["lines"]] == ["QUAI-NOIR-42", "QUAI-NOIR-43"]
    mail_in(phone, number, "modifiée")


def test_a_wrong_postcode_is_told_at_its_field_and_a_right_one_taken(phone: Page, zoe: Shopper) -> None:
    number = zoe.order()
    phone.goto(zoe.link(number))
    phone.get_by_role("link", name="L'envoyer à une autre adresse").click()
    phone.get_by_label("Code postal").fill("7500")
    phone.get_by_label("Numéro et rue").fill("4 impasse du Colombier")
    button(phone).click()
    wrong = phone.get_by_label("Code postal")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(wrong).to_have_accessible_description(re.compile("il nous faut un code postal de FR"))
    expect(phone.get_by_label("Numéro et rue")).to_have_value("4 impasse du Colombier")
    phone.get_by_role("alert").get_by_role("link").click()
    expect(wrong).to_be_focused()
    wrong.fill("59800")
    phone.get_by_label("Ville").fill("Lille")
    button(phone).click()
    confirm(phone, number)
    expect(phone.locator("main")).to_contain_text("4 impasse du Colombier, 59800 Lille")


def test_an_order_is_canceled_in_english(browser: Browser, demo: RunningServer, zoe: Shopper) -> None:
    number = zoe.order(language="en")
    with visiting(browser, demo.address, DESKTOP) as page:
        page.goto(zoe.link(number))
        page.get_by_role("link", name="Cancel the whole order").click()
        page.get_by_label("It would have come too late").check()
        button(page).click()
        expect(page.locator("main")).to_contain_text("nothing is charged")
        confirm(page, number)
        expect(page.get_by_role("heading", level=1)).to_have_text("This order is canceled")
        mail_in(page, number, "canceled")
    assert zoe.stored(number)["status"] == "canceled"


def test_a_colleague_without_the_link_gets_in_with_number_and_code(phone: Page, zoe: Shopper) -> None:
    number = zoe.order()
    phone.goto(f"/orders/{number}")
    expect(phone.get_by_label("Numéro de commande")).to_have_value(number)
    phone.get_by_label("Adresse électronique").fill(zoe.email(number))
    button(phone).click()
    phone.get_by_label("Code reçu par message").fill(code_from_mail(phone, number))
    button(phone).click()
    phone.wait_for_url(f"**/orders/{number}")


def test_what_is_being_made_says_why_it_stays_and_what_is_possible(phone: Page, zoe: Shopper) -> None:
    number = zoe.order("ETABLI-CHENE-180", payment={"method": "card", "authorized": eur(100_000)})
    zoe.change(number, "start-production", {"line": 1})
    phone.goto(zoe.link(number))
    phone.locator("details").last.locator("summary").click()
    closed = phone.locator(".closed li").filter(has_text="Annuler toute la commande")
    expect(closed).to_contain_text("C'est trop tard")
    closed.get_by_role("link", name="Commander à nouveau la même chose").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Commander à nouveau la même chose")


def eur(minor_units: int) -> dict[str, Any]:
    return {"minor_units": minor_units, "currency": "EUR"}


def test_what_is_there_may_come_first(phone: Page, zoe: Shopper) -> None:
    number = zoe.order("VERCORS-ECRU-M", "GIVRE-ECRU")
    phone.goto(zoe.link(number))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Une partie doit encore arriver")
    phone.get_by_role("link", name="Recevoir ce qui est là, et le reste plus tard").click()
    button(phone).click()
    confirm(phone, number)
    assert zoe.stored(number)["split_accepted"] is True


def test_an_order_goes_to_a_pickup_point_and_to_another_one(phone: Page, zoe: Shopper) -> None:
    number = zoe.order()
    phone.goto(zoe.link(number))
    phone.get_by_role("link", name="La livrer autrement").click()
    phone.locator('input[value="mondial-relay-point"]').check()
    button(phone).click()
    expect(phone.locator("dl.differences")).to_contain_text("Point de retrait")
    confirm(phone, number)
    first = zoe.stored(number)["delivery"]["pickup_point"]
    phone.get_by_role("link", name="La retirer ailleurs").click()
    phone.get_by_label("Chercher près d'un autre code postal").fill("69003")
    phone.get_by_role("button", name="Chercher là").click()
    phone.get_by_label("Café de la Gare").first.check()
    button(phone).click()
    button(phone).click()  # the code from before still counts
    phone.wait_for_url(f"**/orders/{number}?done=*")
    assert zoe.stored(number)["delivery"]["pickup_point"] != first


def test_a_whole_change_needs_nothing_but_a_keyboard(browser: Browser, demo: RunningServer, zoe: Shopper) -> None:
    number = zoe.order()
    with visiting(browser, demo.address, DESKTOP) as page:
        page.goto(zoe.link(number))
        tab_to(page, "Quantité : Baskets en toile Quai, noir, 42")
        page.keyboard.press("Enter")
        page.wait_for_url("**/change/change-line-quantity*")
        tab_to(page, "Quantité")
        page.keyboard.press("Control+A")
        page.keyboard.type("2")
        page.keyboard.press("Enter")
        page.wait_for_url("**/preview")
        tab_to(page, "Continuer")
        page.keyboard.press("Enter")
        page.wait_for_url("**/confirm")
        code = code_from_mail(page, number)
        page.bring_to_front()
        tab_to(page, "Code reçu par message")
        page.keyboard.type(code)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/orders/{number}?done=*")
    assert zoe.stored(number)["lines"][0]["quantity"] == 2


def tab_to(page: Page, name: str) -> None:
    """Goes with the tabulator to what is called so, and checks that the place can be seen."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(NAME_OF_FOCUS) == name:
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
            return
    raise AssertionError(f"{name} cannot be reached by keyboard")


NAME_OF_FOCUS = """() => {
    const focused = document.activeElement
    const label = focused.labels && focused.labels[0]
    return (label || focused).textContent.replace(/\\s+/g, " ").trim()
}"""


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_order_is_for_everybody(browser: Browser, demo: RunningServer, zoe: Shopper, look: Look) -> None:
    number = zoe.order("VERCORS-ECRU-M", "GIVRE-ECRU", language=look.language)
    with visiting(browser, demo.address, look) as page:
        page.goto(zoe.link(number))
        for details in page.locator("details summary").all():
            details.click()
        require_for_everybody(page, look)


@pytest.mark.parametrize("look", PAIRS, ids=str)
def test_every_other_page_is_for_everybody(browser: Browser, demo: RunningServer, zoe: Shopper, look: Look) -> None:
    number = zoe.order("VERCORS-ECRU-M", "GIVRE-ECRU", language=look.language)
    order = f"/orders/{number}"
    with visiting(browser, demo.address, look) as page:
        page.goto(zoe.link(number))
        for path in ("change-delivery-method", "swap-variant?line=1", "add-line", "change-pickup-point", "nothing"):
            page.goto(f"{order}/change/{path}")
            require_for_everybody(page, look)
        page.goto(f"{order}/change/change-delivery-address")
        page.locator("#postcode").fill("1")
        button(page).click()
        require_for_everybody(page, look)
        page.locator("#postcode").fill("69003")
        button(page).click()
        require_for_everybody(page, look)
        button(page).click()
        require_for_everybody(page, look)
        button(page).click()
        require_for_everybody(page, look)
        page.goto(f"{order}/change/order-again")
        button(page).click()
        require_for_everybody(page, look)
        page.goto("/find")
        button(page).click()
        require_for_everybody(page, look)
        page.locator("#number").fill(number)
        page.locator("#email").fill("somebody@example.com")
        button(page).click()
        require_for_everybody(page, look)
        for path in ("/o/unknown", "/nowhere"):
            page.goto(path)
            require_for_everybody(page, look)


def require_for_everybody(page: Page, look: Look) -> None:
    """Expects a page without a violation, in the reader's language, as narrow as its window."""
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang") == look.language
    assert violations(page) == []
    assert not is_wider_than_its_window(page), page.url


@pytest.mark.parametrize("width", [320, 256])
def test_the_page_can_be_zoomed(width: int, browser: Browser, demo: RunningServer, zoe: Shopper) -> None:
    """A window of 1280 pixels at 400 % is one of 320; below that people still read."""
    number = zoe.order("VERCORS-ECRU-M", "GIVRE-ECRU")
    with visiting(browser, demo.address, DARK) as page:
        page.set_viewport_size({"width": width, "height": 600})
        page.goto(zoe.link(number))
        assert not is_wider_than_its_window(page)
        for path in ("change-delivery-method", "change-delivery-address", "cancel-order"):
            page.goto(f"/orders/{number}/change/{path}")
            assert not is_wider_than_its_window(page), path


def test_what_can_be_touched_is_large_enough(phone: Page, zoe: Shopper) -> None:
    number = zoe.order()
    for path in (zoe.link(number), f"/orders/{number}/change/cancel-order", "/find"):
        phone.goto(path)
        small = [
            (place.inner_text(), box)
            for place in phone.locator("main button, main summary, main .rows a, main .line-changes a, header a").all()
            if (box := place.bounding_box()) is not None and min(box["height"], box["width"]) < 43.9
        ]
        assert small == []
