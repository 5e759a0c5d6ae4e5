"""The merchant decides on release, changes and sourcing; what is not given stays."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import pytest
from tests.story import given

from aftercart.kit.refusal import Invalid
from aftercart.orders.decisions.set_policy import SetPolicy, set_policy
from aftercart.orders.events import PolicySet
from aftercart.orders.model import DEFAULT_POLICY, ChangeKind, Grain, Policy, PromotionMode, ReleaseMode


def decide(**wish: Any) -> Callable[[Policy], Sequence[PolicySet]]:
    command = msgspec.convert(wish, SetPolicy)
    return lambda policy: set_policy(command, policy)[0]


def test_each_part_that_differs_makes_a_new_version() -> None:
    first = given(DEFAULT_POLICY).when(decide(grain="order")).event(PolicySet).policy
    assert (first.version, first.grain, first.sourcing) == (1, Grain.ORDER, DEFAULT_POLICY.sourcing)
    rules = [{"mode": "after_grace", "minutes": 30, "channels": ["web"]}]
    second = given(first).when(decide(release=rules, promotions="claw_back")).event(PolicySet).policy
    assert (second.version, second.grain, second.promotions) == (2, Grain.ORDER, PromotionMode.CLAW_BACK)
    assert (second.release[0].mode, second.release[0].minutes) == (ReleaseMode.AFTER_GRACE, 30)
    changes = [{"change": "swap_variant", "agents_only": True}]
    third = given(second).when(decide(changes=changes)).event(PolicySet).policy
    assert (third.changes[0].change, third.changes[0].agents_only) == (ChangeKind.SWAP_VARIANT, True)


def test_what_is_so_already_makes_no_version() -> None:
    given(DEFAULT_POLICY).when(decide()).then()
    given(DEFAULT_POLICY).when(decide(grain="line", changes=[])).then()
    assert set_policy(msgspec.convert({}, SetPolicy), Policy(version=7)) == ((), 7)


def test_a_rule_may_follow_those_for_some_channels_or_for_other_changes() -> None:
    rules = [
        {"change": "add_line", "channels": ["web"], "fee_minor": 100},
        {"change": "add_line", "channels": ["web", "app"]},
        {"change": "add_line"},
        {"change": "cancel_lines", "fee_minor": 100},
    ]
    assert len(given(DEFAULT_POLICY).when(decide(changes=rules)).event(PolicySet).policy.changes) == 4


@pytest.mark.parametrize(
    ("wish", "param"),
    [
        ({"release": [{"mode": "after_grace", "minutes": -1}]}, "release[0].minutes"),
        ({"release": [{"mode": "immediately", "minutes": 5}]}, "release[0].minutes"),
        (
            {"release": [{"mode": "immediately", "value_minor_min": 2, "value_minor_max": 1}]},
            "release[0].value_minor_max",
        ),
        ({"changes": [{"change": "add_line", "minutes": -1}]}, "changes[0].minutes"),
        ({"changes": [{"change": "add_line", "fee_minor": -1}]}, "changes[0].fee_minor"),
        ({"changes": [{"change": "cancel_order", "fee_minor": 1}]}, "changes[0].fee_minor"),
        ({"changes": [{"change": "order_again", "fee_minor": 1}]}, "changes[0].fee_minor"),
        ({"changes": [{"change": "add_line"}, {"change": "add_line", "channels": ["web"]}]}, "changes[1].change"),
        ({"changes": [{"change": "add_line"}, {"change": "add_line"}]}, "changes[1].change"),
        (
            {
                "changes": [{"change": "add_line", "channels": [one]} for one in ("web", "app")]
                + [{"change": "add_line", "channels": ["app", "web"]}]
            },
            "changes[2].channels",
        ),
        ({"sourcing": [{"criterion": "nearest"}, {"criterion": "nearest"}]}, "sourcing[1].criterion"),
        ({"sourcing": [{"criterion": "nearest", "weight": -1}]}, "sourcing[0].weight"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(wish: dict[str, Any], param: str) -> None:
    given(DEFAULT_POLICY).when(decide(**wish)).then_refused(Invalid, param=param)
