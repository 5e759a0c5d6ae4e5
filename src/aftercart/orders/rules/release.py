"""When an order is handed to the floor, and in which hour hands prepare it there."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from aftercart.inventory.model import Location
from aftercart.orders.model import DEFAULT_RELEASE, RELEASE_MARGIN_MINUTES, Order, ReleaseMode, ReleaseRule
from aftercart.shipping.rules.work import WorkMode, WorkPlan, plan_work


def release_rule_for(rules: Iterable[ReleaseRule], order: Order) -> ReleaseRule:
    """Returns the first rule an order matches, the built-in one when it matches none."""
    products = {line.product for line in order.lines}
    for rule in rules:
        matches = (
            (not rule.channels or order.channel in rule.channels)
            and (not rule.products or not products.isdisjoint(rule.products))
            and (rule.value_minor_min is None or order.total_minor >= rule.value_minor_min)
            and (rule.value_minor_max is None or order.total_minor <= rule.value_minor_max)
        )
        if matches:
            return rule
    return DEFAULT_RELEASE


def work_for(
    rule: ReleaseRule, location: Location, truck: datetime, booked: tuple[int, ...], *, now: datetime
) -> WorkPlan:
    """Returns when the rule hands an order over that leaves with ``truck``, which still has an hour left for it."""
    plan = _wished_work(rule, location, truck, booked, now=now)
    if plan is None:
        plan = plan_work(
            location,
            not_before=now,
            truck=truck,
            booked=booked,
            mode=WorkMode.LATEST,
            minutes=RELEASE_MARGIN_MINUTES,
        )
    assert plan is not None, f"{location.code} has no time left before {truck}, and was promised all the same"
    if rule.mode is ReleaseMode.IMMEDIATELY:
        return msgspec.structs.replace(plan, release_at=now)
    return plan


def _wished_work(
    rule: ReleaseRule, location: Location, truck: datetime, booked: tuple[int, ...], *, now: datetime
) -> WorkPlan | None:
    match rule.mode:
        case ReleaseMode.IMMEDIATELY:
            return plan_work(location, not_before=now, truck=truck, booked=booked, mode=WorkMode.EARLIEST)
        case ReleaseMode.AFTER_GRACE:
            after = now + timedelta(minutes=rule.minutes)
            return plan_work(location, not_before=after, truck=truck, booked=booked, mode=WorkMode.EARLIEST)
        case ReleaseMode.UNTIL_CUTOFF:
            return plan_work(
                location, not_before=now, truck=truck, booked=booked, mode=WorkMode.LATEST, minutes=rule.minutes
            )
