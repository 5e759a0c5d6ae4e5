"""The page tells all there is about an order: its lines, its money, what happened, and what cannot be changed."""

import msgspec
import pytest
from tests.notifications.messages.occasions import PARIS, placed, plain
from tests.portal.browsing import Customer, open_customer
from tests.scenario import NOW
from tests.web.builders import Api, order

from aftercart.inventory.model import Stage
from aftercart.orders.model import DEFAULT_POLICY, ChangeKind, Order
from aftercart.sentences.voice import voice_for
from aftercart.views.timeline import RecordedEvent
from aftercart.web.portal.consequences import meaning_of
from aftercart.web.portal.possible import possible_changes
from aftercart.web.portal.told import told_events


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


def test_a_line_that_has_left_says_so_while_others_can_be_changed() -> None:
    shipped: Order = placed("1 QUAI W1 shipped 1", "2 GIVRE W1 reserved 2", touched_at=NOW)
    assert {entry.stage for entry in shipped.units} == {Stage.SHIPPED, Stage.RESERVED}
    voice = voice_for("en-GB", zone=PARIS)
    possible = possible_changes(shipped, voice, now=NOW, policy=DEFAULT_POLICY)
    since = "We began to prepare your order on Monday, 2 March 2026 at 10:00 (Paris time)."
    assert {line: plain(why) for line, why in possible.why_by_line.items()} == {
        1: f"It is too late: your items are shipped already. {since}"
    }
    assert [link.label for link in possible.by_line[2]] == ["Quantity", "Other size or color", "Take out"]
    untouched = msgspec.structs.replace(shipped, units=placed().units)
    assert possible_changes(untouched, voice, now=NOW, policy=DEFAULT_POLICY).why_by_line == {}


@pytest.mark.parametrize(
    ("locale", "note"),
    [
        ("en", "Already in our hands: we take it out before your parcel leaves."),
        ("fr", "Déjà entre nos mains : nous le retirons avant le départ de votre colis."),
    ],
)
def test_what_lies_in_hand_can_be_taken_out_and_says_that_it_is_pulled_out(locale: str, note: str) -> None:
    packed: Order = placed("1 QUAI W1 packed 1", "2 GIVRE W1 reserved 2")
    possible = possible_changes(packed, voice_for(locale, zone=PARIS), now=NOW, policy=DEFAULT_POLICY)
    assert {plain(link.note) for link in possible.by_line[1]} == {note}
    assert {link.note for link in possible.by_line[2]} == {""}
    assert plain(possible.whole[-1].note) == note


def test_what_a_change_means_says_what_is_pulled_out() -> None:
    before: Order = placed("1 QUAI W1 packed 1", "2 GIVRE W1 reserved 2")
    after: Order = placed("1 QUAI W1 intercepted 1", "2 GIVRE W1 reserved 2")
    meaning = meaning_of(before, after, voice_for("en", zone=PARIS), change=ChangeKind.CANCEL_LINES)
    assert meaning.sentences[0] == (
        "Already being prepared: Baskets Quai, noir. We take out what you no longer want before your parcel leaves, "
        "and you do not pay for it."
    )
    untouched: Order = placed("1 QUAI W1 canceled 1", "2 GIVRE W1 reserved 2")
    assert not any(
        "prepared" in one
        for one in meaning_of(
            placed(), untouched, voice_for("en", zone=PARIS), change=ChangeKind.CANCEL_LINES
        ).sentences
    )


def test_the_timeline_says_that_what_was_canceled_was_in_preparation_already() -> None:
    def happened(target: str) -> RecordedEvent:
        moves = [{"line": 1, "sku": "QUAI", "location": "W1", "quantity": 1, "source": "packed", "target": target}]
        data = {"moves": moves, "lines": [{"line": 1, "quantity": 1}], "reason": "other"}
        return RecordedEvent(
            seq=2, type="LinesCanceled", at=NOW, actor="ada", data=msgspec.Raw(msgspec.json.encode(data))
        )

    told = told_events(placed(), (happened("intercepted"), happened("canceled")), voice_for("en", zone=PARIS))
    assert [one.sentence for one in told] == [
        "Taken out: 1 × Baskets Quai, noir.",
        "Taken out: 1 × Baskets Quai, noir. It was being prepared already: we take it out of the parcel.",
    ]
