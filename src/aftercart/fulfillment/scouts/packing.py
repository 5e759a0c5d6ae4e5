"""Which variants lie in a parcel that is about to be closed: how large they are says how much of it stays empty."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from aftercart.catalog.model import VariantKey
from aftercart.kit.commands import Scout
from aftercart.kit.state import Read, State, Statement
from aftercart.orders.queries import skus_of_orders_statement


def _ask(commands: Sequence[Any], _facts: State) -> Statement:
    return skus_of_orders_statement([command.order_id for command in commands])


def _read(commands: Sequence[Any], rows: Sequence[Any], _facts: State) -> Iterable[Iterable[Read]]:
    skus: defaultdict[UUID, list[Read]] = defaultdict(list)
    for order_id, sku in rows:
        skus[order_id].append(Read(VariantKey(sku)))
    return [skus[command.order_id] for command in commands]


SCOUT_PACKING: Final = Scout(ask=_ask, read=_read)
