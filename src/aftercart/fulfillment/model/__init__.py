"""The floor as decisions see it: where goods lie."""

from aftercart.fulfillment.model.bins import Bin

__all__ = ["Bin"]
