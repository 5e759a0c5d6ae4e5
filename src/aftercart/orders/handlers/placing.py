"""How an order is placed: the rows it needs, and looking everywhere before stock is said to be missing."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from aftercart.catalog.model import VariantKey
from aftercart.inventory.model import Stage
from aftercart.kit.commands import Context, Decision, Handler
from aftercart.kit.refusal import Invalid
from aftercart.kit.state import Key, NeedsChanged, Read, State
from aftercart.orders.decisions.place_order import PlaceOrder, ReferenceAlreadyUsed, place_order
from aftercart.orders.handlers.circumstances import facts_to_serve
from aftercart.orders.handlers.finding import OrderRef
from aftercart.orders.model import ChannelKey, OrderKey, ReferenceKey
from aftercart.orders.rules.stock_for_lines import InsufficientStock
from aftercart.orders.scouts import SCOUT_PLACE, parts_of_wish
from aftercart.orders.scouts.serving import (
    candidates_for,
    common_facts,
    postcode_facts,
    reads_of,
    stock_keys,
    variant_reads,
    way_of,
)
from aftercart.shipping.model import CapacityKey, slot_resource

PLACED_AT_ROLE: Final = "integrator"
"""Only a machine that brings orders from elsewhere may say when they were placed."""


def _facts(command: PlaceOrder) -> Iterable[Key[Any]]:
    yield from common_facts(command)
    yield from postcode_facts(way_of(command.delivery))
    yield ChannelKey(command.channel)
    for line in command.lines:
        yield VariantKey(line.sku)


def _needs(command: PlaceOrder, facts: State) -> Iterable[Key[Any] | Read]:
    if command.reference is not None:
        yield ReferenceKey(command.channel, command.reference)
    yield from reads_of(way_of(command.delivery), facts)
    if command.delivery.slot is not None:
        yield CapacityKey(slot_resource(command.delivery.method), command.delivery.slot)
    for line in command.lines:
        variant = facts.find(VariantKey(line.sku))
        if variant is not None and variant.components:
            yield from variant_reads(component.sku for component in variant.components)


def _decide(command: PlaceOrder, state: State, context: Context) -> Decision:
    if command.placed_at is not None and context.actor.role != PLACED_AT_ROLE:
        raise Invalid(param="placed_at", expected="nothing, unless an integrator asks", got=str(command.placed_at))
    if command.reference is not None:
        placed = state.find(ReferenceKey(command.channel, command.reference))
        if placed is not None and placed.fingerprint != context.fingerprint:
            raise ReferenceAlreadyUsed(reference=command.reference, number=placed.number)
        if placed is not None:
            result = OrderRef(order_id=placed.order_id, version=1)
            return Decision(stream=placed.order_id, version=1, events=(), result=result)
    skus = tuple(dict.fromkeys(line.sku for line in command.lines))
    facts = facts_to_serve(state, context, way=way_of(command.delivery), skus=skus, channel=command.channel)
    order_id = context.ids.new_id(context.now)
    event = place_order(command, number=context.ids.order_number(), fingerprint=context.fingerprint, facts=facts)
    return Decision(
        stream=order_id,
        version=0,
        events=(event,),
        result=OrderRef(order_id=order_id, version=1),
        root=OrderKey(order_id),
        policy_version=facts.policy.version,
    )


def _looking_everywhere(decide: Callable[[Any, State, Context], Decision]) -> Callable[[Any, State, Context], Decision]:
    """Lets a refusal for want of stock stand only when every location that may serve was locked and looked at."""

    def decide_or_look_everywhere(command: PlaceOrder, state: State, context: Context) -> Decision:
        try:
            decision = decide(command, state, context)
        except InsufficientStock:
            _require_all_looked_at(command, state)
            raise
        if any(move.target is Stage.BACKORDERED for event in decision.events for move in getattr(event, "moves", ())):
            _require_all_looked_at(command, state)
        return decision

    return decide_or_look_everywhere


def _require_all_looked_at(command: PlaceOrder, state: State) -> None:
    candidates = candidates_for(way_of(command.delivery), state)
    unknown = [key for key in stock_keys(set(parts_of_wish(command, state)), candidates) if not state.knows(key)]
    if unknown:
        raise NeedsChanged(unknown)


HANDLER: Final = Handler(
    command=PlaceOrder,
    facts=_facts,
    needs=_needs,
    scout=SCOUT_PLACE,
    decide=_looking_everywhere(_decide),
    weight=lambda command: len(command.lines),
)
