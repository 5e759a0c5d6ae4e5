"""What customers read: everything that matters to them, in their language, and nothing that is not so."""

from datetime import timedelta

import msgspec
import pytest
from tests.notifications.messages.occasions import (
    CANCELED,
    FEWER,
    HOME,
    LATE,
    LILLE,
    LINK,
    PAID,
    UNPAID,
    WAITING,
    changed,
    confirmed,
    happened,
    placed,
    plain,
    said,
    write,
)
from tests.scenario import NOW, line, order

from aftercart.kit.address import Address
from aftercart.notifications.messages.kinds import MESSAGES, MessageKind, message_kind
from aftercart.orders.model import CancellationReason, Order


def test_a_confirmation_recaps_the_whole_order() -> None:
    recap = confirmed(PAID).recap
    assert recap is not None
    assert [(item.name, plain(item.amount)) for item in recap.items] == [
        ("Baskets Quai, noir", "73,90 €"),
        ("Bonnet Givre", "45,00 €"),
    ]
    assert [plain(detail) for detail in recap.items[1].details] == [
        "2 × 25,00 €",
        "Remise : -5,00 €",
        "Message cadeau : « Pour toi »",
    ]
    rows = [*recap.sums, recap.total, *recap.taxes, *recap.facts]
    assert [(plain(row.label), plain(row.value)) for row in rows] == [
        ("Articles", "123,90 €"),
        ("Remise", "-5,00 €"),
        ("Livraison", "4,90 €"),
        ("Total", "123,80 €"),
        ("dont TVA 5,5 %", "2,44 €"),
        ("dont TVA 20 %", "12,83 €"),
        ("Passée le", "lundi 2 mars 2026 à 10:00 (heure de Paris)"),
        ("Livraison", "Colissimo à domicile"),
        ("Date prévue", "jeudi 5 mars 2026"),
        ("Adresse de livraison", "Camille Roussel, 18 rue des Glycines, 69003 Lyon, France"),
        ("Paiement", "Carte bancaire"),
    ]


def test_a_confirmation_to_a_pickup_point_says_which_and_that_it_is_free() -> None:
    collected = {"method": "store-pickup", "address": None, "pickup_point": "PARIS-11", "price_minor": 0}
    recap = confirmed(placed(delivery={**collected, "promised_date": None}, billing_address=HOME)).recap
    assert recap is not None
    facts = {row.label: row.value for row in (*recap.sums, *recap.facts)}
    assert facts["Point de retrait"] == "PARIS-11"
    assert facts["Date prévue"] == "Nous vous donnerons la date dès que nous la connaîtrons."
    assert facts["Adresse de facturation"].endswith("Lyon, France")
    assert "offerte" in [row.value for row in recap.sums]


def test_an_unpaid_order_says_what_is_missing() -> None:
    assert "Il reste 123,80 € à régler." in said(confirmed(UNPAID))


def test_a_change_says_what_was_before_and_is_now() -> None:
    letter = changed(PAID, msgspec.structs.replace(FEWER, delivery=placed(delivery={"address": LILLE}).delivery))
    assert [(one.what, plain(one.before), plain(one.after)) for one in letter.differences] == [
        ("Quantité de Bonnet Givre", "2", "1"),
        (
            "Adresse de livraison",
            "Camille Roussel, 18 rue des Glycines, 69003 Lyon, France",
            "Camille Roussel, 4 impasse du Colombier, 59800 Lille, France",
        ),
        ("Total", "123,80 €", "101,30 €"),
    ]
    assert "Sur les 123,80 € que vous avez autorisés, 22,50 € ne seront pas débités." in said(letter)
    assert "Ce changement ne vient pas de vous" in letter.small_print[0]


def test_a_change_may_be_of_anything_the_customer_cares_about() -> None:
    after = placed(
        "1 QUAI W1 canceled 1",
        "2 GIVRE W1 reserved 2",
        delivery={"method": "mondial-relay-point", "address": None, "pickup_point": "P-7", "price_minor": 390},
        customer={"email": "new@example.com", "name": "C. Roussel", "phone": "+33 1", "locale": "fr"},
        payment={"method": "giftcard", "authorized_minor": 12_380},
    )
    told = {one.what: (plain(one.before), plain(one.after)) for one in changed(PAID, after).differences}
    assert told == {
        "Quantité de Baskets Quai, noir": ("1", "retiré"),
        "Nom": ("Camille Roussel", "C. Roussel"),
        "Adresse électronique": ("camille@example.com", "new@example.com"),
        "Téléphone": ("aucun", "+33 1"),
        "Livraison": ("Colissimo à domicile", "Point Mondial Relay"),
        "Adresse de livraison": ("Camille Roussel, 18 rue des Glycines, 69003 Lyon, France", "aucun"),
        "Point de retrait": ("aucun", "P-7"),
        "Paiement": ("Carte bancaire", "giftcard"),
        "Prix de la livraison": ("4,90 €", "3,90 €"),
        "Total": ("123,80 €", "48,90 €"),
    }


