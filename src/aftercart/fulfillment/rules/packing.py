"""What a parcel is packed with: which carton, how much of it stays empty, and what is put in beside the goods."""

from collections.abc import Iterable, Mapping

from aftercart.catalog.model import Variant
from aftercart.fulfillment.model import Content, Insert, Packing, Parcel, ParcelStatus
from aftercart.fulfillment.rules.cartons import BASIS_POINTS, CartonProposal, PackItem, propose_carton
from aftercart.fulfillment.rules.contents import CARTON_GRAMS
from aftercart.fulfillment.rules.filling import volume_of
from aftercart.kit.refusal import Invalid
from aftercart.orders.model import Order


def inserts_for(packing: Packing, order: Order, parcels: Iterable[Parcel]) -> tuple[Insert, ...]:
    """Returns what still is to be put into a parcel of the order: each insert goes along once."""
    products = {line.product for line in order.lines}
    put_in = {code for parcel in parcels if parcel.status is not ParcelStatus.VOIDED for code in parcel.inserts}
    return tuple(
        one
        for one in packing.inserts
        if one.code not in put_in
        and (not one.channels or order.channel in one.channels)
        and (not one.products or not products.isdisjoint(one.products))
        and order.total_minor >= one.value_minor_min
    )


def proposed_carton(packing: Packing, contents: Iterable[Content], variants: Mapping[str, Variant]) -> CartonProposal:
    """Returns the smallest carton for some contents; what the catalog does not know is left out."""
    return propose_carton((_item(one, variants) for one in contents), packing.cartons)


def void_bps_of(packing: Packing, carton: str, contents: Iterable[Content], variants: Mapping[str, Variant]) -> int:
    """Returns how much of a carton stays empty, in basis points rounded down; below zero is told as 0.

    Raises ``Invalid`` for a carton that is not in use.
    """
    for one in packing.cartons:
        if one.code == carton:
            room = volume_of(one.inner_mm)
            full = sum(volume_of(item.dimensions_mm) * item.quantity for item in (_item(c, variants) for c in contents))
            return max(room - full, 0) * BASIS_POINTS // room
    raise Invalid(param="carton", expected=f"one of {', '.join(one.code for one in packing.cartons)}", got=carton)


def carton_grams_of(packing: Packing, carton: str | None) -> int:
    """Returns what an empty carton weighs, or what cartons usually do."""
    return next((one.weight_grams for one in packing.cartons if one.code == carton), CARTON_GRAMS)


def _item(content: Content, variants: Mapping[str, Variant]) -> PackItem:
    variant = variants.get(content.sku)
    return PackItem(
        sku=content.sku,
        quantity=content.quantity,
        dimensions_mm=(0, 0, 0) if variant is None else variant.dimensions_mm,
        weight_grams=0 if variant is None else variant.weight_grams,
    )
