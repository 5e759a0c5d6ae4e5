"""What a change means for people: the numbers a preview shows and a quote guards."""

import msgspec
import pytest
from tests.scenario import LYON, order

from aftercart.orders.model import Order
from aftercart.orders.rules.consequences import Intercepted, Settlement, consequences_of
from aftercart.orders.rules.totals import totals_of


def authorized(amount: int, *ledger: str) -> Order:
    return order(*ledger, payment={"method": "card", "authorized_minor": amount})


@pytest.mark.parametrize(("amount", "due", "freed"), [(2000, 0, 0), (1999, 1, 0), (2001, 0, 1), (0, 2000, 0)])
def test_what_is_missing_from_the_authorization_is_due_and_what_is_not_needed_is_freed(
    amount: int, due: int, freed: int
) -> None:
    settlement = consequences_of(None, authorized(amount, "1 A W1 reserved 2")).settlement
    assert settlement == Settlement(authorized_minor=amount, due_minor=due, freed_minor=freed)


def test_a_change_shows_totals_before_and_after_and_where_the_units_are() -> None:
    before, after = order("1 A W1 reserved 2"), order("1 A W1 canceled 1", "1 A W1 reserved 1")
    shown = consequences_of(before, after)
    assert (shown.before, shown.after) == (totals_of(before), totals_of(after))
    assert (shown.units, shown.status) == (after.units, "confirmed")


def test_what_is_pulled_out_of_a_hand_or_a_parcel_is_told_by_line() -> None:
    before = order("1 A W1 picked 3", "1 A W1 intercepted 1", "2 B W1 packed 1", "3 A W1 reserved 1")
    after = order(
        *("1 A W1 intercepted 2", "1 A W1 picked 2", "1 A W2 intercepted 1"),
        *("2 B W1 packed 1", "3 A W1 canceled 1"),
    )
    assert consequences_of(before, after).intercepted == (Intercepted(line=1, quantity=2),)
    assert consequences_of(after, after).intercepted == ()
    assert consequences_of(None, after).intercepted == ()


def test_what_is_put_back_is_not_pulled_out_again() -> None:
    before, after = order("1 A W1 intercepted 1", "2 B W1 picked 1"), order("1 A W1 canceled 1", "2 B W1 intercepted 1")
    assert consequences_of(before, after).intercepted == (Intercepted(line=2, quantity=1),)


def test_placing_has_no_totals_before() -> None:
    assert consequences_of(None, order("1 A W1 reserved 2")).before is None


def test_a_canceled_order_frees_everything() -> None:
    shown = consequences_of(order("1 A W1 reserved 2"), authorized(2000, "1 A W1 canceled 2"))
    assert (shown.settlement.freed_minor, shown.status) == (2000, "canceled")


def test_another_address_at_the_same_price_means_the_same() -> None:
    before = order("1 A W1 reserved 2")
    delivery = msgspec.structs.replace(before.delivery, address=LYON)
    assert consequences_of(before, msgspec.structs.replace(before, delivery=delivery)) == consequences_of(
        before, before
    )
