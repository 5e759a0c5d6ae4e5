"""The unit ledger: moving units conserves them, and only along the legal moves."""

from collections import Counter
from collections.abc import Iterable

from aftercart.inventory.model import LEGAL_MOVES, UNWANTED_STAGES, Stage, UnitMove
from aftercart.orders.model import OrderLine, Units

_FIRST_STAGES = frozenset({Stage.BACKORDERED, Stage.RESERVED})


class IllegalMove(Exception):
    """A decision moved units that are not there, or along a move that does not exist: a fault, not a refusal."""


def move_units(units: Iterable[Units], moves: Iterable[UnitMove]) -> tuple[Units, ...]:
    """Returns the ledger after ``moves``, sorted by line, place and stage, without empty entries.

    The one function that changes a ledger. Raises ``IllegalMove`` for a move that is not in the table of legal
    moves, that changes neither stage nor place, or that takes more units than there are.
    """
    quantities: dict[tuple[int, str, Stage, str], int] = {}
    for entry in units:
        quantities[entry.line, entry.location, entry.stage, entry.sku] = entry.quantity
    for move in moves:
        _require_legal(move)
        if move.source is not None:
            leaving = (move.line, move.origin or move.location, move.source, move.sku)
            left = quantities.get(leaving, 0) - move.quantity
            if left < 0:
                raise IllegalMove(f"{move} takes more units than there are")
            quantities[leaving] = left
        entering = (move.line, move.location, move.target, move.sku)
        quantities[entering] = quantities.get(entering, 0) + move.quantity
    return tuple(
        Units(line=line, sku=sku, location=location, stage=stage, quantity=quantity)
        for (line, location, stage, sku), quantity in sorted(quantities.items())
        if quantity
    )


def live_quantity(units: Iterable[Units], line: OrderLine) -> int:
    """Returns how many units of a line are still wanted; of a bundle, how many bundles."""
    live = sum(entry.quantity for entry in units if entry.line == line.line and entry.stage not in UNWANTED_STAGES)
    return live // units_per_piece(line)


def waiting_pieces(units: Iterable[Units], line: OrderLine) -> int:
    """Returns how many pieces of a line wait for stock: of a bundle, those of which any part is missing."""
    waiting = Counter[str]()
    for entry in units:
        if entry.line == line.line and entry.stage is Stage.BACKORDERED:
            waiting[entry.sku] += entry.quantity
    return max(-(-waiting[sku] // per_piece) for sku, per_piece in skus_of(line))


def units_per_piece(line: OrderLine) -> int:
    """Returns how many units one piece of a line consists of: more than one in a bundle."""
    return sum(component.quantity for component in line.components) if line.components else 1


def skus_of(line: OrderLine) -> tuple[tuple[str, int], ...]:
    """Returns the SKUs of a line's units, each with how many of it one piece consists of."""
    if line.components:
        return tuple((component.sku, component.quantity) for component in line.components)
    return ((line.sku, 1),)


def _require_legal(move: UnitMove) -> None:
    legal = _FIRST_STAGES if move.source is None else LEGAL_MOVES[move.source]
    stays = move.target is move.source and move.origin in {None, move.location}
    if move.target not in legal or move.quantity <= 0 or stays:
        raise IllegalMove(f"{move} is not a legal move")
