"""How stock rows follow physical movements and unit moves."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from aftercart.inventory.model import HOLDING_STAGES, UNMADE_STAGES, Stage, Stock, StockKey, UnitMove


def changed_stock(stock: Stock, *, on_hand_delta: int = 0, reserved_delta: int = 0) -> Stock:
    """Returns the stock after a change, with ``short`` as what is reserved but not there.

    The caller has checked that nothing falls below zero; the database's constraints check it again.
    """
    on_hand = stock.on_hand + on_hand_delta
    reserved = stock.reserved + reserved_delta
    return Stock(
        sku=stock.sku,
        location=stock.location,
        on_hand=on_hand,
        reserved=reserved,
        safety=stock.safety,
        quarantined=stock.quarantined,
        short=max(reserved - on_hand, 0),
    )


def reserved_deltas(moves: Iterable[UnitMove]) -> Mapping[StockKey, int]:
    """Returns how much each stock's ``reserved`` grows by these moves; moves between holding stages change nothing."""
    deltas: defaultdict[StockKey, int] = defaultdict(int)
    for move in moves:
        if holds_stock(move.target, made_to_order=move.made_to_order):
            deltas[StockKey(move.sku, move.location)] += move.quantity
        if move.source is not None and holds_stock(move.source, made_to_order=move.made_to_order):
            deltas[StockKey(move.sku, move.origin or move.location)] -= move.quantity
    return {key: delta for key, delta in deltas.items() if delta}


def holds_stock(stage: Stage, *, made_to_order: bool) -> bool:
    """Tells whether a unit holds stock in a stage: one that is made to order does once it exists."""
    return stage in HOLDING_STAGES and not (made_to_order and stage in UNMADE_STAGES)
