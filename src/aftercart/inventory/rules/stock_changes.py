"""How stock rows follow physical movements, unit moves and supply."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import msgspec

from aftercart.inventory.model import (
    HOLDING_STAGES,
    IN_HAND_STAGES,
    UNMADE_STAGES,
    Incoming,
    Stage,
    Stock,
    StockKey,
    SupplyLine,
    UnitMove,
)

INCOMING_MAX: Final = 100
"""How many supplies of a SKU may be outstanding at a location: they are read with every order."""


def changed_stock(
    stock: Stock,
    *,
    on_hand_delta: int = 0,
    reserved_delta: int = 0,
    backordered_delta: int = 0,
    in_hand_delta: int = 0,
) -> Stock:
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
        backordered=stock.backordered + backordered_delta,
        in_hand=stock.in_hand + in_hand_delta,
        incoming=stock.incoming,
    )


def with_supply(stock: Stock, line: SupplyLine) -> Stock:
    """Returns the stock whose ``incoming`` says what is still to come of a supply's line."""
    others = [one for one in stock.incoming if one.reference != line.reference]
    if line.outstanding:
        others.append(Incoming(reference=line.reference, expected_date=line.expected_date, quantity=line.outstanding))
    incoming = tuple(sorted(others, key=lambda one: (one.expected_date, one.reference)))
    return msgspec.structs.replace(stock, incoming=incoming)


def holds_stock(stage: Stage, *, made_to_order: bool) -> bool:
    """Tells whether a unit in this stage holds stock at its place; one that is made to order only once it is made."""
    return stage in HOLDING_STAGES and not (made_to_order and stage in UNMADE_STAGES)


def waits_for_stock(stage: Stage, *, made_to_order: bool) -> bool:
    """Tells whether a unit in this stage waits for goods to arrive at its place; one that is made to order does not."""
    return stage is Stage.BACKORDERED and not made_to_order


def reserved_deltas(moves: Iterable[UnitMove]) -> Mapping[StockKey, int]:
    """Returns how much each stock's ``reserved`` grows by these moves; moves between holding stages change nothing."""
    return _deltas(moves, holds_stock)


def backordered_deltas(moves: Iterable[UnitMove]) -> Mapping[StockKey, int]:
    """Returns how much each stock's ``backordered`` grows by these moves."""
    return _deltas(moves, waits_for_stock)


def in_hand_deltas(moves: Iterable[UnitMove]) -> Mapping[StockKey, int]:
    """Returns how much each stock's ``in_hand`` grows by these moves."""
    return _deltas(moves, _is_in_hand)


def _is_in_hand(stage: Stage, **_: bool) -> bool:
    return stage in IN_HAND_STAGES


def _deltas(moves: Iterable[UnitMove], counts: Callable[..., bool]) -> Mapping[StockKey, int]:
    deltas: defaultdict[StockKey, int] = defaultdict(int)
    for move in moves:
        if counts(move.target, made_to_order=move.made_to_order):
            deltas[StockKey(move.sku, move.location)] += move.quantity
        if move.source is not None and counts(move.source, made_to_order=move.made_to_order):
            deltas[StockKey(move.sku, move.origin or move.location)] -= move.quantity
    return {key: delta for key, delta in deltas.items() if delta}
