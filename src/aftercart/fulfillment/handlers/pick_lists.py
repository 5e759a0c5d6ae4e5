"""How work on pick lists is carried out: which rows each command needs and which decision it calls."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from aftercart.fulfillment.decisions.abandon_pick_list import AbandonPickList, abandon_pick_list
from aftercart.fulfillment.decisions.abandon_picking import AbandonPicking, abandon_picking
from aftercart.fulfillment.decisions.create_pick_list import CreatePickList, create_pick_list
from aftercart.fulfillment.decisions.finish_pick_list import FinishPickList, finish_pick_list
from aftercart.fulfillment.decisions.pick_units import PickUnits, pick_units
from aftercart.fulfillment.decisions.report_short import ReportShort, report_short
from aftercart.fulfillment.decisions.start_pick_list import StartPickList, start_pick_list
from aftercart.fulfillment.decisions.take_item import TakeItem, take_item
from aftercart.fulfillment.decisions.write_off_units import WriteOffUnits, write_off_units
from aftercart.fulfillment.events import ForOrder, ItemTaken, ShortReported
from aftercart.fulfillment.model import AssignmentKey, PickList, PickListKey
from aftercart.fulfillment.rules.floor_refusals import PickListNotFound
from aftercart.fulfillment.rules.pick_work import Orders
from aftercart.fulfillment.scouts.pick_lists import SCOUT_LEFT, SCOUT_ON_LIST, SCOUT_REACHED
from aftercart.inventory.model import BinStockKey, StockKey
from aftercart.kit.commands import Command, Context, Decision, Handler
from aftercart.kit.state import Event, Key, State
from aftercart.orders.handlers.circumstances import facts_without_units
from aftercart.orders.handlers.finding import on_order, order_root
from aftercart.orders.model import Order, OrderKey
from aftercart.orders.scouts import scout_of
from aftercart.orders.scouts.serving import common_facts


class ListRef(msgspec.Struct, frozen=True, kw_only=True):
    """The remembered result of a command on a pick list: its version then, and what was taken from where for whom."""

    pick_list: UUID
    version: int
    bin: str | None = None
    orders: tuple[ForOrder, ...] = ()


def find_list(state: State, pick_list: UUID) -> PickList:
    """Returns the list; raises ``PickListNotFound``."""
    found = state.find(PickListKey(pick_list))
    if found is None:
        raise PickListNotFound
    return found


def _created(command: CreatePickList, state: State, context: Context) -> Decision:
    events = create_pick_list(
        command,
        is_free=lambda order_id: state.find(AssignmentKey(order_id, command.location)) is None,
        now=context.now,
    )
    result = ListRef(pick_list=context.command_id, version=1)
    return Decision(stream=context.command_id, version=0, events=events, result=result)


def _assignments(command: CreatePickList, _facts: State) -> Iterable[AssignmentKey]:
    return (AssignmentKey(order_id, command.location) for order_id in command.orders)


def _list_needs(command: Any, _facts: State) -> tuple[PickListKey, ...]:
    return (PickListKey(command.pick_list),)


def _on_list(decide: Callable[..., Sequence[Event]]) -> Callable[[Any, State, Context], Decision]:
    def decide_on_list(command: Any, state: State, context: Context) -> Decision:
        pick_list = find_list(state, command.pick_list)
        events = tuple(decide(command, pick_list, state, context))
        result = ListRef(pick_list=pick_list.pick_list, version=pick_list.version + len(events))
        for event in events:
            if isinstance(event, ItemTaken | ShortReported):
                result = msgspec.structs.replace(result, bin=event.bin, orders=event.orders)
        return Decision(stream=pick_list.pick_list, version=pick_list.version, events=events, result=result)

    return decide_on_list


def _orders(state: State, ids: Iterable[UUID]) -> Orders:
    found = {order_id: state.find(OrderKey(order_id)) for order_id in ids}
    return {order_id: order for order_id, order in found.items() if order is not None}


def _start(command: StartPickList, pick_list: PickList, _state: State, context: Context) -> Sequence[Event]:
    return start_pick_list(command, pick_list, now=context.now)


def _abandon(command: AbandonPickList, pick_list: PickList, _state: State, context: Context) -> Sequence[Event]:
    return abandon_pick_list(command, pick_list, now=context.now)


def _finish(command: FinishPickList, pick_list: PickList, state: State, context: Context) -> Sequence[Event]:
    orders = _orders(state, (tote.order_id for tote in pick_list.totes))
    return finish_pick_list(command, pick_list, orders=orders, now=context.now)


def _of_reached(decide: Callable[..., Sequence[Event]]) -> Callable[..., Sequence[Event]]:
    def decide_of_reached(command: Any, pick_list: PickList, state: State, _context: Context) -> Sequence[Event]:
        orders = _orders(state, dict.fromkeys(pick.order_id for pick in pick_list.picks if pick.waiting))
        return decide(command, pick_list, orders=orders)

    return decide_of_reached


def _work_needs(command: Any, _facts: State) -> tuple[Key[Any], ...]:
    return OrderKey(command.order_id), PickListKey(command.pick_list)


def _pick_needs(command: PickUnits, facts: State) -> Iterable[Key[Any]]:
    yield from _work_needs(command, facts)
    for item in command.items:
        yield StockKey(item.sku, command.location)
        yield BinStockKey(item.sku, command.location)


def _write_off_needs(command: WriteOffUnits, facts: State) -> Iterable[Key[Any]]:
    return *_work_needs(command, facts), StockKey(command.sku, command.location)


def _pick(command: PickUnits, order: Order, state: State, context: Context) -> Sequence[Event]:
    return pick_units(command, order, pick_list=find_list(state, command.pick_list), now=context.now)


def _give_back(command: AbandonPicking, order: Order, state: State, _context: Context) -> Sequence[Event]:
    return abandon_picking(command, order, pick_list=find_list(state, command.pick_list))


def _write_off(command: WriteOffUnits, order: Order, state: State, context: Context) -> Sequence[Event]:
    facts = facts_without_units(order, state, context)
    return write_off_units(command, order, facts=facts, pick_list=find_list(state, command.pick_list))


def _list_handler(command: type[Command], decide: Callable[..., Sequence[Event]], **others: Any) -> Handler[Any]:
    return Handler(command=command, needs=_list_needs, decide=_on_list(decide), **others)


HANDLERS: Final[tuple[Handler[Any], ...]] = (
    Handler(command=CreatePickList, needs=_assignments, decide=_created, weight=lambda command: len(command.orders)),
    _list_handler(StartPickList, _start),
    _list_handler(AbandonPickList, _abandon),
    _list_handler(FinishPickList, _finish, scout=SCOUT_ON_LIST),
    _list_handler(TakeItem, _of_reached(take_item), scout=SCOUT_REACHED),
    _list_handler(ReportShort, _of_reached(report_short), scout=SCOUT_REACHED),
    Handler(command=PickUnits, facts=common_facts, needs=_pick_needs, root=order_root, decide=on_order(_pick)),
    Handler(
        command=AbandonPicking,
        facts=common_facts,
        needs=_work_needs,
        scout=SCOUT_LEFT,
        root=order_root,
        decide=on_order(_give_back),
    ),
    Handler(
        command=WriteOffUnits,
        facts=common_facts,
        needs=_write_off_needs,
        scout=scout_of(WriteOffUnits),
        root=order_root,
        decide=on_order(_write_off),
    ),
)
