"""Gathering what decisions on orders look at, from the state their commands named."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from aftercart.catalog.model import Variant, VariantKey
from aftercart.inventory.model import Stock, StockKey
from aftercart.kit.commands import Actor, Context
from aftercart.kit.state import NeedsChanged, State
from aftercart.orders.model import ChannelKey, Delivery, Order, Queued, QueueKey
from aftercart.orders.rules.facts import Asker, Facts
from aftercart.orders.scouts.serving import (
    NOT_HANDED_OVER,
    Way,
    candidates_for,
    locations_in,
    methods_in,
    parts_of,
    policy_in,
    reads_of,
    way_of,
)
from aftercart.shipping.model import (
    CapacityKey,
    DirectoryKey,
    PickupPoint,
    PickupPointKey,
    UpcomingCapacityKey,
    floor_resource,
    is_floor,
)
from aftercart.sourcing.model import Candidate

CUSTOMER_ROLE: Final = "customer"


def asker_of(actor: Actor) -> Asker:
    """Returns whether a customer asks or somebody of the shop."""
    return Asker.CUSTOMER if actor.role == CUSTOMER_ROLE else Asker.STAFF


def facts_without_units(order: Order, state: State, context: Context, *, known: Sequence[str] = ()) -> Facts:
    """Returns the facts for decisions that need no new units; ``known`` are SKUs of interest."""
    return _facts(state, context, way=way_of(order.delivery), skus=(), known=known, channel=None, candidates=())


def facts_to_change(
    order: Order, state: State, context: Context, *, skus: Iterable[str], known: Iterable[str] = ()
) -> Facts:
    """Returns the facts for decisions that may want more units of ``skus``; ``known`` are further SKUs of interest."""
    way = way_of(order.delivery)
    return facts_to_serve(state, context, way=way, skus=tuple(skus), channel=order.channel, known=tuple(known))


def facts_to_reroute(order: Order, delivery: Delivery, state: State, context: Context) -> Facts:
    """Returns the facts for decisions that send an order another way: units not handed over may be served anew."""
    skus = tuple(dict.fromkeys(entry.sku for entry in order.units if entry.stage in NOT_HANDED_OVER))
    return facts_to_serve(state, context, way=way_of(delivery), skus=skus, channel=order.channel)


def facts_to_serve(
    state: State, context: Context, *, way: Way, skus: Sequence[str], channel: str, known: Sequence[str] = ()
) -> Facts:
    """Returns the facts for decisions on new units; only locations whose stock was locked are candidates."""
    return _facts(
        state, context, way=way, skus=skus, known=known, channel=channel, candidates=candidates_for(way, state)
    )


def _facts(
    state: State,
    context: Context,
    *,
    way: Way,
    skus: Sequence[str],
    known: Sequence[str],
    channel: str | None,
    candidates: Sequence[Candidate],
) -> Facts:
    variants = {sku: state.find(VariantKey(sku)) for sku in (*skus, *known)}
    found: Mapping[str, Variant] = {sku: variant for sku, variant in variants.items() if variant is not None}
    stocked = tuple(dict.fromkeys(part for sku in skus for part in _parts(found, sku)))
    components = {part: _component(state, part) for part in stocked if part not in variants}
    locked: list[Candidate] = []
    units: dict[tuple[str, str], int] = {}
    for one in candidates:
        keys = [StockKey(sku, one.code) for sku in stocked]
        if all(map(state.knows, keys)):
            locked.append(one)
            for key in keys:
                stock = state.find(key)
                if stock is not None:
                    units[key.sku, key.location] = stock.available - one.floor_units
    if candidates and not locked:
        raise NeedsChanged(StockKey(sku, one.code) for sku in stocked for one in candidates)

    def available(sku: str, location: str) -> int:
        return units.get((sku, location), 0)

    points, directories = _points(way, state)
    return Facts(
        now=context.now,
        asker=asker_of(context.actor),
        policy=policy_in(state),
        locations=locations_in(state),
        methods=methods_in(state),
        variants={**found, **components},
        channel=None if channel is None else state.find(ChannelKey(channel)),
        candidates=locked,
        others=[one for one in candidates if one not in locked],
        available=available,
        stock_of=_stock(state),
        queue_of=_queues(state),
        booked=_booked(state),
        points=points,
        directories=directories,
    )


def _stock(state: State) -> Callable[[str, str], Stock | None]:
    def stock_of(sku: str, location: str) -> Stock | None:
        return state.find(StockKey(sku, location))

    return stock_of


def _queues(state: State) -> Callable[[str, str], Sequence[Queued]]:
    def queue_of(sku: str, location: str) -> Sequence[Queued]:
        return state.find(QueueKey(sku, location)) or ()

    return queue_of


def _booked(state: State) -> Callable[[str, datetime], tuple[int, ...]]:
    """Tells what is booked; of floors whose hours do not count nothing is asked.

    A truck that is not locked is told as it was at first sight: one that is full is passed over without its lock, and
    one that is taken is locked before that counts.
    """
    upcoming = state.find(UpcomingCapacityKey()) or {}
    locations = locations_in(state)
    counted = {floor_resource(one.code) for one in locations if one.hourly_capacity_orders is not None}

    def booked(resource: str, at: datetime) -> tuple[int, ...]:
        if resource not in counted and is_floor(resource):
            return ()
        key = CapacityKey(resource, at)
        capacity = state.find(key) if state.knows(key) else upcoming.get(key)
        return () if capacity is None else capacity.booked

    return booked


def _points(way: Way, state: State) -> tuple[Mapping[tuple[str, str], PickupPoint], frozenset[str]]:
    """Returns the pickup point of a way as its network has it, and the networks whose points are known."""
    points: dict[tuple[str, str], PickupPoint] = {}
    directories: set[str] = set()
    for read in reads_of(way, state):
        key = read.key
        if isinstance(key, DirectoryKey):
            if state.find(key):
                directories.add(key.network)
        elif isinstance(key, PickupPointKey):
            point = state.find(key)
            if point is not None:
                points[key.network, key.code] = point
    return points, frozenset(directories)


def _parts(found: Mapping[str, Variant], sku: str) -> tuple[str, ...]:
    variant = found.get(sku)
    return (sku,) if variant is None else parts_of(variant)


def _component(state: State, sku: str) -> Variant:
    variant = state.find(VariantKey(sku))
    # The catalog does not take a bundle of SKUs it does not know, and forgets none.
    assert variant is not None, f"the component {sku} is not in the catalog"
    return variant
