"""The page tells all there is about an order: its lines, its money, what happened, and what cannot be changed."""

import msgspec
from tests.notifications.messages.occasions import PARIS, placed
from tests.portal.browsing import Customer, open_customer
from tests.scenario import NOW
from tests.web.builders import Api, order

from aftercart.inventory.model import Stage
from aftercart.orders.model import DEFAULT_POLICY, Order
from aftercart.sentences.voice import voice_for
from aftercart.web.portal.possible import possible_changes


async def test_the_page_is_read_in_three_round_trips(customer: Customer, work: list[str]) -> None:
    await customer.enter()
    work.clear()
    assert (await customer.get(customer.path)).status == 200
    assert len(work) == 3


async def test_what_happened_is_told_by_name(customer: Customer) -> None:
    changes = {
        "change-line-quantity": {"line": 1, "quantity": 3},
        "add-line": {"sku": "S41", "quantity": 1, "price": "current"},
        "swap-variant": {"line": 1, "sku": "S43", "quantity": 1},
        "cancel-lines": {"lines": [{"line": 2}], "reason": "changed_mind"},
        "change-payment-method": {"method": "paypal"},
        "change-contact": {"name": "Ada King"},
        "add-gift-message": {"message": "Pour toi"},
        "release-order": {},
    }
    for change, body in changes.items():
        answer = await customer.api.post(f"/v1/orders/{customer.order_id}/{change}", body)
        assert answer.status_code == 200, answer.text
    page = await customer.enter()
    for told in (
        "Vous avez passé cette commande.",
        "Shoe 42 : 3 au lieu de 2.",
        "Ajouté : 1 × Shoe 41.",
        "Échangé : 1 × Shoe 42 contre Shoe 43.",
        "Retiré : 1 × Shoe 41.",
        "Le paiement se fait désormais par : PayPal.",
        "Votre commande a été remise à la préparation.",
        "Votre commande est à l'entrepôt",
        "La préparation de votre commande peut commencer à tout moment.",
    ):
        assert told in page.text, told


async def test_a_promise_tells_how_it_was_counted(api: Api) -> None:
    wish = order()
    wish["delivery"] = {"method": "colissimo-home", "address": wish["delivery"]["address"]}
    async with open_customer(api, **wish) as customer:
        page = await customer.enter()
        assert "Comment nous comptons" in page.text
        assert "mercredi 4 mars à jeudi 5 mars" in page.text
        assert "En stock (LYON)." in page.text


def test_a_line_that_was_touched_says_so_while_others_can_be_changed() -> None:
    picked: Order = placed("1 QUAI W1 picked 1", "2 GIVRE W1 reserved 2")
    assert {entry.stage for entry in picked.units} == {Stage.PICKED, Stage.RESERVED}
    voice = voice_for("en", zone=PARIS)
    possible = possible_changes(picked, voice, now=NOW, policy=DEFAULT_POLICY)
    assert possible.why_by_line == {1: "It is too late: your items are picked already."}
    assert [link.label for link in possible.by_line[2]] == ["Quantity", "Other size or color", "Take out"]
    untouched = msgspec.structs.replace(picked, units=placed().units)
    assert possible_changes(untouched, voice, now=NOW, policy=DEFAULT_POLICY).why_by_line == {}
