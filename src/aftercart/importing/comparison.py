"""The same past under each way of releasing: what customers could still change, what it cost, what the floor got."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from aftercart.importing.carry_out import Course, carry_out
from aftercart.importing.edit_answers import EditAnswer
from aftercart.importing.edits import MIX, PlannedEdit
from aftercart.importing.floor_load import LocationLoad, floor_load
from aftercart.importing.history import find_lives
from aftercart.importing.orders import CAPACITIES
from aftercart.importing.promises import Promises, promises_of
from aftercart.importing.retail_file import RetailFile
from aftercart.kit.clock import SimulatedClock, SystemClock
from aftercart.orders.decisions.set_policy import SetPolicy
from aftercart.orders.model import ChangeKind, ChangeRule, ChangeUntil, ReleaseMode, ReleaseRule
from aftercart.shop import open_shop

MINUTES: Final = 30
"""The grace after the last change, and the margin before the cut-off."""
RELEASES: Final = (
    ReleaseRule(mode=ReleaseMode.IMMEDIATELY),
    ReleaseRule(mode=ReleaseMode.AFTER_GRACE, minutes=MINUTES),
    ReleaseRule(mode=ReleaseMode.UNTIL_CUTOFF, minutes=MINUTES),
)
UNTIL_RELEASED: Final = tuple(kind for kind in MIX if kind is not ChangeKind.CHANGE_CONTACT)
"""What a customer may change until the release: nobody picks in the imported past, so there the floor begins."""
SPANS: Final = (
    ("within 5 minutes", timedelta(minutes=5)),
    ("within 30 minutes", timedelta(minutes=30)),
    ("within 6 hours", timedelta(hours=6, minutes=30)),
    ("later", timedelta.max),
)
"""How long after the order a change is asked for: each span ends where it says."""
_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)

Said = Callable[[int, int], None]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """How many edits were asked for, and how many of them accepted."""

    asked: int
    accepted: int


class Edits(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the edits: ``accepted`` and ``refused``, by reason, add up to ``asked``.

    Accepted ones gave ``resourced_units`` another place and moved the promised day of ``later`` or ``earlier`` orders.
    """

    asked: int
    accepted: int
    refused: dict[str, int]
    by_time: dict[str, Asked]
    by_kind: dict[str, Asked]
    resourced_units: int
    later: int
    earlier: int


class PolicyResult(msgspec.Struct, frozen=True, kw_only=True):
    """How a year goes under one way of releasing."""

    release: ReleaseRule
    orders: int
    edits: Edits
    promises: Promises
    floor: tuple[LocationLoad, ...]
    seconds: float


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """The same invoices, supply and edits under each way of releasing."""

    invoices: int
    edit_share: float
    seed: int
    hourly_capacity_orders: dict[str, int]
    results: tuple[PolicyResult, ...]


def policy_for(release: ReleaseRule) -> SetPolicy:
    """Returns the policy to compare: orders are released so, and what is in them can be changed until then."""
    changes = tuple(ChangeRule(change=kind, until=ChangeUntil.RELEASED) for kind in UNTIL_RELEASED)
    return SetPolicy(release=(release,), changes=changes)


async def play_under(
    url: str, retail: RetailFile, release: ReleaseRule, edits: Sequence[PlannedEdit], *, on_lines: Callable[[int], None]
) -> PolicyResult:
    """Plays the file in the new shop at ``url`` (migrated already) and returns what came of it."""
    clock = SimulatedClock(_LONG_AGO)
    present = SystemClock()
    began = present.now()
    course = Course(until=began, policy=policy_for(release), edits=tuple(edits))
    async with open_shop(url, clock=clock, concurrency=1) as shop:
        progress = await carry_out(shop, clock, retail, course=course, on_lines=on_lines)
        seconds = (present.now() - began).total_seconds()
        lives = await find_lives(shop.database, sorted(progress.placed))
    return PolicyResult(
        release=release,
        orders=len(lives),
        edits=edits_of(progress.edit_answers),
        promises=promises_of(lives, now=progress.played_until or began),
        floor=floor_load(lives, capacities=CAPACITIES),
        seconds=seconds,
    )


def edits_of(answers: Collection[EditAnswer]) -> Edits:
    """Returns what became of edits, counted."""
    refused = Counter(answer.refusal for answer in answers if answer.refusal is not None)
    return Edits(
        asked=len(answers),
        accepted=sum(answer.refusal is None for answer in answers),
        refused=dict(sorted(refused.items(), key=lambda one: (-one[1], one[0]))),
        by_time=_counted((_span(answer.edit.after), answer) for answer in answers),
        by_kind=_counted((answer.edit.kind.value, answer) for answer in answers),
        resourced_units=sum(answer.resourced_units for answer in answers),
        later=sum(answer.days_later > 0 for answer in answers),
        earlier=sum(answer.days_later < 0 for answer in answers),
    )


def _span(after: timedelta) -> str:
    return next(name for name, ends in SPANS if after <= ends)


def _counted(answers: Iterable[tuple[str, EditAnswer]]) -> dict[str, Asked]:
    asked: Counter[str] = Counter()
    accepted: Counter[str] = Counter()
    for name, answer in answers:
        asked[name] += 1
        accepted[name] += answer.refusal is None
    order: Mapping[str, int] = {name: place for place, (name, _) in enumerate(SPANS)}
    return {
        name: Asked(asked=asked[name], accepted=accepted[name])
        for name in sorted(asked, key=lambda name: (order.get(name, 0), name))
    }
