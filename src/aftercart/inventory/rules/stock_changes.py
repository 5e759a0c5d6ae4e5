"""How stock rows follow physical movements and unit moves."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from aftercart.inventory.model import HOLDING_STAGES, Stock, StockKey, UnitMove


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
        if move.target in HOLDING_STAGES:
            deltas[StockKey(move.sku, move.location)] += move.quantity
        if move.source in HOLDING_STAGES:
            deltas[StockKey(move.sku, move.origin or move.location)] -= move.quantity
    return {key: delta for key, delta in deltas.items() if delta}
