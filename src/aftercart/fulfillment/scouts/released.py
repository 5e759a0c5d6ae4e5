"""Which stock an order's released units are, that somebody is about to have in hand."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from aftercart.fulfillment.decisions.start_preparing import StartPreparing
from aftercart.inventory.model import StockKey
from aftercart.kit.commands import Scout
from aftercart.kit.state import State, Statement


def _ask(commands: Sequence[StartPreparing], _facts: State) -> Statement:
    return Statement(_FIND_RELEASED, {"order_ids": [command.order_id for command in commands]})


def _read(commands: Sequence[StartPreparing], rows: Sequence[Any], _facts: State) -> Iterable[Iterable[StockKey]]:
    stocks: defaultdict[tuple[UUID, str], list[StockKey]] = defaultdict(list)
    for order_id, sku, location in rows:
        stocks[order_id, location].append(StockKey(sku, location))
    return [stocks[command.order_id, command.location] for command in commands]


_FIND_RELEASED: Final = """
    SELECT DISTINCT u.order_id, u.sku, u.location
    FROM orders.units AS u
    WHERE u.order_id = ANY(%(order_ids)s) AND u.stage = 'released'
"""

SCOUT_RELEASED: Final = Scout(ask=_ask, read=_read)
