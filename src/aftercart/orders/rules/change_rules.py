"""What the merchant decided on a change: until when it is offered, to whom, and at which fee."""

from aftercart.orders.model import ChangeKind, ChangeRule, Policy
from aftercart.orders.rules.facts import Asker


def rule_for(policy: Policy, change: ChangeKind, *, channel: str) -> ChangeRule:
    """Returns the first rule for a change in a channel; a change nobody decided on is free and open to all."""
    for rule in policy.changes:
        if rule.change is change and (not rule.channels or channel in rule.channels):
            return rule
    return ChangeRule(change=change)


def fee_for(rule: ChangeRule, asker: Asker) -> int:
    """Returns what a change costs whoever asks: agents change for free."""
    return rule.fee_minor if asker is Asker.CUSTOMER else 0
