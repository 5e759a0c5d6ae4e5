"""Which stock a parcel takes with it when it leaves."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from aftercart.fulfillment.decisions.hand_over_parcel import HandOverParcel
from aftercart.inventory.model import StockKey
from aftercart.kit.commands import Scout
from aftercart.kit.state import State, Statement


def _ask(commands: Sequence[HandOverParcel], _facts: State) -> Statement:
    return Statement(_FIND_CONTENTS, {"order_ids": [command.order_id for command in commands]})


def _read(commands: Sequence[HandOverParcel], rows: Sequence[Any], _facts: State) -> Iterable[Iterable[StockKey]]:
    stocks: defaultdict[tuple[UUID, int], list[StockKey]] = defaultdict(list)
    for order_id, parcel, sku, location in rows:
        stocks[order_id, parcel].append(StockKey(sku, location))
    return [stocks[command.order_id, command.parcel] for command in commands]


_FIND_CONTENTS: Final = """
    SELECT p.order_id, p.parcel, c.sku, p.location
    FROM fulfillment.parcels AS p
    CROSS JOIN LATERAL jsonb_to_recordset(p.contents) AS c (sku text)
    WHERE p.order_id = ANY(%(order_ids)s)
"""

SCOUT_LEAVING: Final = Scout(ask=_ask, read=_read)
