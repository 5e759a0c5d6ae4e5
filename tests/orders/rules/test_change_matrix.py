"""Who may change what, until when: every change, at every stage of the goods, under every rule a merchant can set."""

from typing import Any, Final

import pytest
from tests.orders.smallest_changes import Verdict, told, tried
from tests.scenario import NOW, facts, line, order, variant

from aftercart.inventory.model import Stage
from aftercart.orders.model import ChangeKind, ChangeRule, ChangeUntil, Grain, Order, Policy
from aftercart.orders.rules.allowed_changes import LINE_CHANGES, allowed_changes
from aftercart.orders.rules.change_refusals import (
    GoesToAddress,
    LineAlreadyCanceled,
    NothingToSplit,
    OrderAlreadyCanceled,
    OrderAlreadyShipped,
    UnitsAlreadyTouched,
)
from aftercart.orders.rules.facts import Facts

WORDS: Final[dict[str, Verdict]] = {
    "yes": "yes",
    "pull": "intercept",
    "late": UnitsAlreadyTouched,
    "left": OrderAlreadyShipped,
    "none": NothingToSplit,
    "gone": OrderAlreadyCanceled,
}
STAGES: Final = ("backordered", "reserved", "made", "released", "picked", "packed", "shipped", "intercepted")
"""The stages of a whole order; ``made`` is what is being made for its customer."""

BY_LINE: Final = """
    change_delivery_address  yes yes yes  yes yes  late late gone
    change_delivery_method   yes yes yes  yes yes  late late gone
    change_pickup_point      yes yes yes  yes yes  late late gone
    change_contact           yes yes yes  yes yes  yes  left gone
    change_payment_method    yes yes yes  yes yes  yes  left gone
    add_line                 yes yes yes  yes yes  yes  left gone
    change_line_quantity     yes yes late yes pull pull late gone
    swap_variant             yes yes late yes pull pull late gone
    add_gift_message         yes yes yes  yes yes  late late gone
    cancel_lines             yes yes late yes pull pull late gone
    cancel_order             yes yes late yes pull pull late gone
    accept_split             none none none none none none none gone
    order_again              yes yes yes  yes yes  yes  yes  yes
"""
UNTIL_TOUCHED: Final = """
    change_delivery_address  yes yes yes  yes late late late gone
    change_delivery_method   yes yes yes  yes late late late gone
    change_pickup_point      yes yes yes  yes late late late gone
    change_contact           yes yes yes  yes late late left gone
    change_payment_method    yes yes yes  yes late late left gone
    add_line                 yes yes yes  yes late late left gone
    change_line_quantity     yes yes late yes late late late gone
    swap_variant             yes yes late yes late late late gone
    add_gift_message         yes yes yes  yes late late late gone
    cancel_lines             yes yes late yes late late late gone
    cancel_order             yes yes late yes late late late gone
    accept_split             none none none none none none none gone
    order_again              yes yes yes  yes yes  yes  yes  yes
"""
BY_ORDER: Final = """
    change_delivery_address  yes yes late yes late late late gone
    change_delivery_method   yes yes late yes late late late gone
    change_pickup_point      yes yes late yes late late late gone
    change_contact           yes yes late yes late late late gone
    change_payment_method    yes yes late yes late late late gone
    add_line                 yes yes late yes late late late gone
    change_line_quantity     yes yes late yes late late late gone
    swap_variant             yes yes late yes late late late gone
    add_gift_message         yes yes late yes late late late gone
    cancel_lines             yes yes late yes late late late gone
    cancel_order             yes yes late yes late late late gone
    accept_split             none none none none none none none gone
    order_again              yes yes yes  yes yes  yes  yes  yes
"""
ENDED_BY_TOUCH: Final = tuple(ChangeRule(change=kind, until=ChangeUntil.TOUCHED) for kind in ChangeKind)
MATRIX: Final = {
    "by line until handed over": (Policy(), BY_LINE),
    "by line until touched": (Policy(changes=ENDED_BY_TOUCH), UNTIL_TOUCHED),
    "by order until handed over": (Policy(grain=Grain.ORDER), BY_ORDER),
    "by order until touched": (Policy(grain=Grain.ORDER, changes=ENDED_BY_TOUCH), BY_ORDER),
}

