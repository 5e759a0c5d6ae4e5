"""English for what happens on the floor, and why something there cannot go on."""

from typing import Final

REFUSALS: Final = {
    "fulfillment_order_not_found": "There is no such work.",
    "item_not_wanted": "{sku} is not wanted any more: put it back.",
    "label_not_ready": "Parcel {parcel} of order {number} has no label yet ({label_state}).",
    "label_request_over": "Request {request} for a label of parcel {parcel} was settled before.",
    "no_such_parcel": "There is no such parcel.",
    "not_handed_over": "Parcel {parcel} of order {number} has not left.",
    "nothing_to_pack": "Nothing of order {number} lies ready to be packed at {location}.",
    "nothing_to_pick": "Nothing of order {number} is to be fetched at {location}.",
    "nothing_to_put_back": "No such quantity of {sku} of order {number} is to be put back at {location}.",
    "parcel_empty": "Nothing lies in parcel {parcel}.",
    "parcel_holds_unwanted": "The customer took back {unwanted_list}: pull it out of parcel {parcel}.",
    "parcel_not_closed": "Parcel {parcel} is not packed and waiting: {parcel_status}.",
    "parcel_not_empty": "Something still lies in parcel {parcel}.",
    "parcel_not_found": "Order {number} has no parcel {parcel}.",
    "parcel_not_open": "Parcel {parcel} is not being packed: {parcel_status}.",
    "still_in_parcel": "{sku} still lies in parcel {parcel}: pull it out first.",
    "wrong_item": "{sku} does not belong here. Expected: {items_list}.",
}

EVENTS: Final = {
    "PackingSet": "Cartons and inserts were changed; version {packing[version]} is in force.",
    "UnitsPicked": "Preparation began: {units}.",
    "PickingAbandoned": "Preparation was interrupted: {units}.",
    "UnitsShort": "Not found at {location}: {quantity} of {sku}; they wait for stock again.",
    "UnitsPutBack": "Taken out and put back: {quantity} of {sku}.",
    "ParcelOpened": "Parcel {parcel[parcel]} is being packed.",
    "ItemPacked": "Laid into parcel {parcel[parcel]}: {quantity} of {sku}.",
    "ItemUnpacked": "Taken out of parcel {parcel[parcel]}: {quantity} of {sku}.",
    "ParcelClosed": "Parcel {parcel[parcel]} is packed.",
    "ParcelReopened": "Parcel {parcel[parcel]} is being unpacked.",
    "ParcelVoided": "Parcel {parcel[parcel]} was given up.",
    "LabelRequested": "A label for parcel {parcel[parcel]} was asked for again.",
    "LabelPrinted": "Parcel {parcel[parcel]} has its label: {carrier}, {tracking_number}.",
    "LabelRefused": "{carrier} does not take parcel {parcel[parcel]}: {cause}.",
    "LabelVoided": "A label of parcel {parcel[parcel]} was given back.",
    "ParcelHandedOver": "Parcel {parcel[parcel]} left with {carrier}.",
    "ParcelTracked": "Parcel {parcel[parcel]}: {tracked}.",
}

LABELS: Final = {
    "parcel_status": {
        "open": "being packed",
        "closed": "packed",
        "voided": "given up",
        "handed_over": "given to the carrier",
        "announced": "announced to the carrier",
        "in_transit": "on its way",
        "out_for_delivery": "comes today",
        "available_at_point": "ready to be collected",
        "failed": "could not be delivered",
        "delivered": "delivered",
        "returned": "came back",
        "lost": "lost",
    },
    "label_state": {
        "requested": "the carrier is being asked",
        "printed": "printed",
        "refused": "refused by the carrier",
        "void_requested": "being given back",
        "voided": "given back",
    },
}

ENTRIES: Final = {"unwanted": "{quantity} of {sku}", "items": "{quantity} of {sku}"}
