"""What became of an edit, and what an accepted one cost the shop."""

from collections import Counter
from collections.abc import Iterable

import msgspec

from aftercart.importing.edits import PlannedEdit
from aftercart.inventory.model import UNWANTED_STAGES
from aftercart.kit.commands import Answer
from aftercart.orders.model import Order, Units


class EditAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An edit that was asked for: accepted, or refused with the code of ``refusal``.

    ``resourced_units`` are those that got another place than they had, ``days_later`` how the promised day moved:
    earlier where it is negative.
    """

    edit: PlannedEdit
    refusal: str | None = None
    resourced_units: int = 0
    days_later: int = 0


def answer_to(edit: PlannedEdit, answer: Answer) -> EditAnswer:
    """Returns what an accepted edit changed."""
    before: Order = answer.before
    after: Order = answer.after
    was, will = before.delivery.promised_date, after.delivery.promised_date
    return EditAnswer(
        edit=edit,
        resourced_units=_resourced(before.units, after.units),
        days_later=0 if was is None or will is None else (will - was).days,
    )


def _resourced(before: Iterable[Units], after: Iterable[Units]) -> int:
    """Returns how many units of the same article left one place of the order and got another."""
    moved = _placed(after)
    moved.subtract(_placed(before))
    gained: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    for (sku, _), units in moved.items():
        (gained if units > 0 else lost)[sku] += abs(units)
    return (gained & lost).total()


def _placed(units: Iterable[Units]) -> Counter[tuple[str, str]]:
    placed: Counter[tuple[str, str]] = Counter()
    for entry in units:
        if entry.stage not in UNWANTED_STAGES:
            placed[entry.sku, entry.location] += entry.quantity
    return placed
