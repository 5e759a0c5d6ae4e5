"""What orders are packed with, in PostgreSQL: one document for each version."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import msgspec

from aftercart.fulfillment.model import Packing, PackingKey
from aftercart.fulfillment.store_sql import LOAD_PACKING
from aftercart.kit.state import Change, Kind, Statement


def _read(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[PackingKey, Packing]]:
    for (packing,) in rows:
        yield PackingKey(), msgspec.json.decode(packing, type=Packing)


def _save(changes: Sequence[Change]) -> Iterable[Statement]:
    for change in changes:
        packing: Packing = change.after
        encoded = msgspec.json.encode(packing).decode()
        yield Statement(_SAVE_PACKING, {"version": packing.version, "packing": encoded})


_LOCK_PACKING: Final = """
    SELECT pg_advisory_xact_lock(hashtextextended('fulfillment.packing', 2))
"""

_SAVE_PACKING: Final = """
    INSERT INTO fulfillment.packing (version, packing) VALUES (%(version)s, %(packing)s)
"""

PACKING: Final = Kind(
    key=PackingKey,
    rank=46,
    lock=lambda _: Statement(_LOCK_PACKING, {}),
    load=lambda _: Statement(LOAD_PACKING, {}),
    read=_read,
    save=_save,
)
