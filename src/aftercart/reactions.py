"""The whole choreography on one page: which event asks for which commands, after its commit.

goods arrived, were found, or became free   -> reserve_backorder, the oldest promise first
units of an order went missing, or short     -> reserve_backorder for that order, from another location
a picker reported units short                -> write_off_units, for the orders that go without
a pick list ended                            -> abandon_picking, for what was reached and lies there still
a count found less than is reserved         -> report_missing_units, the latest promise first
supply comes on another day, or comes short  -> review_promise, for who waits there, or anywhere without a day
a pre-order comes out on another day        -> the same
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from aftercart.catalog.events import VariantsUpserted
from aftercart.catalog.model import VariantKind
from aftercart.fulfillment.decisions.abandon_picking import AbandonPicking
from aftercart.fulfillment.decisions.write_off_units import WriteOffUnits
from aftercart.fulfillment.events import (
    PickingAbandoned,
    PickListAbandoned,
    PickListFinished,
    ShortReported,
    UnitsPutBack,
    UnitsShort,
)
from aftercart.inventory.events import (
    BinCounted,
    SafetyStockSet,
    StockAdjusted,
    StockCounted,
    StockQuarantined,
    StockReceived,
    SupplyChanged,
)
from aftercart.inventory.model import StockKey
from aftercart.inventory.queries import Stocked, find_stocked
from aftercart.inventory.rules.stock_changes import reserved_deltas
from aftercart.kit.commands import Command
from aftercart.kit.database import Database
from aftercart.kit.state import Event
from aftercart.orders.decisions.report_missing_units import ReportMissingUnits
from aftercart.orders.decisions.reserve_backorder import ReserveBackorder
from aftercart.orders.decisions.review_promise import ReviewPromise
from aftercart.orders.events import (
    DeliveryAddressChanged,
    DeliveryMethodChanged,
    LineQuantityChanged,
    LinesCanceled,
    OrderCanceled,
    OrderChanged,
    PickupPointChanged,
    UnitsMissing,
    VariantSwapped,
)
from aftercart.orders.queries import (
    TO_BE_SENT,
    find_concerned,
    find_orders_holding,
    find_orders_waiting,
    find_waiting_places,
    load_policy,
)
from aftercart.shipping.model import MethodKind
from aftercart.shipping.queries import find_methods
from aftercart.sourcing.rules.candidates import Preferences, kept_for_visitors

Reaction = Callable[[Database, UUID, Any], Awaitable[Sequence[Command]]]
"""``react(database, stream, event)`` returns the commands an event asks for; it changes nothing itself."""


async def _stock_arrived(database: Database, _stream: UUID, event: StockReceived | StockAdjusted) -> Sequence[Command]:
    return await serve_waiting(database, {line.sku for line in event.lines if line.delta > 0})


async def _received(database: Database, stream: UUID, event: StockReceived) -> Sequence[Command]:
    short = {StockKey(one.sku, event.location) for one in event.supply if one.short}
    return (*await _stock_arrived(database, stream, event), *await review_promises(database, short))


async def _supply_changed(database: Database, _stream: UUID, event: SupplyChanged) -> Sequence[Command]:
    return await review_promises(database, {StockKey(line.sku, line.location) for line in event.lines})


async def _announced_anew(database: Database, _stream: UUID, event: VariantsUpserted) -> Sequence[Command]:
    announced = [one.sku for one in event.variants if one.kind is VariantKind.PREORDER]
    return await review_promises(database, await find_waiting_places(database, announced)) if announced else ()


async def _stock_counted(database: Database, _stream: UUID, event: StockCounted | BinCounted) -> Sequence[Command]:
    missing: list[Command] = []
    for line in event.lines:
        if line.short > 0:
            holding = await find_orders_holding(database, sku=line.sku, location=event.location, units=line.short)
            missing.extend(
                ReportMissingUnits(order_id=order_id, sku=line.sku, location=event.location) for order_id in holding
            )
    found = await serve_waiting(database, {line.sku for line in event.lines if line.delta > 0})
    return (*missing, *found)


async def _safety_set(database: Database, _stream: UUID, event: SafetyStockSet) -> Sequence[Command]:
    return await serve_waiting(database, {line.sku for line in event.lines if line.safety < line.previous_safety})


async def _quarantine_changed(database: Database, _stream: UUID, event: StockQuarantined) -> Sequence[Command]:
    return await serve_waiting(database, {line.sku for line in event.lines if line.delta < 0})


async def _units_freed(
    database: Database, _stream: UUID, event: OrderChanged | UnitsPutBack | PickingAbandoned
) -> Sequence[Command]:
    freed = {key.sku for key, delta in reserved_deltas(event.moves).items() if delta < 0}
    return await serve_waiting(database, freed)


async def _units_missing(_database: Database, stream: UUID, event: UnitsMissing | UnitsShort) -> Sequence[Command]:
    return (ReserveBackorder(order_id=stream, sku=event.sku),)


async def _short_reported(_database: Database, stream: UUID, event: ShortReported) -> Sequence[Command]:
    return tuple(
        WriteOffUnits(order_id=one.order_id, location=event.location, pick_list=stream, bin=event.bin, sku=event.sku)
        for one in event.orders
    )


async def _list_ended(
    _database: Database, stream: UUID, event: PickListFinished | PickListAbandoned
) -> Sequence[Command]:
    return tuple(
        AbandonPicking(order_id=one.order_id, location=event.location, pick_list=stream, bin=one.bin)
        for one in event.left
    )


async def serve_waiting(database: Database, skus: Collection[str]) -> Sequence[Command]:
    """Returns the commands that give what there is of these SKUs to the orders waiting longest for it."""
    # Mostly nobody waits, and then this is all that is asked.
    wanted = sorted({place.sku for place in await find_waiting_places(database, skus)}) if skus else []
    stocked = await find_stocked(database, wanted) if wanted else []
    if not stocked:
        return ()
    preferences = (await load_policy(database)).sourcing
    collecting = [one.code for one in await find_methods(database) if one.kind is MethodKind.STORE_PICKUP]
    reach = _within_reach(stocked, preferences)
    waiting = await find_orders_waiting(database, reach, collecting_methods=collecting)
    return tuple(ReserveBackorder(order_id=order_id, sku=sku) for order_id, sku in waiting)


def _within_reach(stocked: Iterable[Stocked], preferences: Preferences) -> Counter[StockKey]:
    """Returns what those may take who collect at a place, and what those may take who are sent it from anywhere."""
    reach: Counter[StockKey] = Counter()
    for one in stocked:
        reach[StockKey(one.sku, one.location)] = one.units
        if one.ships:
            kept = kept_for_visitors(one.kind, one.floor_units, preferences)
            reach[StockKey(one.sku, TO_BE_SENT)] += max(one.units - kept, 0)
    return reach


async def review_promises(database: Database, places: Iterable[StockKey]) -> Sequence[Command]:
    """Returns the commands that look again at the promises of the orders whom it concerns what comes to these places.

    Who waits elsewhere and knows no day may have one there: it is not for those who order later.
    """
    wanted = tuple(places)
    if not wanted:
        return ()
    concerned = await find_concerned(database, wanted)
    return tuple(ReviewPromise(order_id=order_id, sku=at.sku, location=at.location) for order_id, at in concerned)


REACTIONS: Final[dict[type[Event], Reaction]] = {
    StockReceived: _received,
    SupplyChanged: _supply_changed,
    VariantsUpserted: _announced_anew,
    StockAdjusted: _stock_arrived,
    StockCounted: _stock_counted,
    BinCounted: _stock_counted,
    SafetyStockSet: _safety_set,
    StockQuarantined: _quarantine_changed,
    LineQuantityChanged: _units_freed,
    VariantSwapped: _units_freed,
    LinesCanceled: _units_freed,
    OrderCanceled: _units_freed,
    DeliveryAddressChanged: _units_freed,
    DeliveryMethodChanged: _units_freed,
    PickupPointChanged: _units_freed,
    UnitsMissing: _units_missing,
    UnitsShort: _units_missing,
    UnitsPutBack: _units_freed,
    PickingAbandoned: _units_freed,
    ShortReported: _short_reported,
    PickListFinished: _list_ended,
    PickListAbandoned: _list_ended,
}
