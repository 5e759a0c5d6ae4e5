"""How the orders' commands are carried out: which rows each needs and which decision it calls."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from aftercart.catalog.model import Variant, VariantKey
from aftercart.inventory.model import Location, LocationsKey, Stage, StockKey
from aftercart.kit.commands import Context, Decision, Handler, Scout, UpsertResult
from aftercart.kit.refusal import Invalid, Refusal
from aftercart.kit.state import Event, Key, NeedsChanged, State
from aftercart.orders.decisions.cancel_lines import CancelLines, cancel_lines
from aftercart.orders.decisions.cancel_order import CancelOrder, ExpirePaymentHold, cancel_order, expire_payment_hold
from aftercart.orders.decisions.change_delivery_address import ChangeDeliveryAddress, change_delivery_address
from aftercart.orders.decisions.change_line_quantity import ChangeLineQuantity, change_line_quantity
from aftercart.orders.decisions.place_order import PlaceOrder, ReferenceAlreadyUsed, place_order
from aftercart.orders.decisions.report_missing_units import ReportMissingUnits, report_missing_units
from aftercart.orders.decisions.reserve_backorder import ReserveBackorder, reserve_backorder
from aftercart.orders.decisions.upsert_channels import UpsertChannels, upsert_channels
from aftercart.orders.model import ChannelKey, DeliveryMethod, Order, OrderKey, ReferenceKey
from aftercart.orders.rules.stock_for_lines import InsufficientStock
from aftercart.orders.rules.supply import Supply
from aftercart.orders.scouts import (
    SCOUT_BACKORDER,
    SCOUT_CANCEL_LINES,
    SCOUT_CHANGE,
    SCOUT_PLACE,
    SCOUT_WHOLE_ORDER,
    candidates_for,
)

PLACED_AT_ROLE: Final = "integrator"
"""Only a machine that brings orders from elsewhere may say when they were placed."""


class OrderRef(msgspec.Struct, frozen=True, kw_only=True):
    """The remembered result of every command on an order: the order as it was at ``version``."""

    order_id: UUID
    version: int


class OrderNotFound(Refusal):
    """There is no such order, or none this caller may know of."""

    status = 404

    def __init__(self) -> None:
        super().__init__(param="order")


def _locations(state: State) -> tuple[Location, ...]:
    return state.find(LocationsKey()) or ()


def _supply(state: State, *, skus: Sequence[str], channel: str, candidates: Sequence[str]) -> Supply:
    """Gathers what decisions on new units look at; only locations whose stock was locked are candidates."""
    variants = {sku: state.find(VariantKey(sku)) for sku in skus}
    known: Mapping[str, Variant] = {sku: variant for sku, variant in variants.items() if variant is not None}

    locked = [code for code in candidates if all(state.knows(StockKey(sku, code)) for sku in skus)]
    if candidates and not locked:
        raise NeedsChanged(StockKey(sku, code) for sku in skus for code in candidates)
    units: dict[tuple[str, str], int] = {}
    for sku in skus:
        for code in locked:
            stock = state.find(StockKey(sku, code))
            if stock is not None:
                units[sku, code] = stock.available

    def available(sku: str, location: str) -> int:
        return units.get((sku, location), 0)

    return Supply(
        variants=known,
        locations=_locations(state),
        candidates=locked,
        others=[code for code in candidates if code not in locked],
        available=available,
        channel=state.find(ChannelKey(channel)),
    )


def _place_facts(command: PlaceOrder) -> Iterable[Key[Any]]:
    yield LocationsKey()
    yield ChannelKey(command.channel)
    for line in command.lines:
        yield VariantKey(line.sku)


def _place_needs(command: PlaceOrder, _facts: State) -> tuple[Key[Any], ...]:
    return () if command.reference is None else (ReferenceKey(command.channel, command.reference),)


def _decide_place(command: PlaceOrder, state: State, context: Context) -> Decision:
    if command.placed_at is not None and context.actor.role != PLACED_AT_ROLE:
        raise Invalid(param="placed_at", expected="nothing, unless an integrator asks", got=str(command.placed_at))
    if command.reference is not None:
        placed = state.find(ReferenceKey(command.channel, command.reference))
        if placed is not None and placed.fingerprint != context.fingerprint:
            raise ReferenceAlreadyUsed(reference=command.reference, number=placed.number)
        if placed is not None:
            result = OrderRef(order_id=placed.order_id, version=1)
            return Decision(stream=placed.order_id, version=1, events=(), result=result)
    candidates = candidates_for(_locations(state), command.delivery.method, command.delivery.pickup_point)
    skus = list(dict.fromkeys(line.sku for line in command.lines))
    supply = _supply(state, skus=skus, channel=command.channel, candidates=candidates)
    order_id = context.ids.new_id(context.now)
    event = place_order(
        command,
        number=context.ids.order_number(),
        fingerprint=context.fingerprint,
        supply=supply,
        now=context.now,
    )
    result = OrderRef(order_id=order_id, version=1)
    return Decision(stream=order_id, version=0, events=(event,), result=result, root=OrderKey(order_id))


def _with_all_locations(decide: Callable[[Any, State, Context], Decision]) -> Callable[[Any, State, Context], Decision]:
    """Lets a refusal for want of stock stand only when every location that may serve was locked and looked at."""

    def decide_or_look_everywhere(command: PlaceOrder, state: State, context: Context) -> Decision:
        try:
            decision = decide(command, state, context)
        except InsufficientStock:
            _look_everywhere(command, state)
            raise
        if any(move.target is Stage.BACKORDERED for event in decision.events for move in getattr(event, "moves", ())):
            _look_everywhere(command, state)
        return decision

    return decide_or_look_everywhere


def _look_everywhere(command: PlaceOrder, state: State) -> None:
    candidates = candidates_for(_locations(state), command.delivery.method, command.delivery.pickup_point)
    keys = {StockKey(line.sku, code) for line in command.lines for code in candidates}
    unknown = [key for key in keys if not state.knows(key)]
    if unknown:
        raise NeedsChanged(unknown)


def _order_needs(command: Any, _facts: State) -> tuple[OrderKey, ...]:
    return (OrderKey(command.order_id),)


def _order_root(command: Any) -> OrderKey:
    return OrderKey(command.order_id)


def _order_facts(_command: Any) -> tuple[LocationsKey, ...]:
    return (LocationsKey(),)


def _find_order(state: State, order_id: UUID) -> Order:
    order = state.find(OrderKey(order_id))
    if order is None:
        raise OrderNotFound
    return order


Decide = Callable[[Any, Order, State, Context], Sequence[Event]]


def _on_order(decide: Decide) -> Callable[[Any, State, Context], Decision]:
    def decide_on_order(command: Any, state: State, context: Context) -> Decision:
        order = _find_order(state, command.order_id)
        events = tuple(decide(command, order, state, context))
        result = OrderRef(order_id=order.order_id, version=order.version + len(events))
        return Decision(
            stream=order.order_id, version=order.version, events=events, result=result, root=OrderKey(order.order_id)
        )

    return decide_on_order


def _supply_of(order: Order, state: State, skus: Sequence[str]) -> Supply:
    delivery = order.delivery
    candidates = candidates_for(_locations(state), DeliveryMethod(delivery.method), delivery.pickup_point)
    return _supply(state, skus=skus, channel=order.channel, candidates=candidates)


def _address(command: ChangeDeliveryAddress, order: Order, state: State, context: Context) -> Sequence[Event]:
    return change_delivery_address(command, order, locations=_locations(state), now=context.now)


def _quantity(command: ChangeLineQuantity, order: Order, state: State, context: Context) -> Sequence[Event]:
    skus = [line.sku for line in order.lines if line.line == command.line]
    return change_line_quantity(command, order, supply=_supply_of(order, state, skus), now=context.now)


def _cancel_lines(command: CancelLines, order: Order, state: State, context: Context) -> Sequence[Event]:
    return cancel_lines(command, order, locations=_locations(state), now=context.now)


def _cancel_order(command: CancelOrder, order: Order, _state: State, _context: Context) -> Sequence[Event]:
    return (cancel_order(command, order),)


def _expire(command: ExpirePaymentHold, order: Order, _state: State, context: Context) -> Sequence[Event]:
    return (expire_payment_hold(command, order, now=context.now),)


def _reserve(command: ReserveBackorder, order: Order, state: State, context: Context) -> Sequence[Event]:
    return reserve_backorder(command, order, supply=_supply_of(order, state, (command.sku,)), now=context.now)


def _report(command: ReportMissingUnits, order: Order, state: State, context: Context) -> Sequence[Event]:
    stock = state.find(StockKey(command.sku, command.location))
    short = 0 if stock is None else stock.short
    return report_missing_units(command, order, short=short, locations=_locations(state), now=context.now)


def _report_needs(command: ReportMissingUnits, _facts: State) -> tuple[Key[Any], ...]:
    return OrderKey(command.order_id), StockKey(command.sku, command.location)


def _decide_channels(command: UpsertChannels, state: State, context: Context) -> Decision:
    events, (created, updated, unchanged) = upsert_channels(command, lambda code: state.find(ChannelKey(code)))
    result = UpsertResult(created=created, updated=updated, unchanged=unchanged)
    return Decision(stream=context.command_id, version=0, events=events, result=result)


def _channel_needs(command: UpsertChannels, _facts: State) -> tuple[ChannelKey, ...]:
    return tuple(ChannelKey(definition.code) for definition in command.channels)


_SCOUTED: Final[tuple[tuple[type[Any], Decide, Scout[Any] | None], ...]] = (
    (ChangeDeliveryAddress, _address, None),
    (ChangeLineQuantity, _quantity, SCOUT_CHANGE),
    (CancelLines, _cancel_lines, SCOUT_CANCEL_LINES),
    (CancelOrder, _cancel_order, SCOUT_WHOLE_ORDER),
    (ExpirePaymentHold, _expire, SCOUT_WHOLE_ORDER),
    (ReserveBackorder, _reserve, SCOUT_BACKORDER),
)

HANDLERS: Final = (
    Handler(
        command=PlaceOrder,
        facts=_place_facts,
        needs=_place_needs,
        scout=SCOUT_PLACE,
        decide=_with_all_locations(_decide_place),
        weight=lambda command: len(command.lines),
    ),
    *(
        Handler(
            command=command,
            facts=_order_facts,
            needs=_order_needs,
            scout=scout,
            root=_order_root,
            decide=_on_order(decide),
        )
        for command, decide, scout in _SCOUTED
    ),
    Handler(
        command=ReportMissingUnits,
        facts=_order_facts,
        needs=_report_needs,
        root=_order_root,
        decide=_on_order(_report),
    ),
    Handler(command=UpsertChannels, needs=_channel_needs, decide=_decide_channels),
)
