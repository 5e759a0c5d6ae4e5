"""What may still be changed, until when, is told before it is tried, and told the truth."""

from itertools import combinations_with_replacement, product

import pytest
from tests.orders.smallest_changes import TRIES, Verdict, tried
from tests.orders.smallest_changes import told as told_of
from tests.scenario import NOW, RELEASE, facts, line, order, variant

from aftercart.inventory.model import UNWANTED_STAGES, Stage
from aftercart.orders.model import DEFAULT_POLICY, ChangeKind, ChangeRule, ChangeUntil, Grain, Order, Policy
from aftercart.orders.rules.allowed_changes import LINE_CHANGES, allowed_changes
from aftercart.orders.rules.change_refusals import (
    GoesToPickupPoint,
    LineAlreadyCanceled,
    OrderAlreadyCanceled,
    UnitsAlreadyTouched,
)
from aftercart.orders.rules.facts import Asker, Circumstances, Facts

COLLECTED = {
    "method": "mondial-relay-point",
    "address": None,
    "pickup_point": "P",
    "price_minor": 0,
    "promised_date": None,
}
STAFF = Circumstances(now=NOW, asker=Asker.STAFF, policy=DEFAULT_POLICY)


Verdicts = dict[tuple[ChangeKind, int | None], Verdict]


def told(order: Order, given: Circumstances = STAFF) -> Verdicts:
    return {(one.change, one.line): told_of(order, one) for one in allowed_changes(order, given)}


def test_every_change_is_told_for_the_order_or_for_each_line() -> None:
    found = told(order("1 A W1 reserved 1", "2 B W1 reserved 1"))
    for kind in ChangeKind:
        expected = [1, 2] if kind in LINE_CHANGES else [None]
        assert [line for change, line in found if change is kind] == expected


def test_what_is_allowed_is_so_until_the_release_and_what_is_refused_has_no_until() -> None:
    changes = list(allowed_changes(order("1 A W1 reserved 1"), STAFF))
    assert {change.until for change in changes if change.refusal is None} == {RELEASE}
    assert {change.until for change in changes if change.refusal is not None} == {None}


def test_one_shipped_line_leaves_the_other_line_free() -> None:
    found = told(order("1 A W1 shipped 1", "2 B W1 reserved 1"))
    for kind in LINE_CHANGES:
        assert (found[kind, 1], found[kind, 2]) == (UnitsAlreadyTouched, "yes")
    for kind in (ChangeKind.CHANGE_DELIVERY_ADDRESS, ChangeKind.CHANGE_DELIVERY_METHOD, ChangeKind.CANCEL_ORDER):
        assert found[kind, None] is UnitsAlreadyTouched
    for kind in (ChangeKind.ADD_LINE, ChangeKind.CHANGE_CONTACT, ChangeKind.ADD_GIFT_MESSAGE):
        assert found[kind, None] == "yes"


def test_a_line_of_which_one_piece_is_free_gives_that_one_first() -> None:
    mixed = order("1 A W1 picked 1", "1 A W1 reserved 1", "2 B W1 packed 2")
    intercepts = {(one.change, one.line) for one in allowed_changes(mixed, STAFF) if one.intercept}
    assert intercepts == {*((kind, 2) for kind in LINE_CHANGES), (ChangeKind.CANCEL_ORDER, None)}


def test_a_bundle_is_taken_out_whole_or_not_at_all() -> None:
    parts = [{"sku": "A", "quantity": 1}, {"sku": "B", "quantity": 2}]
    lines = (line(1, "KIT", 1, components=parts),)
    found = told(order("1 A W1 reserved 1", "1 B W1 reserved 1", "1 B W2 packed 1", lines=lines))
    assert found[ChangeKind.CANCEL_LINES, 1] == "intercept"
    found = told(order("1 A W1 reserved 1", "1 B W1 reserved 1", "1 B W2 shipped 1", lines=lines))
    assert found[ChangeKind.CANCEL_LINES, 1] is UnitsAlreadyTouched


def test_a_refusal_says_when_the_goods_were_taken_in_hand() -> None:
    left = order("1 A W1 shipped 1", "2 B W1 packed 1", touched_at=NOW)
    (refusal,) = (one.refusal for one in allowed_changes(left, STAFF) if one.change is ChangeKind.CANCEL_ORDER)
    assert refusal is not None
    assert (refusal.values["stage"], refusal.values["touched_at"]) == ("shipped", NOW)
    made = (line(1, "A", 1, made_to_order=True), line(2, "B", 1))
    begun = order("1 A W1 in_production 1", "2 B W1 picked 1", lines=made, touched_at=NOW)
    (refusal,) = (one.refusal for one in allowed_changes(begun, STAFF) if one.change is ChangeKind.CANCEL_ORDER)
    assert refusal is not None
    assert (refusal.values["stage"], refusal.values["touched_at"]) == ("in_production", None)


