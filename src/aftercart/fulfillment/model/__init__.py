"""The floor as decisions see it: parcels and what they are packed into, and pick lists."""

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
from aftercart.fulfillment.model.pick_list import (
    LIST_ORDERS_MAX,
    NO_BIN,
    AssignmentKey,
    Pick,
    PickList,
    PickListKey,
    PickListStatus,
    Stop,
    Tote,
)
from aftercart.inventory.model import Bin

__all__ = [
    "DEFAULT_PACKING",
    "ENDS",
    "IN_HOUSE",
    "LIST_ORDERS_MAX",
    "NO_BIN",
    "AssignmentKey",
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
    "Pick",
    "PickList",
    "PickListKey",
    "PickListStatus",
    "ShortReason",
    "Stop",
    "Tote",
    "Tracked",
]
