"""What the documents of bins look at, and what their lines must satisfy."""

from collections.abc import Callable

import msgspec

from aftercart.inventory.model import Stock
from aftercart.inventory.rules.bin_changes import Bins
from aftercart.inventory.rules.document_lines import KindOf
from aftercart.kit.refusal import Invalid


class Shelves(msgspec.Struct, frozen=True, kw_only=True):
    """One location as its bins' documents see it: by SKU its stock and bins, by code whether a bin is known."""

    knows_location: Callable[[str], bool]
    kind_of: KindOf
    stock_of: Callable[[str], Stock]
    bins_of: Callable[[str], Bins]
    knows_bin: Callable[[str], bool]


def require_bin(shelves: Shelves, code: str, *, param: str) -> None:
    """Raises ``Invalid`` for a bin that the location does not have."""
    if not shelves.knows_bin(code):
        raise Invalid(param=param, expected="the code of a bin of this location", got=code)
