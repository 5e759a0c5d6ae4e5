"""Walking with pick lists: what touches many orders at once becomes one command for each of them.

What a repeated call would do twice is safe: a list remembers what was reached, taken and reported, and the commands on
orders do only what it has and they have not.
"""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

import msgspec

from aftercart.fulfillment.decisions.abandon_pick_list import AbandonPickList
from aftercart.fulfillment.decisions.abandon_picking import AbandonPicking
from aftercart.fulfillment.decisions.create_pick_list import CreatePickList
from aftercart.fulfillment.decisions.finish_pick_list import FinishPickList
from aftercart.fulfillment.decisions.pick_units import PickUnits, Reached
from aftercart.fulfillment.decisions.report_short import ReportShort
from aftercart.fulfillment.decisions.take_item import TakeItem
from aftercart.fulfillment.decisions.write_off_units import WriteOffUnits
from aftercart.fulfillment.handlers import ListRef
from aftercart.fulfillment.model import NO_BIN, PickList, PickListKey
from aftercart.fulfillment.rules.floor_refusals import (
    NothingToPick,
    NotOnPickList,
    NoWorkToAssign,
    PickListNotFound,
    WrongBin,
)
from aftercart.fulfillment.rules.list_state import left_behind, require_started
from aftercart.fulfillment.rules.pick_work import Orders, StopWork, work_on
from aftercart.fulfillment.rules.planned_lists import PlannedList, planned_lists
from aftercart.inventory.model import BinStockKey
from aftercart.kit.commands import Actor, Answer, Command
from aftercart.kit.outcomes import command_id_of_key
from aftercart.kit.refusal import Refusal
from aftercart.orders.model import OrderKey
from aftercart.orders.rules.change_refusals import OrderOnHold
from aftercart.shop import Shop
from aftercart.views.work_to_assign import WorkFilter, find_layout, find_work_to_assign

_ATTEMPTS: Final = 4
_CHOICE: Final = 20
"""From so many times as many orders as a cart takes, the best cart is chosen."""
_decode_ref: Final = msgspec.json.Decoder(ListRef).decode


