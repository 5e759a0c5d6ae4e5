"""What customers read about until when they can change their order, and about what has arrived of it."""

from typing import Any

import msgspec
import pytest
from tests.notifications.messages.occasions import (
    CANCELED,
    PAID,
    PICKED,
    SHIPPED,
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
from tests.scenario import CUTOFF, NOW, line, order

from aftercart.notifications.messages.kinds import MessageKind
from aftercart.notifications.messages.letter import Letter
from aftercart.orders.model import Grain, Hold, HoldReason, Order, Policy


@pytest.mark.parametrize(
    ("order", "subject", "clock"),
    [
        (PAID, "est confirmée", "jusqu'au lundi 2 mars 2026 à 13:30 (heure de Paris)"),
        (WAITING, "des articles doivent encore arriver", "des articles doivent arriver"),
        (UNPAID, "attend votre paiement", "Nous attendons votre paiement jusqu'au lundi 9 mars 2026 à 10:00"),
    ],
    ids=["paid", "waiting", "unpaid"],
)
def test_the_clock_is_honest(order: Order, subject: str, clock: str) -> None:
    letter = confirmed(order)
    assert subject in plain(letter.subject)
    assert clock in said(letter)


def test_the_clock_does_not_promise_what_is_over_by_now() -> None:
    assert "peut commencer à tout moment" in said(confirmed(PAID, now=CUTOFF))
    assert "Jusqu'au départ de votre colis, vous pouvez encore en retirer des articles" in said(confirmed(PICKED))
    assert "ne peut plus être modifiée" in said(confirmed(SHIPPED))
    strict = Policy(grain=Grain.ORDER)
    assert "ne peut plus être modifiée" in said(confirmed(PICKED, policy=strict))
    held = placed(holds=({"reason": "fraud_review", "since": NOW, "expires_at": None},), release_at=None)
    assert "un point doit d'abord être réglé" in said(confirmed(held))
    assert [section.title for section in changed(PAID, CANCELED).sections] == []


@pytest.mark.parametrize(
    ("ledger", "made", "clock"),
    [
        (("1 A W1 released 1",), (), "peut commencer à tout moment"),
        (("1 A W1 reserved 1",), (1,), "tant que sa fabrication n'a pas commencé"),
        (("1 A W1 in_production 1", "2 B W1 reserved 1"), (1,), "avons commencé à fabriquer"),
        (("1 A W1 reserved 1", "2 B W1 backordered 1"), (1,), "des articles doivent arriver"),
        (("1 A W1 released 1", "2 B W1 backordered 1"), (), "des articles doivent arriver"),
    ],
    ids=["released", "to be made", "being made", "waiting and to be made", "released in part"],
)
def test_without_a_hold_nothing_has_to_be_settled_first(
    ledger: tuple[str, ...], made: tuple[int, ...], clock: str
) -> None:
    numbers = range(1, len(ledger) + 1)
    lines = [line(number, "AB"[number - 1], 1, made_to_order=number in made) for number in numbers]
    waiting = order(*ledger, lines=lines, release_at=None, released_at=NOW)
    assert clock in said(confirmed(waiting))
    held = msgspec.structs.replace(waiting, holds=UNPAID.holds)
    assert "attendons votre paiement" in said(confirmed(held))
    manual = Hold(reason=HoldReason.MANUAL, since=NOW, expires_at=None)
    assert "un point doit d'abord être réglé" in said(confirmed(msgspec.structs.replace(waiting, holds=(manual,))))


def test_what_arrived_is_named_and_what_is_still_to_come() -> None:
    moves = [{"line": 2, "quantity": 1}, {"line": 2, "quantity": 1}]
    event = happened("BackorderReserved", moves=moves)
    letter = write(MessageKind.STOCK_ARRIVED, before=WAITING, after=PAID, events=(event,))
    assert "2 × Bonnet Givre" in said(letter)
    assert "est complète" in said(letter)
    part = placed("1 QUAI W1 backordered 1", "2 GIVRE W1 reserved 2", release_at=None)
    assert "Le reste doit encore arriver" in said(write(MessageKind.STOCK_ARRIVED, before=WAITING, after=part))


def arrived(before: Order, after: Order, *moves: tuple[int, int]) -> Letter:
    event = happened("BackorderReserved", moves=[{"line": number, "quantity": units} for number, units in moves])
    return write(MessageKind.STOCK_ARRIVED, before=before, after=after, events=(event,))


@pytest.mark.parametrize("reason", ["payment", "manual"])
def test_an_order_that_is_held_is_complete_only_when_nothing_of_it_waits(reason: str) -> None:
    held: dict[str, Any] = {
        "holds": ({"reason": reason, "since": NOW, "expires_at": None},),
        "release_at": None,
    }
    part = placed("1 QUAI W1 backordered 1", "2 GIVRE W1 reserved 2", **held)
    assert "Le reste doit encore arriver" in said(arrived(WAITING, part, (2, 2)))
    told = said(arrived(WAITING, placed(**held), (2, 2)))
    assert "est complète" in told
    assert "peut être préparée" not in told


def test_a_bundle_arrives_in_pieces_as_it_was_ordered() -> None:
    parts = [{"sku": "A", "quantity": 1}, {"sku": "B", "quantity": 2}]
    kit = (line(1, "KIT", 2, name="Coffret", components=parts),)
    before = order("1 A W1 backordered 2", "1 B W1 backordered 4", lines=kit)
    one = order("1 A W1 backordered 1", "1 A W1 reserved 1", "1 B W1 backordered 2", "1 B W1 reserved 2", lines=kit)
    letter = arrived(before, one, (1, 1), (1, 2))
    assert letter.sections[0].sentences == ("1 × Coffret",)
    assert letter.recap is not None
    assert "1 en attente de stock" in letter.recap.items[0].details
    none = order("1 A W1 backordered 2", "1 B W1 reserved 4", lines=kit)
    assert arrived(before, none, (1, 4)).sections[0].sentences == ("Des éléments de Coffret",)
