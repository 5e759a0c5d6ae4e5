"""What may be had instead of, or besides, what an order holds: other variants of its products, and substitutes."""

from collections.abc import Sequence
from typing import Final

import msgspec

from aftercart.kit.database import Database


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A variant that may be had; ``is_substitute`` says that it is of another product."""

    sku: str
    name: str
    price_minor: int
    currency: str
    is_substitute: bool


_decode: Final = msgspec.json.Decoder(Offer).decode


async def find_offers(database: Database, skus: Sequence[str], *, limit: int) -> tuple[Offer, ...]:
    """Returns the variants of the products of ``skus``, and their substitutes, by name; ``skus`` are among them."""
    rows = await database.rows(_FIND, {"skus": list(skus), "limit": limit})
    return tuple(_decode(row) for (row,) in rows)


_FIND: Final = """
    WITH ordered AS (
        SELECT product, substitutes FROM catalog.variants WHERE sku = ANY(%(skus)s)
    )
    SELECT json_build_object(
        'sku', v.sku, 'name', v.name, 'price_minor', v.price_minor, 'currency', v.currency,
        'is_substitute', v.product NOT IN (SELECT product FROM ordered))::text
    FROM catalog.variants AS v
    WHERE v.product IN (SELECT product FROM ordered)
        OR v.sku IN (SELECT jsonb_array_elements_text(substitutes) FROM ordered)
    ORDER BY v.product NOT IN (SELECT product FROM ordered), v.name, v.sku
    LIMIT %(limit)s
"""
