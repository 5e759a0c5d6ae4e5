"""What is to be fetched on a pick list right now: read from the units of its orders, never from the list itself.

Units that are withdrawn vanish from here at once, because work is the units in stage ``released``; and of what a scan
reached, that is to be taken which is still wanted.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from aftercart.fulfillment.model import NO_BIN, Pick, PickList, Stop
from aftercart.fulfillment.rules.at_hand import items_at
from aftercart.inventory.model import Stage
from aftercart.inventory.rules.bin_changes import Bins
from aftercart.orders.model import Order

Orders = Mapping[UUID, Order]


class ToteWork(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What goes from a stop into one tote: ``to_reach`` when its bin is scanned, ``to_take`` of what was reached."""

    tote: int
    order_id: UUID
    to_reach: int = 0
    to_take: int = 0


class StopWork(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done at a stop; there is at least one tote."""

    bin: str
    sku: str
    totes: tuple[ToteWork, ...]

    @property
    def to_reach(self) -> int:
        """Returns how many units are to be reached."""
        return sum(one.to_reach for one in self.totes)

    @property
    def to_take(self) -> int:
        """Returns how many units were reached and are to be taken."""
        return sum(one.to_take for one in self.totes)


class Needed(NamedTuple):
    """So many units that a pick reached are still to be taken."""

    pick: Pick
    quantity: int


_NOTHING: Final = ToteWork(tote=0, order_id=UUID(int=0))


def work_on(pick_list: PickList, orders: Orders, bins: Mapping[str, Bins]) -> tuple[StopWork, ...]:
    """Returns the stops at which something is to be done, in walking order; ``bins`` are those of each SKU.

    What lies in the bins of a SKU by the books is shared out in the order of stops and totes; what the books do not
    have is looked for at its first stop.
    """
    work: dict[Stop, dict[int, ToteWork]] = {}
    totes = {tote.order_id: tote.tote for tote in pick_list.totes}

    def add(stop: Stop, order_id: UUID, *, to_reach: int = 0, to_take: int = 0) -> None:
        at_stop = work.setdefault(stop, {})
        before = at_stop.get(totes[order_id], _NOTHING)
        at_stop[totes[order_id]] = ToteWork(
            tote=totes[order_id],
            order_id=order_id,
            to_reach=before.to_reach + to_reach,
            to_take=before.to_take + to_take,
        )

    for pick, quantity in needed(pick_list, orders):
        add(Stop(bin=pick.bin, sku=pick.sku), pick.order_id, to_take=quantity)
    for stop, order_id, quantity in _to_reach(pick_list, orders, bins):
        add(stop, order_id, to_reach=quantity)
    places = {stop: place for place, stop in enumerate(pick_list.stops)}
    return tuple(
        StopWork(bin=stop.bin, sku=stop.sku, totes=tuple(work[stop][tote] for tote in sorted(work[stop])))
        for stop in sorted(work, key=lambda stop: (places.get(stop, len(places)), stop.bin, stop.sku))
    )


def needed(pick_list: PickList, orders: Orders) -> Iterator[Needed]:
    """Yields what was reached, was not taken and is still wanted, in the order of totes.

    Units are alike: of those that are wanted no more, the ones that still lie in their bins are left there first.
    """
    left = Counter[tuple[UUID, str]]()
    for order_id, order in orders.items():
        for (_, sku), quantity in items_at(order, pick_list.location, Stage.INTERCEPTED).items():
            left[order_id, sku] += quantity
    for pick in _by_tote(pick_list):
        key = (pick.order_id, pick.sku)
        unwanted = min(pick.waiting, left[key])
        left[key] -= unwanted
        if pick.waiting > unwanted:
            yield Needed(pick, pick.waiting - unwanted)


def skus_at(needs: Iterable[Needed], *, code: str | None) -> dict[str, int]:
    """Returns what is to be taken from a bin, or from any, by SKU."""
    found = Counter[str]()
    for pick, quantity in needs:
        if code is None or pick.bin == code:
            found[pick.sku] += quantity
    return dict(found)


def is_workable(order: Order) -> bool:
    """Tells whether hands may work on an order: nothing holds it."""
    return not order.holds


def _by_tote(pick_list: PickList) -> list[Pick]:
    totes = {tote.order_id: tote.tote for tote in pick_list.totes}
    return sorted(pick_list.picks, key=lambda pick: (totes[pick.order_id], pick.sku, pick.bin))


def _to_reach(pick_list: PickList, orders: Orders, bins: Mapping[str, Bins]) -> Iterator[tuple[Stop, UUID, int]]:
    books = {(sku, one.bin): one.quantity for sku, of_sku in bins.items() for one in of_sku}
    for tote in pick_list.totes:
        order = orders.get(tote.order_id)
        if order is None or not is_workable(order):
            continue
        wanted = Counter[str]()
        for (_, sku), quantity in items_at(order, pick_list.location, Stage.RELEASED).items():
            wanted[sku] += quantity
        for sku, quantity in sorted(wanted.items()):
            codes = _codes_of(pick_list, sku, bins.get(sku, ()))
            for code, units in _shared_out(quantity, sku, codes, books):
                yield Stop(bin=code, sku=sku), tote.order_id, units


def _codes_of(pick_list: PickList, sku: str, bins: Bins) -> list[str]:
    """Returns the bins of a SKU in walking order: those of the list's stops that are not empty, and others."""
    stocked = [one.bin for one in bins]
    planned = [stop.bin for stop in pick_list.stops if stop.sku == sku]
    known = [code for code in planned if code in stocked]
    known += [code for code in stocked if code not in known]
    return known or planned or [NO_BIN]


def _shared_out(
    quantity: int, sku: str, codes: list[str], books: dict[tuple[str, str], int]
) -> Iterator[tuple[str, int]]:
    taken = dict.fromkeys(codes, 0)
    for code in codes:
        units = min(quantity, max(books.get((sku, code), 0), 0))
        books[sku, code] = books.get((sku, code), 0) - units
        taken[code] += units
        quantity -= units
    taken[codes[0]] += quantity
    return ((code, units) for code, units in taken.items() if units)
