"""The floor as decisions see it: parcels, cartons, and where goods lie."""

from aftercart.fulfillment.model.bins import Bin
from aftercart.fulfillment.model.cartons import Carton
from aftercart.fulfillment.model.packing import DEFAULT_PACKING, Insert, InsertKind, Packing, PackingKey
from aftercart.fulfillment.model.parcel import (
    ENDS,
    IN_HOUSE,
    Content,
    FulfillmentStatus,
    Label,
    LabelState,
    Parcel,
    ParcelsKey,
    ParcelStatus,
    ShortReason,
    Tracked,
)

__all__ = [
    "DEFAULT_PACKING",
    "ENDS",
    "IN_HOUSE",
    "Bin",
    "Carton",
    "Content",
    "FulfillmentStatus",
    "Insert",
    "InsertKind",
    "Label",
    "LabelState",
    "Packing",
    "PackingKey",
    "Parcel",
    "ParcelStatus",
    "ParcelsKey",
    "ShortReason",
    "Tracked",
]
