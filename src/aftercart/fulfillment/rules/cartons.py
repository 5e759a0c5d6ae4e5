"""Which carton a parcel goes into: the smallest that holds everything by size and weight."""

import enum
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import msgspec

from aftercart.fulfillment.model import Carton
from aftercart.fulfillment.rules.filling import Boxes, Size, fill, volume_of

BASIS_POINTS: Final = 10_000


class PackItem(msgspec.Struct, frozen=True, kw_only=True, order=True, gc=False):
    """So many units of one SKU, as one of them is packed; ``dimensions_mm`` with a zero among them are unknown."""

    sku: str
    quantity: int
    dimensions_mm: tuple[int, int, int]
    weight_grams: int


class LeftOutReason(enum.Enum):
    """Why units are not in the proposed carton."""

    UNMEASURED = "unmeasured"  # nobody said how large they are
    TOO_LARGE = "too_large"  # no carton holds one of them
    TOO_HEAVY = "too_heavy"  # no carton that is large enough may hold so much
    NO_ROOM = "no_room"  # together with the others they are too many: they need another carton


class LeftOut(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """So many units of a SKU are not in the proposed carton."""

    sku: str
    quantity: int
    reason: LeftOutReason


class CartonProposal(msgspec.Struct, frozen=True, kw_only=True):
    """The carton (``None``: nothing can be packed), what it weighs when filled, and what it does not hold.

    ``void_bps`` is the part of it that stays empty, in basis points, rounded down.
    """

    carton: Carton | None
    weight_grams: int
    void_bps: int
    left_out: tuple[LeftOut, ...]


class _Filling(NamedTuple):
    carton: Carton
    quantities: Sequence[int]
    volume: int


def propose_carton(items: Iterable[PackItem], cartons: Iterable[Carton]) -> CartonProposal:
    """Returns the smallest carton, by its volume, that holds all items, which may be turned.

    Where none does, it is the one that holds the most volume; asked again for what was left out for want of room, it
    proposes the next one, and comes to an end. The answer depends neither on the order of ``items`` nor on that of
    ``cartons``. Packing is tried, not calculated: now and then a smaller carton would do.
    """
    sizes = sorted(cartons, key=_by_size)
    left_out: list[LeftOut] = []
    packable: list[PackItem] = []
    for item in sorted(items):
        reason = _reason_alone(item, sizes)
        if reason is None:
            packable.append(item)
        else:
            left_out.append(LeftOut(sku=item.sku, quantity=item.quantity, reason=reason))
    if not packable:
        return CartonProposal(carton=None, weight_grams=0, void_bps=0, left_out=tuple(left_out))
    chosen = next((found for carton in sizes if (found := _all_of(packable, carton))), None)
    if chosen is None:
        chosen = max((_some_of(packable, carton) for carton in sizes), key=lambda filling: filling.volume)
    return _proposal(chosen, packable, left_out)


def _proposal(chosen: _Filling, items: Sequence[PackItem], left_out: Sequence[LeftOut]) -> CartonProposal:
    packed = list(zip(items, chosen.quantities, strict=True))
    no_room = [
        LeftOut(sku=item.sku, quantity=item.quantity - quantity, reason=LeftOutReason.NO_ROOM)
        for item, quantity in packed
        if quantity < item.quantity
    ]
    room = volume_of(chosen.carton.inner_mm)
    return CartonProposal(
        carton=chosen.carton,
        weight_grams=chosen.carton.weight_grams + sum(item.weight_grams * quantity for item, quantity in packed),
        void_bps=(room - chosen.volume) * BASIS_POINTS // room,
        left_out=(*left_out, *no_room),
    )


def _by_size(carton: Carton) -> tuple[int, int, Sequence[int], str]:
    return volume_of(carton.inner_mm), carton.weight_grams, sorted(carton.inner_mm), carton.code


def _reason_alone(item: PackItem, cartons: Iterable[Carton]) -> LeftOutReason | None:
    if min(item.dimensions_mm) <= 0:
        return LeftOutReason.UNMEASURED
    large_enough = [carton for carton in cartons if _is_within(item.dimensions_mm, carton.inner_mm)]
    if not large_enough:
        return LeftOutReason.TOO_LARGE
    if all(item.weight_grams > carton.load_grams_max for carton in large_enough):
        return LeftOutReason.TOO_HEAVY
    return None


def _is_within(size: Size, room: Size) -> bool:
    return all(edge <= space for edge, space in zip(sorted(size), sorted(room), strict=True))


def _all_of(items: Sequence[PackItem], carton: Carton) -> _Filling | None:
    if sum(item.weight_grams * item.quantity for item in items) > carton.load_grams_max:
        return None
    if sum(volume_of(item.dimensions_mm) * item.quantity for item in items) > volume_of(carton.inner_mm):
        return None
    if not all(_is_within(item.dimensions_mm, carton.inner_mm) for item in items):
        return None
    filling = _filled(items, [item.quantity for item in items], carton)
    return filling if all(item.quantity == many for item, many in zip(items, filling.quantities, strict=True)) else None


def _some_of(items: Sequence[PackItem], carton: Carton) -> _Filling:
    """Fills a carton with what it may hold, large things first."""
    grams_left = carton.load_grams_max
    allowed: dict[int, int] = {}
    for place in sorted(range(len(items)), key=lambda place: volume_of(items[place].dimensions_mm), reverse=True):
        item = items[place]
        if _is_within(item.dimensions_mm, carton.inner_mm):
            allowed[place] = min(item.quantity, grams_left // item.weight_grams) if item.weight_grams else item.quantity
            grams_left -= allowed[place] * item.weight_grams
    return _filled(items, [allowed.get(place, 0) for place in range(len(items))], carton)


def _filled(items: Sequence[PackItem], quantities: Sequence[int], carton: Carton) -> _Filling:
    boxes = [
        Boxes(size_mm=item.dimensions_mm, quantity=quantity) for item, quantity in zip(items, quantities, strict=True)
    ]
    held = [0] * len(items)
    for block in fill(boxes, carton.inner_mm):
        held[block.kind] += block.quantity
    volume = sum(volume_of(item.dimensions_mm) * quantity for item, quantity in zip(items, held, strict=True))
    return _Filling(carton, held, volume)
