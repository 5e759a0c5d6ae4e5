"""How pick lists change: by events of their own, and by what happens to units of their orders."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, assert_never
from uuid import UUID

import msgspec

from aftercart.fulfillment.events import (
    ItemTaken,
    PickingAbandoned,
    PickListAbandoned,
    PickListCreated,
    PickListFinished,
    PickListStarted,
    ShortReported,
    UnitsPicked,
    UnitsShort,
)
from aftercart.fulfillment.model import NO_BIN, AssignmentKey, Pick, PickList, PickListKey, PickListStatus
from aftercart.inventory.model import IN_HAND_STAGES, Stage
from aftercart.kit.state import Key, State

OfList = PickListStarted | ItemTaken | ShortReported | PickListFinished | PickListAbandoned
Changed = Callable[[Pick], Pick]
PickPlace = tuple[UUID, str, str]


def evolve_pick_list_created(
    stream: UUID, event: PickListCreated, _state: State
) -> Iterator[tuple[Key[Any], PickList | UUID]]:
    """Yields the new list, and that the work of its orders is on it."""
    yield (
        PickListKey(stream),
        PickList(
            pick_list=stream,
            location=event.location,
            status=PickListStatus.OPEN,
            totes=event.totes,
            stops=event.stops,
            meters=event.meters,
            created_at=event.created_at,
            version=1,
            wave=event.wave,
        ),
    )
    for tote in event.totes:
        yield AssignmentKey(tote.order_id, event.location), stream


def evolve_pick_list(stream: UUID, event: OfList, state: State) -> Iterator[tuple[PickListKey, PickList]]:
    """Yields the list after an event of its own."""
    key = PickListKey(stream)
    before = state.find(key)
    assert before is not None, f"{type(event).__name__} happened to a list that was never made"
    yield key, msgspec.structs.replace(_after(before, event), version=before.version + 1)


def evolve_picks(
    stream: UUID, event: UnitsPicked | UnitsShort | PickingAbandoned, state: State
) -> Iterator[tuple[PickListKey, PickList]]:
    """Yields the list with what happened to units of one of its orders."""
    if event.pick_list is None:
        return
    key = PickListKey(event.pick_list)
    before = state.find(key)
    assert before is not None, f"{type(event).__name__} names a list that was never made"
    yield key, _with_picks(before, _changes(stream, event))


def _after(pick_list: PickList, event: OfList) -> PickList:
    match event:
        case PickListStarted():
            return msgspec.structs.replace(
                pick_list, status=PickListStatus.STARTED, picker=event.picker, started_at=event.started_at
            )
        case ItemTaken():
            taken = (((one.order_id, event.sku, event.bin), _adding(taken=one.quantity)) for one in event.orders)
            return _with_picks(pick_list, taken)
        case ShortReported():
            short = (((one.order_id, event.sku, event.bin), _short_of(event, one.quantity)) for one in event.orders)
            return _with_picks(pick_list, short)
        case PickListFinished():
            return msgspec.structs.replace(pick_list, status=PickListStatus.FINISHED, ended_at=event.ended_at)
        case PickListAbandoned():
            return msgspec.structs.replace(pick_list, status=PickListStatus.ABANDONED, ended_at=event.ended_at)
        case _:
            assert_never(event)


def _changes(order_id: UUID, event: UnitsPicked | UnitsShort | PickingAbandoned) -> Iterator[tuple[PickPlace, Changed]]:
    code = event.bin or NO_BIN
    match event:
        case UnitsShort():
            yield (order_id, event.sku, code), _adding(written_off=event.quantity)
        case UnitsPicked():
            for sku, quantity in _units(event, frozenset({Stage.RELEASED})).items():
                yield (order_id, sku, code), _adding(reached=quantity)
        case PickingAbandoned():
            for sku, quantity in _units(event, IN_HAND_STAGES).items():
                yield (order_id, sku, code), _adding(returned=quantity)
        case _:
            assert_never(event)


def _units(event: UnitsPicked | PickingAbandoned, sources: frozenset[Stage]) -> Counter[str]:
    units = Counter[str]()
    for move in event.moves:
        if move.source in sources:
            units[move.sku] += move.quantity
    return units


def _adding(*, reached: int = 0, taken: int = 0, written_off: int = 0, returned: int = 0) -> Changed:
    def added(pick: Pick) -> Pick:
        return msgspec.structs.replace(
            pick,
            reached=pick.reached + reached,
            taken=pick.taken + taken,
            written_off=pick.written_off + written_off,
            returned=pick.returned + returned,
        )

    return added


def _short_of(event: ShortReported, quantity: int) -> Changed:
    def short(pick: Pick) -> Pick:
        return msgspec.structs.replace(pick, short=pick.short + quantity, short_reason=event.short_reason)

    return short


def _with_picks(pick_list: PickList, changes: Iterable[tuple[PickPlace, Changed]]) -> PickList:
    picks = {(pick.order_id, pick.sku, pick.bin): pick for pick in pick_list.picks}
    for place, change in changes:
        order_id, sku, code = place
        picks[place] = change(picks.get(place) or Pick(order_id=order_id, sku=sku, bin=code))
    return msgspec.structs.replace(pick_list, picks=tuple(picks[place] for place in sorted(picks)))
