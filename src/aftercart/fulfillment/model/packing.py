"""What the merchant packs with: cartons, and what is put into parcels beside the goods."""

import enum
from typing import Annotated, Final

import msgspec

from aftercart.fulfillment.model.cartons import Carton
from aftercart.kit.state import Key
from aftercart.shipping.model import Names


class InsertKind(enum.StrEnum):
    """What is put in beside the goods."""

    GIFT = "gift"  # a present for the customer
    SAMPLE = "sample"  # something to try
    LEAFLET = "leaflet"  # something to read


class Insert(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Something for the first parcel of an order that matches; entries that are empty match all.

    An order matches ``products`` when one of its lines is of one of them, ``value_minor_min`` by its total.
    """

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    kind: InsertKind
    names: Names
    channels: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    value_minor_min: Annotated[int, msgspec.Meta(ge=0)] = 0


class Packing(msgspec.Struct, frozen=True, kw_only=True):
    """The cartons and inserts in use. Version 0 is built in: no carton is proposed, and nothing is put in."""

    version: int = 0
    cartons: tuple[Carton, ...] = ()
    inserts: tuple[Insert, ...] = ()


class PackingKey(Key[Packing], frozen=True, order=True, gc=False):
    """The packing in force."""


DEFAULT_PACKING: Final = Packing()
