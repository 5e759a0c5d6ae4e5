"""Parcels to tell stories about: from Lyon, to somebody in Paris unless told otherwise."""

from typing import Any, Final

import msgspec

from aftercart.kit.address import Address
from aftercart.shipping.ports import LabelRequest, Recipient

LYON: Final = Address(name="Aftercart Lyon", line1="5 quai Perrache", postcode="69002", city="Lyon", country="FR")
PARIS: Final = Address(name="Ada L", line1="1 rue de la Paix", postcode="75002", city="Paris", country="FR")
TO_ADA: Final = Recipient(name="Ada L", address=PARIS, email="ada@example.org")
TO_A_POINT: Final[dict[str, Any]] = {
    "method": "mondial-relay-point",
    "carrier": "Mondial Relay",
    "recipient": Recipient(name="Ada L", phone="+33612345678"),
    "pickup_point": "FR-012345",
}


def request(key: str = "label-1", **changes: Any) -> LabelRequest:
    """Return a request for a parcel of one kilogram; ``marks`` go behind the recipient's name."""
    marks = changes.pop("marks", "")
    asked = LabelRequest(
        key=key,
        parcel_number="P-7Q4K-1",
        method="colissimo-home",
        carrier="Colissimo",
        sender=LYON,
        recipient=TO_ADA,
        weight_grams=1_000,
        dimensions_mm=(300, 200, 100),
        reference="AC-7Q4K",
    )
    asked = msgspec.structs.replace(asked, **changes)
    recipient = msgspec.structs.replace(asked.recipient, name=f"{asked.recipient.name} {marks}".strip())
    return msgspec.structs.replace(asked, recipient=recipient)


def recipient(**changes: Any) -> Recipient:
    """Return Ada with another address: changes are those of the address."""
    return msgspec.structs.replace(TO_ADA, address=msgspec.structs.replace(PARIS, **changes))
