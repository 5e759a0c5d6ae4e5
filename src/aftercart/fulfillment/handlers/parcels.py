"""How work at the pack station is carried out: which rows each command needs and which decision it calls."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import msgspec

from aftercart.catalog.model import VariantKey
from aftercart.fulfillment.decisions.close_parcel import CloseParcel, close_parcel
from aftercart.fulfillment.decisions.finish_preparing import FinishPreparing, finish_preparing
from aftercart.fulfillment.decisions.hand_over_parcel import HandOverParcel, hand_over_parcel
from aftercart.fulfillment.decisions.open_parcel import OpenParcel, open_parcel
from aftercart.fulfillment.decisions.pack_item import PackItem, pack_item
from aftercart.fulfillment.decisions.put_units_back import PutUnitsBack, put_units_back
from aftercart.fulfillment.decisions.record_label import (
    RecordLabel,
    RecordLabelRefused,
    RecordLabelVoided,
    RequestLabel,
    record_label,
    record_label_refused,
    record_label_voided,
    request_label,
)
from aftercart.fulfillment.decisions.reopen_parcel import ReopenParcel, reopen_parcel
from aftercart.fulfillment.decisions.start_preparing import StartPreparing, start_preparing
from aftercart.fulfillment.decisions.track_parcel import TrackParcel, track_parcel
from aftercart.fulfillment.decisions.unpack_item import UnpackItem, unpack_item
from aftercart.fulfillment.decisions.void_parcel import VoidParcel, void_parcel
from aftercart.fulfillment.model import DEFAULT_PACKING, PackingKey, ParcelsKey
from aftercart.fulfillment.rules.at_hand import AtHand
from aftercart.fulfillment.scouts.leaving import SCOUT_LEAVING
from aftercart.fulfillment.scouts.packing import SCOUT_PACKING
from aftercart.fulfillment.scouts.released import SCOUT_RELEASED
from aftercart.inventory.model import BinKey, BinStockKey, StockKey
from aftercart.kit.commands import Command, Context, Handler, Scout
from aftercart.kit.refusal import Invalid
from aftercart.kit.state import Event, Key, Read, State
from aftercart.orders.handlers.finding import Decide, on_order, order_root
from aftercart.orders.model import Order, OrderKey, PolicyKey
from aftercart.orders.scouts.serving import methods_in
from aftercart.shipping.model import MethodsKey

DecideOnFloor = Callable[..., Sequence[Event]]


def _facts(_command: Any) -> tuple[Key[Any], ...]:
    return PolicyKey(), MethodsKey()


def _facts_to_close(command: Any) -> tuple[Key[Any], ...]:
    return *_facts(command), PackingKey()


def _needs(command: Any, _facts: State) -> Iterable[Key[Any]]:
    return OrderKey(command.order_id), ParcelsKey(command.order_id)


def _needs_stock(command: PutUnitsBack, facts: State) -> Iterable[Key[Any] | Read]:
    yield from _needs(command, facts)
    yield StockKey(command.sku, command.location)
    if command.bin is not None:
        yield BinStockKey(command.sku, command.location)
        yield Read(BinKey(command.location, command.bin))


def at_hand_in(state: State, order: Order, context: Context) -> AtHand:
    """Returns what decisions of the floor look at besides the order."""
    parcels = state.find(ParcelsKey(order.order_id)) or ()
    at_hand = AtHand(now=context.now, parcels=parcels, methods=methods_in(state))
    if not state.knows(PackingKey()):
        return at_hand
    found = {entry.sku: state.find(VariantKey(entry.sku)) for entry in order.units}
    return msgspec.structs.replace(
        at_hand,
        packing=state.find(PackingKey()) or DEFAULT_PACKING,
        variants={sku: variant for sku, variant in found.items() if variant is not None},
    )


def _put_back(command: PutUnitsBack, order: Order, state: State, context: Context) -> Sequence[Event]:
    if command.bin is not None and state.find(BinKey(command.location, command.bin)) is None:
        raise Invalid(param="bin", expected="the code of a bin of this location", got=command.bin)
    return put_units_back(command, order, at_hand=at_hand_in(state, order, context))


def _on_floor(decide: DecideOnFloor) -> Decide:
    def decide_on_floor(command: Any, order: Order, state: State, context: Context) -> Sequence[Event]:
        return decide(command, order, at_hand=at_hand_in(state, order, context))

    return decide_on_floor


def _handler(
    command: type[Command],
    decide: DecideOnFloor,
    *,
    facts: Callable[[Any], Iterable[Key[Any]]] = _facts,
    scout: Scout[Any] | None = None,
) -> Handler[Any]:
    return Handler(
        command=command, facts=facts, needs=_needs, scout=scout, root=order_root, decide=on_order(_on_floor(decide))
    )


HANDLERS: Final[tuple[Handler[Any], ...]] = (
    _handler(StartPreparing, start_preparing, scout=SCOUT_RELEASED),
    _handler(FinishPreparing, finish_preparing, facts=_facts_to_close, scout=SCOUT_PACKING),
    _handler(OpenParcel, open_parcel),
    _handler(PackItem, pack_item),
    _handler(UnpackItem, unpack_item),
    _handler(CloseParcel, close_parcel, facts=_facts_to_close, scout=SCOUT_PACKING),
    _handler(ReopenParcel, reopen_parcel),
    _handler(VoidParcel, void_parcel),
    Handler(command=PutUnitsBack, facts=_facts, needs=_needs_stock, root=order_root, decide=on_order(_put_back)),
    _handler(HandOverParcel, hand_over_parcel, scout=SCOUT_LEAVING),
    _handler(TrackParcel, track_parcel),
    _handler(RequestLabel, request_label),
    _handler(RecordLabel, record_label),
    _handler(RecordLabelRefused, record_label_refused),
    _handler(RecordLabelVoided, record_label_voided),
)
