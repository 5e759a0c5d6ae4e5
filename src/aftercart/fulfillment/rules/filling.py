"""Whether boxes fit into a carton: one after the other goes where the least room is left, in several ways.

This is a heuristic: what it places does fit, what it leaves out might fit in a way it did not find. Every free room is
a box of its own and is cut into three by what is placed in it, so no two boxes can overlap.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import permutations, product
from typing import Final

import msgspec

Size = tuple[int, int, int]
"""Length, width and height in whole millimeters."""

_WORK_MAX: Final = 240
"""Kinds of boxes times tries; fewer tries where there are many kinds, so that nobody waits."""


class Boxes(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """So many boxes of one size, which may be turned."""

    size_mm: Size
    quantity: int


class Placed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A block of boxes of one kind (its place in the list), so many ``along`` each edge, all turned alike."""

    kind: int
    corner_mm: Size
    turned_mm: Size
    along: Size

    @property
    def quantity(self) -> int:
        """Returns how many boxes are in the block."""
        return self.along[0] * self.along[1] * self.along[2]


class _Room(msgspec.Struct, frozen=True, gc=False):
    corner: Size
    size: Size
    volume: int


def fill(boxes: Sequence[Boxes], inner_mm: Size) -> list[Placed]:
    """Returns where the boxes go; if not all of them do, the fill with the most volume of all that were tried.

    Every edge of every box is at least a millimeter long.
    """
    wanted = sum(volume_of(one.size_mm) * one.quantity for one in boxes)
    tries = max(1, _WORK_MAX // max(len(boxes), 1))
    best: list[Placed] = []
    best_volume = -1
    for number, (order, cut) in enumerate(product(_ORDERS, _CUTS)):
        if number == tries or best_volume == wanted:
            break
        kinds = sorted(range(len(boxes)), key=lambda kind: order(boxes[kind].size_mm), reverse=True)
        filled = _filled(boxes, kinds, inner_mm, cut)
        volume = sum(volume_of(one.turned_mm) * one.quantity for one in filled)
        if volume > best_volume:
            best, best_volume = filled, volume
    return best


def volume_of(size: Size) -> int:
    """Returns cubic millimeters."""
    return size[0] * size[1] * size[2]


def _by_volume(size: Size) -> Size:
    return volume_of(size), max(size), 0


def _by_edge(size: Size) -> Size:
    return max(size), volume_of(size), 0


def _by_face(size: Size) -> Size:
    return volume_of(size) // max(min(size), 1), max(size), 0


_ORDERS: Final = (_by_volume, _by_edge, _by_face)
_CUTS: Final[tuple[Callable[[Sequence[Size]], int], ...]] = (
    lambda rooms: max(map(volume_of, rooms)),  # the largest room as large as possible
    lambda rooms: -min((volume_of(room) for room in rooms if volume_of(room)), default=0),  # the smallest as small
)


def _filled(
    boxes: Sequence[Boxes],
    kinds: Sequence[int],
    inner_mm: Size,
    cut: Callable[[Sequence[Size]], int],
) -> list[Placed]:
    rooms = [_Room((0, 0, 0), inner_mm, volume_of(inner_mm))]
    placed: list[Placed] = []
    for kind in kinds:
        left = boxes[kind].quantity
        turns = sorted(set(permutations(boxes[kind].size_mm, 3)))
        while left and (found := min(_fits(rooms, turns), default=None)):
            _, _, place, turned = found
            room = rooms.pop(place)
            along = _along(room.size, turned, left)
            placed.append(Placed(kind=kind, corner_mm=room.corner, turned_mm=turned, along=along))
            left -= placed[-1].quantity
            rooms += _rooms_around(room, turned, along, cut)
    return placed


def _fits(rooms: Sequence[_Room], turns: Sequence[Size]) -> Iterator[tuple[int, int, int, Size]]:
    """Yields how much a box would leave free (first of all the room's volume), and in which room and how turned."""
    for place, room in enumerate(rooms):
        x, y, z = room.size
        for turned in turns:
            gap = min(x - turned[0], y - turned[1], z - turned[2])
            if gap >= 0:
                yield room.volume, gap, place, turned


def _along(room: Size, turned: Size, quantity: int) -> Size:
    """Returns how many boxes go along each edge of a full block of at most so many."""
    first = min(room[0] // turned[0], quantity)
    second = min(room[1] // turned[1], quantity // first)
    third = min(room[2] // turned[2], quantity // (first * second))
    return first, second, third


def _rooms_around(room: _Room, turned: Size, along: Size, cut: Callable[[Sequence[Size]], int]) -> Iterator[_Room]:
    """Yields what is left of a room, cut along the planes of the block in the best of the six possible orders."""
    block = turned[0] * along[0], turned[1] * along[1], turned[2] * along[2]
    best = max(permutations(range(3)), key=lambda axes: cut([size for _, size in _pieces(room, block, axes)]))
    for corner, size in _pieces(room, block, best):
        if volume := volume_of(size):
            yield _Room(corner, size, volume)


def _pieces(room: _Room, block: Size, axes: Sequence[int]) -> Iterator[tuple[Size, Size]]:
    size = list(room.size)
    for axis in axes:
        corner, piece = list(room.corner), list(size)
        corner[axis] += block[axis]
        piece[axis] -= block[axis]
        yield (corner[0], corner[1], corner[2]), (piece[0], piece[1], piece[2])
        size[axis] = block[axis]
