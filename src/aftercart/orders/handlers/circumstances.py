"""Gathering what decisions on orders look at, from the state their commands named."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from aftercart.catalog.model import Variant, VariantKey
from aftercart.inventory.model import Location, LocationsKey, StockKey
from aftercart.kit.commands import Actor, Context
from aftercart.kit.state import Key, NeedsChanged, State
from aftercart.orders.model import DEFAULT_POLICY, ChannelKey, DeliveryMethod, Order, Policy, PolicyKey
from aftercart.orders.rules.facts import Asker, Facts
from aftercart.orders.scouts import candidates_for, parts_of

CUSTOMER_ROLE: Final = "customer"


def common_facts(_command: Any) -> tuple[Key[Any], ...]:
    """Returns the facts that every decision on an order looks at."""
    return LocationsKey(), PolicyKey()


def policy_of(state: State) -> Policy:
    """Returns the policy in force."""
    return state.find(PolicyKey()) or DEFAULT_POLICY


def locations_of(state: State) -> tuple[Location, ...]:
    """Returns all locations."""
    return state.find(LocationsKey()) or ()


def asker_of(actor: Actor) -> Asker:
    """Returns whether a customer asks or somebody of the shop."""
    return Asker.CUSTOMER if actor.role == CUSTOMER_ROLE else Asker.STAFF


def plain_facts(state: State, context: Context) -> Facts:
    """Returns the facts for decisions that need no new units."""
    return facts_to_serve(state, context, skus=(), channel=None, candidates=())


def facts_to_change(
    order: Order, state: State, context: Context, *, skus: Iterable[str], known: Iterable[str] = ()
) -> Facts:
    """Returns the facts for decisions that may want more units of ``skus``; ``known`` are further SKUs of interest."""
    delivery = order.delivery
    candidates = candidates_for(locations_of(state), DeliveryMethod(delivery.method), delivery.pickup_point)
    return facts_to_serve(
        state, context, skus=tuple(skus), channel=order.channel, candidates=candidates, known=tuple(known)
    )


def facts_to_serve(
    state: State,
    context: Context,
    *,
    skus: Sequence[str],
    channel: str | None,
    candidates: Sequence[str],
    known: Sequence[str] = (),
) -> Facts:
    """Returns the facts for decisions on new units; only locations whose stock was locked are candidates."""
    variants = {sku: state.find(VariantKey(sku)) for sku in (*skus, *known)}
    found: Mapping[str, Variant] = {sku: variant for sku, variant in variants.items() if variant is not None}
    stocked = tuple(dict.fromkeys(part for sku in skus for part in _parts(found, sku)))
    components = {part: _component(state, part) for part in stocked if part not in variants}
    found = {**found, **components}
    locked = [code for code in candidates if all(state.knows(StockKey(sku, code)) for sku in stocked)]
    if candidates and not locked:
        raise NeedsChanged(StockKey(sku, code) for sku in stocked for code in candidates)
    units: dict[tuple[str, str], int] = {}
    for sku in stocked:
        for code in locked:
            stock = state.find(StockKey(sku, code))
            if stock is not None:
                units[sku, code] = stock.available

    def available(sku: str, location: str) -> int:
        return units.get((sku, location), 0)

    return Facts(
        now=context.now,
        asker=asker_of(context.actor),
        policy=policy_of(state),
        locations=locations_of(state),
        variants=found,
        channel=None if channel is None else state.find(ChannelKey(channel)),
        candidates=locked,
        others=[code for code in candidates if code not in locked],
        available=available,
    )


def _parts(found: Mapping[str, Variant], sku: str) -> tuple[str, ...]:
    variant = found.get(sku)
    return (sku,) if variant is None else parts_of(variant)


def _component(state: State, sku: str) -> Variant:
    variant = state.find(VariantKey(sku))
    # The catalog does not take a bundle of SKUs it does not know, and forgets none.
    assert variant is not None, f"the component {sku} is not in the catalog"
    return variant
