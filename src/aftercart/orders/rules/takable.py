"""From which stages units are still taken back, and what is said once a hand was faster."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from typing import Final

from aftercart.inventory.model import UNWANTED_STAGES, Stage
from aftercart.orders.model import ChangeKind, ChangeUntil, Order, OrderLine, Policy, Units
from aftercart.orders.rules.change_refusals import UnitsAlreadyTouched
from aftercart.orders.rules.change_rules import rule_for
from aftercart.orders.rules.unit_ledger import skus_of

_FREE: Final = (Stage.BACKORDERED, Stage.RESERVED, Stage.RELEASED)
"""The stages from which units are taken back at no cost, in the order in which they are taken."""
_UNBEGUN: Final = (Stage.BACKORDERED, Stage.RESERVED)
IN_HAND: Final = (Stage.PICKED, Stage.PACKED)
"""The stages from which units are taken back by pulling them out before their parcel leaves."""
_ON_THE_SHELF: Final = frozenset({*_FREE, Stage.IN_PRODUCTION})
"""The stages of goods that nobody took from a shelf, though they may be made."""


def free_stages(line: OrderLine) -> tuple[Stage, ...]:
    """Returns the stages from which units of a line are taken back, in the order in which they are taken.

    What is made to a customer's order is theirs once work on it began, and stays so when it is made: it is excepted
    from the right of withdrawal (Code de la consommation, article L221-28, 3°).
    """
    return _UNBEGUN if line.made_to_order else _FREE


def takable_stages(order: Order, line: OrderLine, change: ChangeKind, policy: Policy) -> tuple[Stage, ...]:
    """Returns the stages from which a change takes units of a line back: the free ones, then what lies in hand.

    What lies in hand is pulled out at the pack station or at the dock, unless the merchant ends the change earlier.
    """
    intercepts = rule_for(policy, change, channel=order.channel).until is ChangeUntil.HANDED_OVER
    return (*_FREE, *IN_HAND) if intercepts and not line.made_to_order else free_stages(line)


def has_piece(order: Order, line: OrderLine, stages: Collection[Stage]) -> bool:
    """Tells whether one piece of a line, of a bundle all its parts, lies in these stages."""
    there = Counter[str]()
    for entry in order.units:
        if entry.line == line.line and entry.stage in stages:
            there[entry.sku] += entry.quantity
    return all(there[sku] >= each for sku, each in skus_of(line))


def touched(order: Order) -> UnitsAlreadyTouched | None:
    """Returns the first unit that is not taken back for free any more, as a refusal."""
    return first_outside(order, order.units, free_stages)


def taken_in_hand(order: Order) -> UnitsAlreadyTouched | None:
    """Returns the first unit that somebody took from a shelf, as a refusal."""
    return first_outside(order, order.units, lambda _line: _ON_THE_SHELF)


def first_outside(
    order: Order, units: Iterable[Units], stages_of: Callable[[OrderLine], Collection[Stage]]
) -> UnitsAlreadyTouched | None:
    """Returns the first of these units that is wanted and in none of the stages of its line, as a refusal."""
    for entry in units:
        # Lines are numbered from 1 without gaps, so a number is a place.
        if entry.stage not in UNWANTED_STAGES and entry.stage not in stages_of(order.lines[entry.line - 1]):
            touched_at = None if entry.stage in _ON_THE_SHELF else order.touched_at
            return UnitsAlreadyTouched(
                number=order.number, line=entry.line, stage=entry.stage.value, touched_at=touched_at
            )
    return None
