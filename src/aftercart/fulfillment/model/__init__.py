"""The floor as decisions see it: where goods lie, and what they are packed into."""

from aftercart.fulfillment.model.bins import Bin
from aftercart.fulfillment.model.cartons import Carton

__all__ = ["Bin", "Carton"]
