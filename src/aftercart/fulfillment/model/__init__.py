"""The floor as decisions see it: parcels, and pick lists."""

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

__all__ = [
    "ENDS",
    "IN_HOUSE",
    "LIST_ORDERS_MAX",
    "NO_BIN",
    "AssignmentKey",
    "Content",
    "FulfillmentStatus",
    "Label",
    "LabelState",
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
