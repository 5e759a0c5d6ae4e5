"""The import's own notebook: what the shop was asked and refused, so that nothing is asked twice and no reason lost."""

from collections.abc import Iterable
from typing import Final

import msgspec

from aftercart.importing.orders import CHANNELS
from aftercart.kit.database import Database
from aftercart.kit.refusal import Refusal
from aftercart.kit.state import Statement
from aftercart.orders.rules.stock_for_lines import InsufficientStock, MissingStock

SOURCE: Final = "online-retail"
_CHANNELS: Final = [channel.code for channel in CHANNELS.channels]


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice whose order was refused, why, and the articles that were missing.

    ``fingerprint`` is that of the order, so that an invoice that was corrected meanwhile is asked again.
    """

    reference: str
    fingerprint: str
    code: str
    missing_skus: tuple[str, ...]


class Notebook:
    """Collects refusals; they are kept once ``write_down`` was called."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._new: list[Refused] = []

    def note(self, refusal: Refusal, *, reference: str, fingerprint: str) -> Refused:
        """Notes that an order was refused."""
        missing: tuple[MissingStock, ...] = ()
        if isinstance(refusal, InsufficientStock):
            missing = msgspec.convert(refusal.values["missing"], tuple[MissingStock, ...])
        skus = tuple(entry.sku for entry in missing)
        refused = Refused(reference=reference, fingerprint=fingerprint, code=refusal.code, missing_skus=skus)
        self._new.append(refused)
        return refused

    async def write_down(self) -> None:
        """Stores what was noted since the last time."""
        if self._new:
            rows = msgspec.json.encode(self._new).decode()
            await self._database.run(Statement(_SAVE, {"source": SOURCE, "rows": rows}))
            self._new.clear()


async def find_refused(database: Database) -> dict[str, Refused]:
    """Returns what was ever refused, by the number of the invoice."""
    rows = await database.rows(_FIND_REFUSED, {"source": SOURCE})
    refused = msgspec.convert(
        [dict(zip(Refused.__struct_fields__, row, strict=True)) for row in rows], tuple[Refused, ...]
    )
    return {one.reference: one for one in refused}


async def find_placed(database: Database) -> dict[str, str]:
    """Returns the fingerprints of the orders that exist, by the number of the invoice."""
    rows = await database.rows(_FIND_PLACED, {"channels": _CHANNELS})
    return dict(rows)


async def count_waited(database: Database, references: Iterable[str]) -> dict[str, int]:
    """Returns for how many lines of these orders an article was missing when they were placed, by SKU."""
    return dict(await database.rows(_COUNT_WAITED, {"channels": _CHANNELS, "references": list(references)}))


async def count_served(database: Database, references: Iterable[str]) -> int:
    """Returns how many units of these orders waited for stock and got it."""
    ((units,),) = await database.rows(_COUNT_SERVED, {"channels": _CHANNELS, "references": list(references)})
    return units


async def count_waiting(database: Database, references: Iterable[str]) -> tuple[int, int]:
    """Returns how many lines and units of these orders wait for stock now."""
    ((lines, units),) = await database.rows(_COUNT_WAITING, {"channels": _CHANNELS, "references": list(references)})
    return lines, units


_SAVE: Final = """
    INSERT INTO importing.refusals (source, reference, fingerprint, code, missing_skus)
    SELECT %(source)s, r.reference, r.fingerprint, r.code, r.missing_skus
    FROM json_to_recordset(%(rows)s) AS r (reference text, fingerprint text, code text, missing_skus jsonb)
    ON CONFLICT (source, reference) DO UPDATE SET
        fingerprint = excluded.fingerprint, code = excluded.code, missing_skus = excluded.missing_skus
"""

_FIND_REFUSED: Final = """
    SELECT reference, fingerprint, code, missing_skus FROM importing.refusals WHERE source = %(source)s
"""

_FIND_PLACED: Final = """
    SELECT reference, fingerprint
    FROM orders.orders
    WHERE channel = ANY(%(channels)s) AND reference IS NOT NULL
"""

# The ledger has forgotten who had to wait once they are served; the event log has not.
_COUNT_WAITED: Final = """
    SELECT move ->> 'sku', count(DISTINCT (e.stream, move ->> 'line'))
    FROM orders.orders AS o
    JOIN kit.event_log AS e ON e.stream = o.order_id AND e.seq = 1
    CROSS JOIN json_array_elements(e.data -> 'moves') AS move
    WHERE o.channel = ANY(%(channels)s) AND o.reference = ANY(%(references)s) AND move ->> 'target' = 'backordered'
    GROUP BY move ->> 'sku'
"""

_COUNT_SERVED: Final = """
    SELECT coalesce(sum((move ->> 'quantity')::bigint), 0)::bigint
    FROM orders.orders AS o
    JOIN kit.event_log AS e ON e.stream = o.order_id AND e.type = 'BackorderReserved'
    CROSS JOIN json_array_elements(e.data -> 'moves') AS move
    WHERE o.channel = ANY(%(channels)s) AND o.reference = ANY(%(references)s)
"""

_COUNT_WAITING: Final = """
    SELECT count(*), coalesce(sum(u.quantity), 0)::bigint
    FROM orders.orders AS o
    JOIN orders.units AS u ON u.order_id = o.order_id
    WHERE o.channel = ANY(%(channels)s) AND o.reference = ANY(%(references)s) AND u.stage = 'backordered'
"""
