"""What an order waits for: supply that is announced, or work that has to be done, and until when."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

import msgspec

from aftercart.inventory.model import UNMADE_STAGES, Location, Stage, Stock
from aftercart.inventory.rules.available_to_promise import OVERDUE_WAIT, promised_by
from aftercart.orders.model import Awaited, Order
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.queues import units_before, units_before_newcomer
from aftercart.orders.rules.readiness import UnitsOfLines, made_lines, ready_units
from aftercart.shipping.model import MethodKind
from aftercart.shipping.rules.calendars import ONE_DAY, works_on
from aftercart.shipping.rules.local_time import local_day
from aftercart.sourcing.model import Candidate
from aftercart.sourcing.rules.candidates import kept_for_visitors

Place = tuple[str, str]
"""A SKU at a location."""


def awaited_by(
    before: Order | None, after: UnitsOfLines, facts: Facts, *, now: datetime, news: Iterable[Awaited] = ()
) -> tuple[Awaited, ...]:
    """Returns what ``after`` waits for, sorted by SKU and location.

    What was awaited before keeps its date, unless more of it is wanted. The ``news`` are taken as they are.
    """
    waiting, unmade = waiting_units(after), unmade_units(after)
    if not waiting and not unmade:
        return ()
    known = {(one.sku, one.location): one for one in (() if before is None else before.awaited)}
    told = {(one.sku, one.location): one for one in news}
    waited = Counter[Place]() if before is None else waiting_units(before)
    taken = _reserved(after)
    taken.subtract(Counter[Place]() if before is None else _reserved(before))
    return tuple(
        sorted(
            (
                *_supplied(waiting, waited, taken, known, told, facts, now=now),
                *_made(unmade, known | told, facts, now=now),
            ),
            key=lambda one: (one.sku, one.location),
        )
    )


def waiting_units(order: UnitsOfLines) -> Counter[Place]:
    """Returns how many units wait for stock, by SKU and location."""
    waiting: Counter[Place] = Counter()
    for entry in order.units:
        if entry.stage is Stage.BACKORDERED:
            waiting[entry.sku, entry.location] += entry.quantity
    return waiting


def waiting_place(sku: str, units: int, facts: Facts, *, first: str, taken: Mapping[Place, int]) -> str:
    """Returns the candidate where units nobody has yet wait best: where they are expected first, else at ``first``.

    A place they are on their way to comes before one that knows no more than the day they are announced for.
    ``taken`` is what the order itself takes of what is there.
    """
    announced = None if sku not in facts.variants else facts.variants[sku].available_from
    places = (first, *(one.code for one in facts.candidates if one.code != first))
    known: list[tuple[bool, date, int]] = []
    for place, code in enumerate(places):
        one = _expected(sku, code, units, facts, now=facts.now, taken=taken.get((sku, code), 0))
        if one.expected_date is not None:
            known.append((one.reference is None and one.expected_date == announced, one.expected_date, place))
    return places[min(known)[2]] if known else first


def expected_again(order: Order, awaited: Awaited, facts: Facts) -> Awaited:
    """Returns what ``awaited`` is from now on, after those who wait there and come first.

    What is there already is about to be reserved: nothing changes by looking again, unless its day is over. Work that
    was not done by its day is expected as late as supply that did not come by its day.
    """
    place, today = (awaited.sku, awaited.location), local_day(facts.now, facts.location(awaited.location).timezone)
    late = awaited.expected_date is not None and awaited.expected_date < today
    if unmade_units(order)[place]:
        return msgspec.structs.replace(awaited, expected_date=today + OVERDUE_WAIT) if late else awaited
    stock = facts.stock_of(*place) or Stock(sku=awaited.sku, location=awaited.location)
    kept_back = _kept_back(order, awaited.location, facts)
    units_ahead = units_before(order, facts.queue_of(*place))
    queued = msgspec.structs.replace(stock, backordered=units_ahead, reserved=stock.reserved + kept_back)
    units = waiting_units(order)[place]
    if not promised_by(msgspec.structs.replace(queued, incoming=()), units, today=today).uncovered:
        return msgspec.structs.replace(awaited, expected_date=today) if late else awaited
    return _expected_of(queued, units, today=today, announced=_announced(awaited.sku, order, facts))


def _is_collected(order: Order, facts: Facts) -> bool:
    method = facts.methods.get(order.delivery.method)
    return method is not None and method.kind is MethodKind.STORE_PICKUP


def expected_elsewhere(order: Order, awaited: Awaited, facts: Facts) -> Awaited | None:
    """Returns what the units that wait for ``awaited`` may wait for instead: the first supply elsewhere for them all.

    Of the candidates, each after those who come first there; ``None`` when no other place expects as many. What is
    there already is about to be reserved, wherever they wait.
    """
    sku, waiting = awaited.sku, waiting_units(order)
    moving = waiting[sku, awaited.location]
    found: list[tuple[date, int, Awaited]] = []
    for place, one in enumerate(facts.candidates if moving else ()):
        if one.code == awaited.location:
            continue
        stock = facts.stock_of(sku, one.code) or Stock(sku=sku, location=one.code)
        units_ahead = units_before_newcomer(order, facts.queue_of(sku, one.code))
        queued = msgspec.structs.replace(stock, backordered=units_ahead, reserved=stock.reserved + one.floor_units)
        today = local_day(facts.now, facts.location(one.code).timezone)
        expected = _expected_of(queued, moving + waiting[sku, one.code], today=today, announced=None)
        if expected.expected_date is not None and expected.reference is not None:
            found.append((expected.expected_date, place, expected))
    return min(found)[2] if found else None


def _kept_back(order: Order, code: str, facts: Facts) -> int:
    """Returns how many units a store keeps for its visitors where an order is shipped from it."""
    location = facts.location(code)
    if _is_collected(order, facts):
        return 0
    return kept_for_visitors(location.kind, location.floor_units, facts.policy.sourcing)


def _announced(sku: str, order: Order, facts: Facts) -> date | None:
    """Returns the day a SKU is announced for; that day brings nothing to the store where an order is collected."""
    variant = facts.variants.get(sku)
    return None if variant is None or _is_collected(order, facts) else variant.available_from


def unmade_units(order: UnitsOfLines) -> Counter[Place]:
    """Returns how many units are still to be made, by SKU and location."""
    made = made_lines(order)
    unmade: Counter[Place] = Counter()
    if made:
        for entry in order.units:
            if entry.line in made and entry.stage in UNMADE_STAGES:
                unmade[entry.sku, entry.location] += entry.quantity
    return unmade


def _supplied(
    waiting: Counter[Place],
    waited: Counter[Place],
    taken: Counter[Place],
    known: Mapping[Place, Awaited],
    told: Mapping[Place, Awaited],
    facts: Facts,
    *,
    now: datetime,
) -> Iterator[Awaited]:
    for (sku, code), units in waiting.items():
        place = (sku, code)
        earlier = known.get(place)
        if place in told:
            yield told[place]
        elif earlier is not None and units <= waited[place]:
            yield earlier
        else:
            yield _expected(sku, code, units - waited[place], facts, now=now, taken=taken[place])


def _reserved(order: UnitsOfLines) -> Counter[Place]:
    reserved: Counter[Place] = Counter()
    for entry in ready_units(order):
        reserved[entry.sku, entry.location] += entry.quantity
    return reserved


def _expected(sku: str, code: str, units: int, facts: Facts, *, now: datetime, taken: int) -> Awaited:
    """Returns when units more come, of stock of which the order itself takes some, and a store keeps its floor."""
    today = local_day(now, facts.location(code).timezone)
    stock = facts.stock_of(sku, code) or Stock(sku=sku, location=code)
    here = next((one for one in facts.candidates if one.code == code), Candidate(code=code))
    left = msgspec.structs.replace(stock, reserved=stock.reserved + taken + here.floor_units)
    variant = facts.variants.get(sku)
    announced = None if variant is None or here.collected else variant.available_from
    return _expected_of(left, units, today=today, announced=announced)


def _expected_of(stock: Stock, units: int, *, today: date, announced: date | None) -> Awaited:
    sku, code = stock.sku, stock.location
    coverage = promised_by(stock, units, today=today)
    if coverage.uncovered or not coverage.parts:
        expected = announced if announced is not None and announced >= today else None
        return Awaited(sku=sku, location=code, expected_date=expected, reference=None)
    last = coverage.parts[-1]
    return Awaited(sku=sku, location=code, expected_date=last.expected_date or today, reference=last.reference)


def _made(unmade: Counter[Place], known: Mapping[Place, Awaited], facts: Facts, *, now: datetime) -> Iterator[Awaited]:
    for sku, code in unmade:
        earlier = known.get((sku, code))
        if earlier is not None:
            yield earlier
            continue
        variant = facts.variants.get(sku)
        days = None if variant is None else variant.production_days
        expected = None if days is None else _working_day(facts.location(code), days, now)
        yield Awaited(sku=sku, location=code, expected_date=expected, reference=None)


def _working_day(location: Location, days: int, now: datetime) -> date:
    day = local_day(now, location.timezone)
    while days:
        day += ONE_DAY
        if works_on(location, day):
            days -= 1
    return day
