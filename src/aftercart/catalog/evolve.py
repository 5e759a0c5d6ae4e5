"""How the catalog changes on its events."""

from collections.abc import Iterator
from uuid import UUID

from aftercart.catalog.events import VariantsUpserted
from aftercart.catalog.model import Variant, VariantKey
from aftercart.kit.state import State


def evolve_variants(_stream: UUID, event: VariantsUpserted, _state: State) -> Iterator[tuple[VariantKey, Variant]]:
    """Yields every variant of the event as it is from now on."""
    for variant in event.variants:
        yield VariantKey(variant.sku), variant
