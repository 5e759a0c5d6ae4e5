"""English: what the papers in a parcel say."""

from typing import Final

PHRASES: Final = {
    "slip": "Packing slip",
    "slip_parcel": "Parcel {parcel}",
    "slip_parcel_of": "Parcel {parcel} of {parcels}",
    "slip_packed": "Packed on {day}",
    "slip_recipient": "Recipient",
    "slip_point": "Pickup point {point}",
    "slip_gift": "A message for you",
    "slip_lines": "In this parcel",
    "slip_item": "Item",
    "slip_quantity": "Quantity",
    "slip_amount": "Amount",
    "slip_elsewhere": "In another parcel",
    "slip_elsewhere_note": "These items travel separately: nothing is missing.",
    "slip_returns": "Sending something back",
    "slip_returns_until": "You can send items back within {days} days after you received them.",
    "slip_returns_tell": "Tell us which ones at {url}, with the order number {number}.",
    "slip_returns_pack": "Put them into their packaging, together with this slip.",
    "slip_returns_send": "Send the parcel to:",
    "slip_returns_code": "QR code that opens {url}",
    "slip_trouble": "Is something missing or damaged? Tell us, and we put it right.",
    "slip_page": "Page",
}
