"""What a scanner read: a SKU, or the GTIN of one."""

from typing import Final

from aftercart.kit.database import Database


async def find_scanned_sku(database: Database, code: str) -> str | None:
    """Returns the SKU of that code, the SKU itself before a GTIN; ``None`` for one the catalog does not know."""
    rows = await database.rows(_FIND, {"code": code})
    return rows[0][0] if rows else None


_FIND: Final = """
    SELECT v.sku
    FROM catalog.variants AS v
    WHERE v.sku = %(code)s OR v.gtin = %(code)s
    ORDER BY (v.sku = %(code)s) DESC, v.sku
    LIMIT 1
"""
