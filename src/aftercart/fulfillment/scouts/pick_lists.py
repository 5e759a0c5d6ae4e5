"""Which orders a pick list looks at, and which stock what was left behind lies in."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from aftercart.fulfillment.decisions.abandon_picking import AbandonPicking
from aftercart.inventory.model import BinStockKey, StockKey
from aftercart.kit.commands import Scout
from aftercart.kit.state import Key, Read, State, Statement
from aftercart.orders.model import OrderKey


def _lists(commands: Sequence[Any]) -> dict[str, object]:
    return {"pick_lists": sorted({command.pick_list for command in commands})}


def _ask_reached(commands: Sequence[Any], _facts: State) -> Statement:
    return Statement(_FIND_REACHED, _lists(commands))


def _ask_on_list(commands: Sequence[Any], _facts: State) -> Statement:
    return Statement(_FIND_ON_LIST, _lists(commands))


def _read_orders(commands: Sequence[Any], rows: Sequence[Any], _facts: State) -> Iterable[Iterable[Read]]:
    orders: defaultdict[UUID, list[Read]] = defaultdict(list)
    for pick_list, order_id in rows:
        orders[pick_list].append(Read(OrderKey(order_id)))
    return [orders[command.pick_list] for command in commands]


def _read_left(commands: Sequence[AbandonPicking], rows: Sequence[Any], _facts: State) -> Iterable[Iterable[Key[Any]]]:
    skus: defaultdict[tuple[UUID, UUID], set[str]] = defaultdict(set)
    for pick_list, order_id, sku in rows:
        skus[pick_list, order_id].add(sku)
    return [
        [
            key(sku, command.location)
            for sku in skus[command.pick_list, command.order_id]
            for key in (StockKey, BinStockKey)
        ]
        for command in commands
    ]


def _ask_left(commands: Sequence[AbandonPicking], _facts: State) -> Statement:
    return Statement(_FIND_LEFT, _lists(commands))


_FIND_REACHED: Final = """
    SELECT DISTINCT p.pick_list, p.order_id
    FROM fulfillment.picks AS p
    WHERE p.pick_list = ANY(%(pick_lists)s) AND p.reached > p.taken + p.short + p.returned
"""

_FIND_ON_LIST: Final = """
    SELECT a.pick_list, a.order_id
    FROM fulfillment.assignments AS a
    WHERE a.pick_list = ANY(%(pick_lists)s)
"""

_FIND_LEFT: Final = """
    SELECT DISTINCT p.pick_list, p.order_id, p.sku
    FROM fulfillment.picks AS p
    WHERE p.pick_list = ANY(%(pick_lists)s) AND p.reached > p.taken + p.short + p.returned
"""

SCOUT_REACHED: Final[Scout[Any]] = Scout(ask=_ask_reached, read=_read_orders)
SCOUT_ON_LIST: Final[Scout[Any]] = Scout(ask=_ask_on_list, read=_read_orders)
SCOUT_LEFT: Final[Scout[Any]] = Scout(ask=_ask_left, read=_read_left)
