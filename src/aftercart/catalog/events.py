"""What happens to the catalog."""

from aftercart.catalog.model import Variant
from aftercart.kit.state import Event


class VariantsUpserted(Event, frozen=True, kw_only=True):
    """Variants were added or changed; each one stands here as it is from now on."""

    variants: tuple[Variant, ...]