def test_a_new_line_and_a_new_gift_message_are_changes_too() -> None:
    before = order("1 A W1 reserved 1")
    after = order("1 A W1 reserved 1", "2 B W1 reserved 3")
    wrapped = msgspec.structs.replace(after.lines[0], gift_message="Bravo")
    after = msgspec.structs.replace(after, lines=(wrapped, after.lines[1]))
    told = [(one.what, one.before, one.after) for one in changed(before, after).differences]
    assert told[:2] == [("Message cadeau de Thing A", "aucun", "Bravo"), ("Quantité de Thing B", "0", "3")]


def test_a_change_that_costs_more_than_is_authorized_says_until_when() -> None:
    hold = ({"reason": "payment", "since": NOW, "expires_at": NOW + timedelta(days=7)},)
    letter = changed(PAID, placed(delivery={"price_minor": 990}, holds=hold, release_at=None))
    assert "Il reste 5,00 € à régler : le total dépasse le montant que vous avez autorisé (123,80 €)." in said(letter)
    assert "Sans paiement d'ici le lundi 9 mars 2026 à 10:00 (heure de Paris), la commande est annulée." in said(letter)


def test_a_change_that_shows_in_no_comparison_is_told_as_on_the_timeline() -> None:
    event = happened("LineQuantityChanged", line=1, previous_quantity=1, quantity=1)
    letter = changed(PAID, PAID, events=(event,))
    assert letter.differences == ()
    assert "Le prix de la ligne 1 a changé." in letter.sentences


@pytest.mark.parametrize("reason", list(CancellationReason))
def test_a_cancellation_says_what_does_not_come_why_and_what_it_means_for_the_money(
    reason: CancellationReason,
) -> None:
    event = happened("OrderCanceled", reason=reason.value)
    letter = write(MessageKind.ORDER_CANCELED, before=PAID, after=CANCELED, events=(event,))
    assert "1 × Baskets Quai, noir 2 × Bonnet Givre" in said(letter)
    assert "Rien n'est débité des 123,80 € que vous avez autorisés." in said(letter)
    unpaid = reason is CancellationReason.PAYMENT_NOT_RECEIVED
    assert ("Nous n'avons pas reçu votre paiement" in said(letter)) is unpaid
    assert ("Motif : " in said(letter)) is not unpaid
    assert letter.recap is None


def test_what_lies_in_hand_is_said_to_be_pulled_out_and_not_paid() -> None:
    packed = placed("1 QUAI W1 packed 1", "2 GIVRE W1 reserved 2")
    fewer = placed("1 QUAI W1 intercepted 1", "2 GIVRE W1 reserved 2")
    none = placed("1 QUAI W1 intercepted 1", "2 GIVRE W1 canceled 2", release_at=None)
    sentence = "Déjà en préparation : Baskets Quai, noir. Nous retirons ce que vous ne voulez plus"
    assert sentence in said(changed(packed, fewer))
    assert sentence in said(write(MessageKind.ORDER_CANCELED, before=packed, after=none))
    assert sentence not in said(changed(PAID, FEWER))
    assert sentence not in said(write(MessageKind.ORDER_CANCELED, before=PAID, after=CANCELED))


def test_an_order_that_was_never_paid_has_nothing_to_give_back() -> None:
    canceled = msgspec.structs.replace(CANCELED, payment=UNPAID.payment)
    letter = write(MessageKind.ORDER_CANCELED, before=UNPAID, after=canceled)
    assert "il n'y a rien à rembourser" in said(letter)


def test_a_delay_says_the_old_day_the_new_one_why_and_what_is_possible() -> None:
    missing = happened("UnitsMissing", location="LYON", quantity=1, sku="QUAI")
    letter = write(MessageKind.ORDER_DELAYED, before=PAID, after=LATE, events=(missing,))
    assert plain(letter.subject) == "Votre commande K41VT-MWZW8 arrivera plus tard : jeudi 12 mars 2026"
    told = said(letter)
    assert "annoncé : jeudi 5 mars 2026. Nous la prévoyons désormais : jeudi 12 mars 2026." in told
    assert "attendre, modifier votre commande ou l'annuler" in told
    assert "Introuvable à LYON : 1 de Baskets Quai, noir" in told


