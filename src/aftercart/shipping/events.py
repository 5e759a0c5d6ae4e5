"""What happens to delivery methods, pickup points and the directory of postcodes; each is a document."""

import msgspec

from aftercart.inventory.model import Coordinates
from aftercart.kit.state import Event
from aftercart.shipping.model import DeliveryMethod, PickupPoint


class DeliveryMethodsUpserted(Event, frozen=True, kw_only=True):
    """Delivery methods were added or changed; each one stands here as it is from now on."""

    methods: tuple[DeliveryMethod, ...]


class PickupPointsUpserted(Event, frozen=True, kw_only=True):
    """Pickup points were added or changed; each one stands here as it is from now on."""

    points: tuple[PickupPoint, ...]


class PlacedPostcode(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A postcode and the middle of its area."""

    country: str
    postcode: str
    coordinates: Coordinates


class PostcodesUpserted(Event, frozen=True, kw_only=True):
    """The directory of postcodes learned of some, or corrected them."""

    postcodes: tuple[PlacedPostcode, ...]
