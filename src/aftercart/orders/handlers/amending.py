"""How several changes are made as one, and how an order is placed again: decisions made of other decisions."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from aftercart.catalog.model import VariantKey
from aftercart.inventory.evolve import evolve_holdings
from aftercart.kit.commands import Context, Decision, Handler
from aftercart.kit.state import Event, Evolver, Key, State
from aftercart.orders.decisions.amend import Amend, amend
from aftercart.orders.decisions.order_again import OrderAgain, delivery_again, lines_again, order_again
from aftercart.orders.evolve import evolve_order, evolve_queues
from aftercart.orders.handlers.changing import CHANGES
from aftercart.orders.handlers.circumstances import facts_to_serve
from aftercart.orders.handlers.finding import OrderRef, find_order, on_order, order_needs, order_root
from aftercart.orders.model import Order, OrderChange, OrderKey
from aftercart.orders.scouts import SCOUT_AGAIN, SCOUT_AMEND
from aftercart.orders.scouts.serving import common_facts, postcode_facts, way_of
from aftercart.shipping.evolve import evolve_bookings

EVOLVERS: Final[tuple[Evolver, ...]] = (evolve_order, evolve_queues, evolve_holdings, evolve_bookings)
"""What every event of an order changes, after its placement."""


def _amend_facts(command: Amend) -> Iterable[Key[Any]]:
    yield from common_facts(command)
    for operation in command.operations:
        yield from CHANGES[type(operation)].facts(operation)


def _amend(command: Amend, _order: Order, state: State, context: Context) -> Sequence[Event]:
    draft = state.fork()

    def decide(operation: OrderChange) -> Sequence[Any]:
        change = CHANGES[type(operation)]
        order = find_order(draft, command.order_id)
        events: Sequence[Any] = change.decide(operation, order, facts=change.gather(operation, order, draft, context))
        for event in events:
            for evolve in EVOLVERS:
                for key, value in tuple(evolve(command.order_id, event, draft)):
                    draft.put(key, value)
        return events

    return amend(command, decide=decide)


def _again_facts(command: OrderAgain) -> Iterable[Key[Any]]:
    yield from common_facts(command)
    if command.delivery is not None:
        yield from postcode_facts(way_of(command.delivery))
    for line in command.lines or ():
        yield VariantKey(line.sku)


def _decide_again(command: OrderAgain, state: State, context: Context) -> Decision:
    order = find_order(state, command.order_id)
    skus = tuple(dict.fromkeys(line.sku for line in command.lines or lines_again(order)))
    way = way_of(command.delivery or delivery_again(order))
    facts = facts_to_serve(state, context, way=way, skus=skus, channel=order.channel)
    order_id = context.ids.new_id(context.now)
    event = order_again(command, order, number=context.ids.order_number(), fingerprint=context.fingerprint, facts=facts)
    return Decision(
        stream=order_id,
        version=0,
        events=(event,),
        result=OrderRef(order_id=order_id, version=1),
        root=OrderKey(order_id),
        policy_version=facts.policy.version,
    )


HANDLERS: Final[tuple[Handler[Any], ...]] = (
    Handler(
        command=Amend,
        facts=_amend_facts,
        needs=order_needs,
        scout=SCOUT_AMEND,
        root=order_root,
        decide=on_order(_amend),
        weight=lambda command: max(1, len(command.operations)),
    ),
    Handler(
        command=OrderAgain,
        facts=_again_facts,
        scout=SCOUT_AGAIN,
        root=order_root,
        decide=_decide_again,
    ),
)
