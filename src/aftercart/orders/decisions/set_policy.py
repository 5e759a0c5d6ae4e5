"""Deciding on release, changes, promotions and sourcing for all orders from now on."""

from collections.abc import Sequence
from typing import Annotated

import msgspec

from aftercart.kit.commands import Command
from aftercart.kit.refusal import Invalid
from aftercart.orders.events import PolicySet
from aftercart.orders.model import ChangeKind, ChangeRule, Grain, Policy, PromotionMode, ReleaseMode, ReleaseRule
from aftercart.sourcing.model import SourcingPreference

RULES_MAX = 200
MINUTES_MAX = 60 * 24 * 31
WEIGHT_MAX = 1_000_000
FEE_MAX = 1_000_000
_NEVER_CHARGED = frozenset({ChangeKind.CANCEL_ORDER, ChangeKind.ORDER_AGAIN})
"""An order of which nothing is wanted costs nothing, and one that is placed again is another order."""


class SetPolicy(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Set these parts of the policy; what is not given stays as it is."""

    release: Annotated[tuple[ReleaseRule, ...], msgspec.Meta(max_length=RULES_MAX)] | None = None
    changes: Annotated[tuple[ChangeRule, ...], msgspec.Meta(max_length=RULES_MAX)] | None = None
    grain: Grain | None = None
    promotions: PromotionMode | None = None
    sourcing: Annotated[tuple[SourcingPreference, ...], msgspec.Meta(min_length=1, max_length=20)] | None = None


class PolicyRef(msgspec.Struct, frozen=True, kw_only=True):
    """The version of the policy that is in force."""

    version: int


def set_policy(command: SetPolicy, current: Policy) -> tuple[tuple[PolicySet, ...], int]:
    """Returns the event, none when all of it is so already, and the version in force; raises ``Invalid``."""
    _check_release(command.release or ())
    _check_changes(command.changes or ())
    _check_sourcing(command.sourcing or ())
    wanted = Policy(
        version=current.version,
        release=current.release if command.release is None else command.release,
        changes=current.changes if command.changes is None else command.changes,
        grain=command.grain or current.grain,
        promotions=command.promotions or current.promotions,
        sourcing=command.sourcing or current.sourcing,
    )
    if wanted == current:
        return (), current.version
    policy = msgspec.structs.replace(wanted, version=current.version + 1)
    return (PolicySet(policy=policy),), policy.version


def _check_release(rules: Sequence[ReleaseRule]) -> None:
    for index, rule in enumerate(rules):
        at = f"release[{index}]"
        _within(rule.minutes, 0, MINUTES_MAX, param=f"{at}.minutes")
        if rule.mode is ReleaseMode.IMMEDIATELY and rule.minutes:
            raise Invalid(param=f"{at}.minutes", expected="none with immediately", got=rule.minutes)
        low, high = rule.value_minor_min, rule.value_minor_max
        if low is not None and high is not None and low > high:
            raise Invalid(param=f"{at}.value_minor_max", expected=f"{low} or more", got=high)


def _check_changes(rules: Sequence[ChangeRule]) -> None:
    taken: dict[ChangeKind, set[str]] = {}
    everywhere: set[ChangeKind] = set()
    for index, rule in enumerate(rules):
        at = f"changes[{index}]"
        if rule.minutes is not None:
            _within(rule.minutes, 0, MINUTES_MAX, param=f"{at}.minutes")
        _within(rule.fee_minor, 0, FEE_MAX, param=f"{at}.fee_minor")
        if rule.fee_minor and rule.change in _NEVER_CHARGED:
            raise Invalid(param=f"{at}.fee_minor", expected=f"none with {rule.change.value}", got=rule.fee_minor)
        if rule.change in everywhere:
            raise Invalid(
                param=f"{at}.change",
                expected="a change without an earlier rule for all channels",
                got=rule.change.value,
            )
        channels = taken.setdefault(rule.change, set())
        if rule.channels and channels.issuperset(rule.channels):
            expected = "a channel without an earlier rule for the change"
            raise Invalid(param=f"{at}.channels", expected=expected, got=list(rule.channels))
        channels.update(rule.channels)
        if not rule.channels:
            everywhere.add(rule.change)


def _check_sourcing(preferences: Sequence[SourcingPreference]) -> None:
    seen: set[str] = set()
    for index, preference in enumerate(preferences):
        at = f"sourcing[{index}]"
        if preference.criterion.value in seen:
            raise Invalid(param=f"{at}.criterion", expected="each criterion once", got=preference.criterion.value)
        seen.add(preference.criterion.value)
        _within(preference.weight, 0, WEIGHT_MAX, param=f"{at}.weight")


def _within(number: int, least: int, most: int, *, param: str) -> None:
    if not least <= number <= most:
        raise Invalid(param=param, expected=f"a number from {least} to {most}", got=number)