class ListAtWork(msgspec.Struct, frozen=True, kw_only=True):
    """A pick list, its orders as they are now, and what is to be done at which stop, in walking order."""

    pick_list: PickList
    orders: Orders
    work: tuple[StopWork, ...]


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What a step came to: the list after it, and what it took, or left, from which bin for whom."""

    at_work: ListAtWork
    ref: ListRef
    replayed: bool


async def load_list(shop: Shop, pick_list_id: UUID) -> ListAtWork:
    """Returns a list and its work as they are now; raises ``PickListNotFound``."""
    pick_list = (await shop.bus.read((PickListKey(pick_list_id),))).find(PickListKey(pick_list_id))
    if pick_list is None:
        raise PickListNotFound
    keys = [OrderKey(tote.order_id) for tote in pick_list.totes]
    state = await shop.bus.read(keys)
    orders = {key.order_id: order for key in keys if (order := state.find(key)) is not None}
    work: tuple[StopWork, ...] = ()
    if pick_list.ended_at is None:
        skus = {entry.sku for order in orders.values() for entry in order.units}
        stock_keys = [BinStockKey(sku, pick_list.location) for sku in skus]
        stock = await shop.bus.read(stock_keys)
        work = work_on(pick_list, orders, {key.sku: stock.find(key) or () for key in stock_keys})
    return ListAtWork(pick_list=pick_list, orders=orders, work=work)


async def create_list(
    shop: Shop, actor: Actor, which: WorkFilter, *, orders_max: int, key: str | None
) -> tuple[UUID, bool]:
    """Puts the best cart of the work that waits on a new list: ``(its id, whether the key had made it before)``.

    Raises ``NoWorkToAssign``.
    """
    command_id = shop.ids.new_id(shop.clock.now()) if key is None else command_id_of_key(actor.name, key)
    known = (await shop.bus.read((PickListKey(command_id),))).find(PickListKey(command_id))
    if known is not None:
        return command_id, True
    for attempt in range(_ATTEMPTS):
        planned = await _plan(shop, which, orders_max=orders_max, limit=orders_max * _CHOICE)
        try:
            await _create(shop, actor, which, planned[0], command_id=command_id, wave=None)
        except NoWorkToAssign:
            # Somebody else took these orders meanwhile; there may be others.
            if attempt + 1 == _ATTEMPTS:
                raise
        else:
            break
    return command_id, False


async def build_wave(
    shop: Shop, actor: Actor, which: WorkFilter, *, orders_max: int, limit: int, key: str | None
) -> str:
    """Puts the work that waits, at most ``limit`` orders, on as many lists as it takes, and returns the wave's name.

    A key names the wave, so it is built once. Raises ``NoWorkToAssign``.
    """
    wave_id = shop.ids.new_id(shop.clock.now()) if key is None else command_id_of_key(actor.name, key)
    wave = str(wave_id)
    if await shop.database.rows(_FIND_WAVE, {"wave": wave}):
        return wave
    planned = await _plan(shop, which, orders_max=orders_max, limit=limit)
    created = await asyncio.gather(
        *(
            _create(shop, actor, which, one, command_id=command_id_of_key(wave, str(number)), wave=wave)
            for number, one in enumerate(planned)
        ),
        return_exceptions=True,
    )
    _raise_others(created, NoWorkToAssign)
    if not any(isinstance(one, Answer) for one in created):
        raise NoWorkToAssign(location=which.location)
    return wave


async def scan_bin(shop: Shop, actor: Actor, pick_list_id: UUID, code: str) -> ListAtWork:
    """Reaches what the list's orders have released in a bin: the lock. Returns the list after it.

    Orders on hold are passed over, and what was taken back meanwhile is not reached. Raises ``PickListNotFound``,
    ``PickListNotStarted``, or ``WrongBin`` for one in which nothing is, or was, to be fetched.
    """
    before = await load_list(shop, pick_list_id)
    require_started(before.pick_list)
    here = [stop for stop in before.work if stop.bin == code]
    if not here and not _was_planned(before, code):
        raise WrongBin(bin=code, next_bin=next((stop.bin for stop in before.work), NO_BIN))
    picks = _picks(before.pick_list, here)
    if not picks:
        return before
    picked = await asyncio.gather(*(shop.submit(pick, actor) for pick in picks), return_exceptions=True)
    _raise_others(picked, NothingToPick, OrderOnHold, NotOnPickList)
    return await load_list(shop, pick_list_id)


async def take_item(shop: Shop, actor: Actor, command: TakeItem, *, key: str | None) -> Done:
    """Takes what was reached; see the decision for what it raises."""
    return await _done(shop, await shop.submit(command, actor, key=key))


async def report_short(shop: Shop, actor: Actor, command: ReportShort, *, key: str | None) -> Done:
    """Reports units short, and lets the orders that go without wait for stock again."""
    answer = await shop.submit(command, actor, key=key)
    ref = _decode_ref(answer.result)
    pick_list = (await load_list(shop, command.pick_list)).pick_list
    await _submit_all(shop, actor, write_offs(pick_list, sku=command.sku, code=ref.bin or NO_BIN))
    return await _done(shop, answer)


async def end_list(shop: Shop, actor: Actor, command: AbandonPickList | FinishPickList, *, key: str | None) -> Done:
    """Ends a list, and gives back what was reached and still lies there."""
    answer = await shop.submit(command, actor, key=key)
    pick_list = (await load_list(shop, command.pick_list)).pick_list
    await _submit_all(
        shop,
        actor,
        (
            AbandonPicking(
                order_id=one.order_id, location=pick_list.location, pick_list=pick_list.pick_list, bin=one.bin
            )
            for one in left_behind(pick_list)
        ),
    )
    return await _done(shop, answer)


def write_offs(pick_list: PickList, *, sku: str, code: str) -> Sequence[WriteOffUnits]:
    """Returns the commands by which orders learn what was reported short of a SKU in a bin."""
    return tuple(
        WriteOffUnits(
            order_id=pick.order_id,
            location=pick_list.location,
            pick_list=pick_list.pick_list,
            bin=code,
            sku=sku,
        )
        for pick in pick_list.picks
        if (pick.sku, pick.bin) == (sku, code) and pick.short > pick.written_off
    )


async def _plan(shop: Shop, which: WorkFilter, *, orders_max: int, limit: int) -> tuple[PlannedList, ...]:
    work = await find_work_to_assign(shop.database, which, limit=limit)
    if not work:
        raise NoWorkToAssign(location=which.location)
    skus = {sku for one in work for sku in one.units}
    layout = await find_layout(shop.database, which.location, skus)
    return planned_lists(work, layout, orders_max=orders_max)


async def _create(
    shop: Shop, actor: Actor, which: WorkFilter, planned: PlannedList, *, command_id: UUID, wave: str | None
) -> Answer:
    command = CreatePickList(
        location=which.location,
        orders=planned.orders,
        stops=planned.stops,
        meters=planned.meters,
        wave=wave,
    )
    return await shop.submit(command, actor, command_id=command_id)


def _was_planned(at_work: ListAtWork, code: str) -> bool:
    reached = (pick.bin for pick in at_work.pick_list.picks)
    return code in {*(stop.bin for stop in at_work.pick_list.stops), *reached}


def _picks(pick_list: PickList, stops: Iterable[StopWork]) -> list[PickUnits]:
    items: dict[UUID, list[Reached]] = {}
    code = NO_BIN
    for stop in stops:
        code = stop.bin
        for tote in stop.totes:
            if tote.to_reach:
                items.setdefault(tote.order_id, []).append(Reached(sku=stop.sku, quantity=tote.to_reach))
    return [
        PickUnits(
            order_id=order_id,
            location=pick_list.location,
            pick_list=pick_list.pick_list,
            bin=code,
            items=tuple(of_order),
        )
        for order_id, of_order in items.items()
    ]


async def _submit_all(shop: Shop, actor: Actor, commands: Iterable[Command]) -> None:
    await asyncio.gather(*(shop.submit(command, actor) for command in commands))


async def _done(shop: Shop, answer: Answer) -> Done:
    ref = _decode_ref(answer.result)
    return Done(at_work=await load_list(shop, ref.pick_list), ref=ref, replayed=answer.replayed)


def _raise_others(answers: Iterable[Answer | BaseException], *expected: type[Refusal]) -> None:
    for answer in answers:
        if isinstance(answer, BaseException) and not isinstance(answer, expected):
            raise answer


_FIND_WAVE: Final = """
    SELECT l.pick_list FROM fulfillment.pick_lists AS l WHERE l.wave = %(wave)s LIMIT 1
"""