def test_a_delay_of_what_was_never_promised_names_no_old_day() -> None:
    unpromised = placed(delivery={"promised_date": None})
    assert "annoncé" not in said(write(MessageKind.ORDER_DELAYED, before=unpromised, after=LATE))
    lost = write(MessageKind.ORDER_DELAYED, before=PAID, after=WAITING)
    assert "Nous ne savons pas encore quand elle arrivera" in said(lost)


@pytest.mark.parametrize(
    ("before", "after", "subject"),
    [
        (PAID, LATE, "arrivera plus tard : jeudi 12 mars 2026"),
        (LATE, PAID, "arrivera plus tôt : jeudi 5 mars 2026"),
        (WAITING, PAID, "est prévue : jeudi 5 mars 2026"),
        (PAID, WAITING, "la date est de nouveau ouverte"),
    ],
    ids=["later", "sooner", "known now", "not known any more"],
)
def test_a_promise_that_moves_says_how(before: Order, after: Order, subject: str) -> None:
    assert plain(write(MessageKind.ORDER_DELAYED, before=before, after=after).subject).endswith(subject)


def test_a_date_that_is_open_again_is_told_nowhere_as_if_it_still_stood() -> None:
    open_again = "Nous vous donnerons la date dès que nous la connaîtrons."
    for letter in (write(MessageKind.ORDER_DELAYED, before=PAID, after=WAITING), confirmed(WAITING)):
        assert letter.recap is not None
        assert {row.label: row.value for row in letter.recap.facts}["Date prévue"] == open_again
        assert "5 mars" not in said(letter)
    told = {one.what: (plain(one.before), one.after) for one in changed(PAID, WAITING).differences}
    assert told == {"Date prévue": ("jeudi 5 mars 2026", open_again)}


def test_work_that_began_is_named() -> None:
    letter = write(
        MessageKind.PRODUCTION_STARTED, before=PAID, after=PAID, events=(happened("ProductionStarted", line=1),)
    )
    assert "ne peut plus être modifiée ni annulée. Baskets Quai, noir" in said(letter)


def test_a_slot_a_place_and_fees_are_told() -> None:
    relay = {**HOME, "name": "Le Fil"}
    evening = NOW.replace(hour=17)
    after = placed(fees=({"change": "add_line", "amount_minor": 300},), gift_message="Bravo")
    place = msgspec.convert(relay, Address)
    collected = msgspec.structs.replace(after.delivery, address=None, pickup_point="P1", place=place, slot_at=evening)
    after = msgspec.structs.replace(after, delivery=collected)
    told = {one.what: (plain(one.before), plain(one.after)) for one in changed(PAID, after).differences}
    assert told["Point de retrait"] == ("aucun", "Le Fil, 18 rue des Glycines, 69003 Lyon, France")
    assert told["Créneau de livraison, à partir de"][1] == "lundi 2 mars 2026 à 18:00 (heure de Paris)"
    assert told["Frais de modification"] == ("aucun", "3,00 €")
    assert told["Message cadeau"] == ("aucun", "Bravo")


def test_lines_of_the_same_name_are_all_canceled() -> None:
    twice = (line(1, "A", 2, name="Bonnet"), line(2, "A", 1, name="Bonnet"))
    before = order("1 A W1 reserved 2", "2 A W1 reserved 1", lines=twice)
    after = order("1 A W1 canceled 2", "2 A W1 canceled 1", lines=twice)
    event = happened("OrderCanceled", reason="other")
    letter = write(MessageKind.ORDER_CANCELED, before=before, after=after, events=(event,))
    assert letter.sections[0].sentences == ("2 × Bonnet", "1 × Bonnet")


def test_a_code_stands_alone() -> None:
    event = happened("CustomerCodeRequested", purpose="confirm_change", expires_at="2026-03-02T09:15:00Z")
    letter = write(MessageKind.CUSTOMER_CODE, before=PAID, after=PAID, events=(event,), code="12345678")
    assert (letter.code, letter.link, letter.recap) == ("12345678", None, None)
    assert "jusqu'au lundi 2 mars 2026 à 10:15" in said(letter)
    assert "Ne le donnez jamais" in letter.small_print[0]


def test_a_link_is_told_to_be_personal() -> None:
    letter = confirmed(PAID)
    assert letter.link == LINK
    assert any("Ce lien vous est personnel" in sentence for sentence in letter.small_print)


def test_of_the_events_of_one_command_the_weightiest_is_written_about() -> None:
    assert message_kind(["LinesCanceled", "OrderCanceled"]) is MessageKind.ORDER_CANCELED
    assert message_kind(["BackorderReserved", "LineQuantityChanged"]) is MessageKind.ORDER_CHANGED
    assert message_kind(["StockReceived"]) is None
    assert message_kind(event.__name__ for event in MESSAGES) is MessageKind.CUSTOMER_CODE