COLLECTED: Final = {
    "method": "mondial-relay-point",
    "address": None,
    "pickup_point": "P",
    "price_minor": 0,
    "promised_date": None,
}


def rows(table: str) -> dict[tuple[ChangeKind, str], Verdict]:
    cells = [row.split() for row in table.strip().splitlines()]
    return {
        (ChangeKind(change), stage): WORDS[word]
        for change, *words in cells
        for stage, word in zip(STAGES, words, strict=True)
    }


def whole(stage: str, **changes: Any) -> Order:
    """Returns an order of two pieces, all of which are in one stage."""
    made = stage == "made"
    ledger = f"1 A W1 {'in_production' if made else stage} 2"
    return order(ledger, lines=(line(1, "A", 2, made_to_order=made),), **changes)


def given(policy: Policy, *, made: bool) -> Facts:
    kind = "made_to_order" if made else "stocked"
    goods = [variant("A", kind=kind), variant("A-red", product="product-A", kind=kind), variant("B")]
    goods.append(variant("B-red", product="product-B"))
    shelves = {f"{one.sku}@W1": 9 for one in goods}
    return facts(shelves, policy=policy, variants={one.sku: one for one in goods})


@pytest.mark.parametrize(("policy", "table"), MATRIX.values(), ids=MATRIX.keys())
def test_every_cell_of_the_matrix_is_told_and_happens(policy: Policy, table: str) -> None:
    cells = rows(table)
    assert set(cells) == {(kind, stage) for kind in ChangeKind for stage in STAGES}
    for (kind, stage), expected in cells.items():
        way = {"delivery": COLLECTED} if kind is ChangeKind.CHANGE_PICKUP_POINT else {}
        before = whole(stage, **way)
        source = given(policy, made=stage == "made")
        (one,) = (one for one in allowed_changes(before, source) if one.change is kind)
        assert told(before, one) == expected, (kind, stage)
        assert tried(kind, before, source, line=one.line) == expected, (kind, stage)


def test_the_stages_of_the_matrix_are_all_from_the_order_to_the_handover() -> None:
    after = {Stage.DELIVERED, Stage.RETURNED, Stage.LOST, Stage.CANCELED}
    assert {Stage("in_production" if stage == "made" else stage) for stage in STAGES} == set(Stage) - after


@pytest.mark.parametrize("stage", ["picked", "packed", "shipped"])
def test_the_grain_says_whether_one_line_in_hand_closes_another_that_is_not(stage: str) -> None:
    before = order(f"1 A W1 {stage} 1", "2 B W1 reserved 2", touched_at=NOW)
    for grain in Grain:
        source = given(Policy(grain=grain), made=False)
        by_kind = {one.change: one for one in allowed_changes(before, source) if one.line == 2}
        assert set(by_kind) == set(LINE_CHANGES)
        for kind, one in by_kind.items():
            expected = "yes" if grain is Grain.LINE else UnitsAlreadyTouched
            assert told(before, one) == tried(kind, before, source, line=2) == expected
            if one.refusal is not None:
                assert one.refusal.values == {
                    "number": before.number,
                    "line": 1,
                    "stage": stage,
                    "touched_at": NOW,
                }


@pytest.mark.parametrize("grain", Grain)
@pytest.mark.parametrize("until", [ChangeUntil.HANDED_OVER, ChangeUntil.TOUCHED])
def test_what_is_intercepted_stands_against_nothing(grain: Grain, until: ChangeUntil) -> None:
    before = order("1 A W1 intercepted 1", "2 B W1 reserved 2")
    policy = Policy(grain=grain, changes=tuple(ChangeRule(change=kind, until=until) for kind in ChangeKind))
    for one in allowed_changes(before, given(policy, made=False)):
        refusal = None if one.refusal is None else type(one.refusal)
        closed = {ChangeKind.ACCEPT_SPLIT: NothingToSplit, ChangeKind.CHANGE_PICKUP_POINT: GoesToAddress}
        assert refusal is (LineAlreadyCanceled if one.line == 1 else closed.get(one.change))
        assert not one.intercept
