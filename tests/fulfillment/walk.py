"""A cart to tell stories with: orders on a pick list and what lies in bins, each step decided and applied in memory."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from tests.scenario import NOW, facts, order

from aftercart.fulfillment.decisions.abandon_pick_list import AbandonPickList, abandon_pick_list
from aftercart.fulfillment.decisions.abandon_picking import AbandonPicking, abandon_picking
from aftercart.fulfillment.decisions.create_pick_list import CreatePickList, create_pick_list
from aftercart.fulfillment.decisions.finish_pick_list import FinishPickList, finish_pick_list
from aftercart.fulfillment.decisions.pick_units import PickUnits, Reached, pick_units
from aftercart.fulfillment.decisions.report_short import ReportShort, report_short
from aftercart.fulfillment.decisions.start_pick_list import StartPickList, start_pick_list
from aftercart.fulfillment.decisions.take_item import TakeItem, take_item
from aftercart.fulfillment.decisions.write_off_units import WriteOffUnits, write_off_units
from aftercart.fulfillment.events import PickingAbandoned, UnitsPicked, UnitsShort
from aftercart.fulfillment.evolve import evolve_pick_list, evolve_pick_list_created, evolve_picks
from aftercart.fulfillment.model import PickList, PickListKey, Stop
from aftercart.fulfillment.rules.list_state import left_behind
from aftercart.fulfillment.rules.pick_work import StopWork, work_on
from aftercart.inventory.model import BinQuantity
from aftercart.inventory.rules.bin_changes import Bins, with_units
from aftercart.kit.state import State
from aftercart.orders.evolve import evolve
from aftercart.orders.model import Order

LIST: Final = UUID(int=99)


def order_id(number: int) -> UUID:
    """Returns the id of the order in this tote."""
    return UUID(int=number)


class Walk:
    """A list over these orders, given by their ledgers, past ``stops`` such as ``A-01/A``, started by Paul."""

    def __init__(self, *ledgers: Iterable[str], stops: Iterable[str], bins: Mapping[str, Mapping[str, int]]) -> None:
        self.now: datetime = NOW
        self.orders: dict[UUID, Order] = {
            order_id(number): order(*ledger, order_id=order_id(number), number=f"AAAAA-AAAA{number}")
            for number, ledger in enumerate(ledgers, start=1)
        }
        self.bins: dict[str, Bins] = {
            sku: tuple(BinQuantity(bin=code, quantity=quantity) for code, quantity in lying.items())
            for sku, lying in bins.items()
        }
        places = tuple(Stop(bin=stop.partition("/")[0], sku=stop.partition("/")[2]) for stop in stops)
        command = CreatePickList(location="W1", orders=tuple(self.orders), stops=places, meters=12.0)
        (created,) = create_pick_list(command, is_free=lambda _: True, now=self.now)
        made = dict(evolve_pick_list_created(LIST, created, State({})))[PickListKey(LIST)]
        assert isinstance(made, PickList)
        self.list: PickList = made
        self.on_list(start_pick_list(StartPickList(pick_list=LIST, picker="Paul"), self.list, now=self.now))

    def on_list(self, events: Sequence[Any]) -> None:
        """Applies events of the list."""
        for event in events:
            ((_, self.list),) = evolve_pick_list(LIST, event, State({PickListKey(LIST): self.list}))

    def on_order(self, which: UUID, events: Sequence[Any]) -> None:
        """Applies events of an order, to the list and to the bins too."""
        for event in events:
            self.orders[which] = evolve(self.orders[which], event, order_id=which)
            if isinstance(event, UnitsPicked | UnitsShort | PickingAbandoned):
                ((_, self.list),) = evolve_picks(which, event, State({PickListKey(LIST): self.list}))
            if isinstance(event, UnitsPicked) and event.bin is not None:
                for move in event.moves:
                    self.bins[move.sku], _ = with_units(self.bins[move.sku], event.bin, -move.quantity)

    def work(self) -> tuple[StopWork, ...]:
        """Returns what is to be done."""
        return work_on(self.list, self.orders, self.bins)

    def asks(self) -> list[tuple[str, str, int, int]]:
        """Returns ``(bin, SKU, to reach, to take)`` of the stops that are left."""
        return [(stop.bin, stop.sku, stop.to_reach, stop.to_take) for stop in self.work()]

    def picks_at(self, code: str) -> list[PickUnits]:
        """Returns the commands that a scan of this bin gives."""
        items: dict[UUID, list[Reached]] = {}
        for stop in self.work():
            for tote in stop.totes:
                if stop.bin == code and tote.to_reach:
                    items.setdefault(tote.order_id, []).append(Reached(sku=stop.sku, quantity=tote.to_reach))
        return [
            PickUnits(order_id=which, location="W1", pick_list=LIST, bin=code, items=tuple(reached))
            for which, reached in items.items()
        ]

    def picks(self, command: PickUnits) -> None:
        """Reaches units of one order; raises its refusal."""
        which = command.order_id
        self.on_order(which, pick_units(command, self.orders[which], pick_list=self.list, now=self.now))

    def scans(self, code: str) -> None:
        """Scans a bin."""
        for command in self.picks_at(code):
            self.picks(command)

    def takes(self, sku: str, quantity: int = 1, code: str | None = None) -> list[tuple[UUID, int]]:
        """Takes units, and returns for whom."""
        command = TakeItem(pick_list=LIST, sku=sku, quantity=quantity, bin=code)
        (event,) = take_item(command, self.list, orders=self.orders)
        self.on_list((event,))
        return [(one.order_id, one.quantity) for one in event.orders]

    def misses(self, sku: str, quantity: int = 1, reason: str = "not_found") -> list[tuple[UUID, int]]:
        """Reports units short, and returns who goes without; the orders do not know yet."""
        command = msgspec.convert(
            {"pick_list": LIST, "sku": sku, "quantity": quantity, "short_reason": reason}, ReportShort
        )
        (event,) = report_short(command, self.list, orders=self.orders)
        self.on_list((event,))
        return [(one.order_id, one.quantity) for one in event.orders]

    def writes_off(self, which: UUID, sku: str, code: str) -> Sequence[UnitsShort]:
        """Tells an order what it goes without."""
        command = WriteOffUnits(order_id=which, location="W1", pick_list=LIST, bin=code, sku=sku)
        events = write_off_units(command, self.orders[which], facts=facts(), pick_list=self.list)
        self.on_order(which, events)
        return events

    def finishes(self) -> None:
        """Ends the list; raises its refusal."""
        events = finish_pick_list(FinishPickList(pick_list=LIST), self.list, orders=self.orders, now=self.now)
        self.on_list(events)
        self._gives_back()

    def gives_up(self) -> None:
        """Gives the list up."""
        self.on_list(abandon_pick_list(AbandonPickList(pick_list=LIST), self.list, now=self.now))
        self._gives_back()

    def gives_back(self, which: UUID, code: str) -> Sequence[PickingAbandoned]:
        """Gives back what of an order lies in a bin still."""
        command = AbandonPicking(order_id=which, location="W1", pick_list=LIST, bin=code)
        events = abandon_picking(command, self.orders[which], pick_list=self.list)
        self.on_order(which, events)
        return events

    def _gives_back(self) -> None:
        for one in left_behind(self.list):
            self.gives_back(one.order_id, one.bin)
