"""What scanners send."""

from aftercart.kit.refusal import Invalid
from aftercart.views.scanned_code import find_scanned_sku
from aftercart.web.api.call import Call


async def scanned_sku(call: Call, code: str) -> str:
    """Returns the SKU of what was scanned, a SKU or a GTIN; raises ``Invalid`` for a code nobody knows."""
    sku = await find_scanned_sku(call.shop.database, code)
    if sku is None:
        raise Invalid(param="code", expected="a SKU or GTIN of the catalog", got=code)
    return sku