@pytest.mark.parametrize("stage", ["in_production", "released"])
def test_what_is_made_for_somebody_is_theirs_from_its_beginning_and_may_still_go_elsewhere(stage: str) -> None:
    lines = (line(1, "A", 1, made_to_order=True), line(2, "B", 1))
    found = told(order(f"1 A W1 {stage} 1", "2 B W1 reserved 1", lines=lines))
    for kind in LINE_CHANGES:
        assert (found[kind, 1], found[kind, 2]) == (UnitsAlreadyTouched, "yes")
    assert found[ChangeKind.CANCEL_ORDER, None] is UnitsAlreadyTouched
    for kind in (ChangeKind.CHANGE_DELIVERY_ADDRESS, ChangeKind.CHANGE_DELIVERY_METHOD, ChangeKind.CHANGE_CONTACT):
        assert found[kind, None] == "yes"


def test_a_canceled_line_and_a_canceled_order_stay_so() -> None:
    assert told(order("1 A W1 canceled 1", "2 B W1 reserved 1"))[ChangeKind.CANCEL_LINES, 1] is LineAlreadyCanceled
    canceled = told(order("1 A W1 canceled 1"))
    assert canceled.pop((ChangeKind.ORDER_AGAIN, None)) == "yes"
    assert set(canceled.values()) == {OrderAlreadyCanceled}


def test_an_order_for_a_pickup_point_has_no_address_to_change() -> None:
    collected = order("1 A W1 reserved 1", delivery=COLLECTED)
    assert told(collected)[ChangeKind.CHANGE_DELIVERY_ADDRESS, None] is GoesToPickupPoint


POLICIES = {
    "by line": Policy(grain=Grain.LINE),
    "by order": Policy(grain=Grain.ORDER),
    "until touched": Policy(changes=tuple(ChangeRule(change=kind, until=ChangeUntil.TOUCHED) for kind in ChangeKind)),
    "for agents": Policy(changes=tuple(ChangeRule(change=kind, agents_only=True) for kind in ChangeKind)),
}


def happened(order: Order, given: Facts) -> Verdicts:
    return {
        (kind, line): tried(kind, order, given, line=line)
        for kind in ChangeKind
        for line in ([one.line for one in order.lines] if kind in LINE_CHANGES else [None])
    }


def test_every_change_is_tried() -> None:
    assert TRIES.keys() == set(ChangeKind)


@pytest.mark.parametrize("asker", Asker)
@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES.keys())
@pytest.mark.parametrize("scene", ["stocked", "made_to_order", "collected"])
def test_what_is_told_is_what_happens_for_any_three_stages_on_two_lines(
    scene: str, policy: Policy, asker: Asker
) -> None:
    made = scene == "made_to_order"
    kind = "made_to_order" if made else "stocked"
    goods = [variant("A", kind=kind), variant("A-red", product="product-A", kind=kind)]
    goods += [variant("B"), variant("B-red", product="product-B")]
    shelves = {f"{one.sku}@{place}": 9 for one in goods for place in ("W1", "W2")}
    given = facts(shelves, asker=asker, policy=policy, variants={one.sku: one for one in goods})
    way = {"delivery": COLLECTED} if scene == "collected" else {}
    for first, second, third in combinations_with_replacement(Stage, 3):
        ledger = (f"1 A W1 {first.value} 1", f"1 A W2 {second.value} 1", f"2 B W1 {third.value} 1")
        before = order(*ledger, lines=(line(1, "A", 2, made_to_order=made), line(2, "B", 1)), **way)
        assert happened(before, given) == told(before, given), before


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES.keys())
def test_what_is_told_is_what_happens_for_any_three_stages_of_a_bundles_parts(policy: Policy) -> None:
    products = {"A": "A", "B": "B", "B-red": "B", "KIT": "KIT", "KIT-red": "KIT"}
    goods = [variant(sku, product=f"product-{product}") for sku, product in products.items()]
    shelves = {f"{one.sku}@{place}": 9 for one in goods for place in ("W1", "W2")}
    given = facts(shelves, policy=policy, variants={one.sku: one for one in goods})
    parts = [{"sku": "A", "quantity": 1}, {"sku": "B", "quantity": 2}]
    lines = (line(1, "KIT", 1, components=parts), line(2, "B", 1))
    for stages in product([stage for stage in Stage if stage not in UNWANTED_STAGES], repeat=3):
        first, second, third = (stage.value for stage in stages)
        ledger = (f"1 A W1 {first} 1", f"1 B W1 {second} 1", f"1 B W2 {third} 1", "2 B W1 reserved 1")
        before = order(*ledger, lines=lines)
        assert happened(before, given) == told(before, given), before
