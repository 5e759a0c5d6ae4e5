"""The merchant's rules: who may change what until when, at which fee, and what the first touch closes."""

from datetime import timedelta

import msgspec
import pytest
from tests.scenario import LYON, NOW, ORDER_ID, facts, order
from tests.story import given

from aftercart.kit.refusal import Refusal
from aftercart.orders.decisions.change_delivery_address import ChangeDeliveryAddress, change_delivery_address
from aftercart.orders.events import DeliveryAddressChanged
from aftercart.orders.evolve import evolve
from aftercart.orders.model import ChangeKind, ChangeRule, ChangeUntil, Grain, Order, Policy
from aftercart.orders.rules.allowed_changes import allowed_changes, why_not
from aftercart.orders.rules.change_refusals import (
    ChangeForAgentsOnly,
    ChangeNotOffered,
    ChangePeriodOver,
    OrderAlreadyReleased,
    UnitsAlreadyTouched,
)
from aftercart.orders.rules.facts import Asker, Circumstances

ADDRESS = ChangeKind.CHANGE_DELIVERY_ADDRESS
RESERVED = order("1 A W1 reserved 1")


def asked(asker: Asker, *rules: ChangeRule, grain: Grain = Grain.LINE, minutes: int = 0) -> Circumstances:
    policy = Policy(version=3, changes=rules, grain=grain)
    return Circumstances(now=NOW + timedelta(minutes=minutes), asker=asker, policy=policy)


def refusal(order: Order, given: Circumstances, change: ChangeKind = ADDRESS) -> type[Refusal] | None:
    found = why_not(order, change, given)
    return None if found is None else type(found)


def test_a_change_for_agents_only_is_refused_to_customers() -> None:
    rule = ChangeRule(change=ADDRESS, agents_only=True)
    assert refusal(RESERVED, asked(Asker.CUSTOMER, rule)) is ChangeForAgentsOnly
    assert refusal(RESERVED, asked(Asker.STAFF, rule)) is None


@pytest.mark.parametrize("asker", Asker)
def test_a_change_that_is_not_offered_is_refused_to_all(asker: Asker) -> None:
    assert refusal(RESERVED, asked(asker, ChangeRule(change=ADDRESS, until=ChangeUntil.NEVER))) is ChangeNotOffered


@pytest.mark.parametrize("asker", Asker)
def test_a_change_until_release_ends_with_it(asker: Asker) -> None:
    rule = ChangeRule(change=ADDRESS, until=ChangeUntil.RELEASED)
    assert refusal(RESERVED, asked(asker, rule)) is None
    released = order("1 A W1 released 1", released_at=NOW)
    assert refusal(released, asked(asker, rule)) is OrderAlreadyReleased
    assert refusal(released, asked(asker)) is None


def test_customers_have_so_many_minutes_and_are_told_until_when() -> None:
    rule = ChangeRule(change=ADDRESS, minutes=30)
    (address,) = (one for one in allowed_changes(RESERVED, asked(Asker.CUSTOMER, rule)) if one.change is ADDRESS)
    assert address.until == NOW + timedelta(minutes=30)
    assert refusal(RESERVED, asked(Asker.CUSTOMER, rule, minutes=29)) is None
    assert refusal(RESERVED, asked(Asker.CUSTOMER, rule, minutes=30)) is ChangePeriodOver
    assert refusal(RESERVED, asked(Asker.STAFF, rule, minutes=30)) is None


def test_the_first_rule_that_matches_the_channel_counts() -> None:
    rules = (
        ChangeRule(change=ADDRESS, until=ChangeUntil.NEVER, channels=("marketplace",)),
        ChangeRule(change=ADDRESS, agents_only=True),
    )
    assert refusal(RESERVED, asked(Asker.CUSTOMER, *rules)) is ChangeForAgentsOnly
    assert refusal(msgspec.structs.replace(RESERVED, channel="marketplace"), asked(Asker.STAFF, *rules)) is (
        ChangeNotOffered
    )


def test_the_strict_grain_closes_all_lines_with_the_first_touch() -> None:
    touched = order("1 A W1 picked 1", "2 B W1 reserved 1")
    for grain, expected in ((Grain.LINE, None), (Grain.ORDER, UnitsAlreadyTouched)):
        found = why_not(touched, ChangeKind.CANCEL_LINES, asked(Asker.STAFF, grain=grain), line=2)
        assert (None if found is None else type(found)) is expected


def test_hands_speak_before_rules() -> None:
    rule = ChangeRule(change=ADDRESS, until=ChangeUntil.NEVER)
    assert refusal(order("1 A W1 packed 1"), asked(Asker.STAFF, rule)) is UnitsAlreadyTouched


@pytest.mark.parametrize("asker", Asker)
def test_a_change_until_touched_ends_with_the_first_goods_in_hand(asker: Asker) -> None:
    rule = ChangeRule(change=ADDRESS, until=ChangeUntil.TOUCHED)
    assert refusal(order("1 A W1 released 1", released_at=NOW), asked(asker, rule)) is None
    picked = order("1 A W1 reserved 1", "2 B W1 picked 1")
    assert refusal(picked, asked(asker, rule)) is UnitsAlreadyTouched
    assert refusal(picked, asked(asker)) is None


def test_a_fee_is_for_customers_and_stays_in_the_total() -> None:
    policy = Policy(version=1, changes=(ChangeRule(change=ADDRESS, fee_minor=250),))
    command = ChangeDeliveryAddress(order_id=ORDER_ID, address=LYON)
    for asker, fee in ((Asker.CUSTOMER, 250), (Asker.STAFF, 0)):
        source = facts(asker=asker, policy=policy)
        event = (
            given(RESERVED)
            .when(lambda order, source=source: change_delivery_address(command, order, facts=source))
            .event(DeliveryAddressChanged)
        )
        after = evolve(RESERVED, event, order_id=ORDER_ID)
        assert after.total_minor == RESERVED.total_minor + fee
        told = next(one for one in allowed_changes(RESERVED, source) if one.change is ADDRESS)
        assert told.fee_minor == fee
