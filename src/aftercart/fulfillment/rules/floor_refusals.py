"""Why work on the floor cannot go on: what is so, and what was expected instead."""

from collections.abc import Iterable, Mapping

from aftercart.fulfillment.model import Content
from aftercart.kit.refusal import Refusal


def _told(contents: Iterable[Content]) -> list[dict[str, object]]:
    return [{"line": one.line, "sku": one.sku, "quantity": one.quantity} for one in contents]


class NothingToPick(Refusal):
    """No unit of the order is to be fetched at this location."""

    def __init__(self, *, number: str, location: str) -> None:
        super().__init__(number=number, location=location)


class NothingToPack(Refusal):
    """No unit of the order lies ready to be packed at this location."""

    def __init__(self, *, number: str, location: str) -> None:
        super().__init__(number=number, location=location)


class WrongItem(Refusal):
    """This is not among what is to be taken here; ``items`` is."""

    def __init__(self, *, sku: str, expected: Iterable[Content]) -> None:
        super().__init__(param="code", sku=sku, items=_told(expected))


class ItemNotWanted(Refusal):
    """The customer does not want it any more: it goes back into the shelf."""

    def __init__(self, *, number: str, sku: str) -> None:
        super().__init__(param="code", number=number, sku=sku)


class ParcelNotFound(Refusal):
    """The order has no such parcel."""

    status = 404

    def __init__(self, *, number: str, parcel: int) -> None:
        super().__init__(param="parcel", number=number, parcel=parcel)


class ParcelNotOpen(Refusal):
    """Something can be laid into a parcel, or taken out of it, only while it is being packed."""

    def __init__(self, *, number: str, parcel: int, parcel_status: str) -> None:
        super().__init__(number=number, parcel=parcel, parcel_status=parcel_status)


class ParcelNotClosed(Refusal):
    """Only a parcel that is packed and has not left can be handed over or unpacked."""

    def __init__(self, *, number: str, parcel: int, parcel_status: str) -> None:
        super().__init__(number=number, parcel=parcel, parcel_status=parcel_status)


class ParcelEmpty(Refusal):
    """Nothing lies in the parcel."""

    def __init__(self, *, number: str, parcel: int) -> None:
        super().__init__(number=number, parcel=parcel)


class ParcelNotEmpty(Refusal):
    """Something still lies in the parcel."""

    def __init__(self, *, number: str, parcel: int) -> None:
        super().__init__(number=number, parcel=parcel)


class ParcelHoldsUnwanted(Refusal):
    """The customer took goods back that lie in this parcel: ``unwanted`` is to be pulled out first."""

    def __init__(self, *, number: str, parcel: int, unwanted: Iterable[Content]) -> None:
        super().__init__(number=number, parcel=parcel, unwanted=_told(unwanted))


class StillInParcel(Refusal):
    """What is to be put back lies in a parcel: it is to be pulled out first."""

    def __init__(self, *, number: str, parcel: int, sku: str) -> None:
        super().__init__(number=number, parcel=parcel, sku=sku)


class NothingToPutBack(Refusal):
    """No unit of this SKU is to be put back here."""

    def __init__(self, *, number: str, location: str, sku: str) -> None:
        super().__init__(param="sku", number=number, location=location, sku=sku)


class LabelNotReady(Refusal):
    """The parcel goes by a carrier and has no label yet (``label_state``), so nobody would know where it goes."""

    def __init__(self, *, number: str, parcel: int, label_state: str) -> None:
        super().__init__(number=number, parcel=parcel, label_state=label_state)


class NotHandedOver(Refusal):
    """A carrier tells of a parcel that has not left."""

    def __init__(self, *, number: str, parcel: int) -> None:
        super().__init__(param="parcel", number=number, parcel=parcel)


class LabelRequestOver(Refusal):
    """The answer comes too late: the request was settled before."""

    def __init__(self, *, number: str, parcel: int, request: int) -> None:
        super().__init__(number=number, parcel=parcel, request=request)


class PickListNotFound(Refusal):
    """There is no such pick list."""

    status = 404

    def __init__(self) -> None:
        super().__init__(param="pick_list")


class PickListNotOpen(Refusal):
    """Only a list that waits for its picker can be started, and only one that has not ended be given up."""

    def __init__(self, *, list_status: str, picker: str | None) -> None:
        super().__init__(param="pick_list", list_status=list_status, picker=picker)


class PickListNotStarted(Refusal):
    """Work is done on a pick list between its start and its end."""

    def __init__(self, *, list_status: str) -> None:
        super().__init__(param="pick_list", list_status=list_status)


class NotOnPickList(Refusal):
    """The order is not on this pick list."""

    def __init__(self, *, number: str) -> None:
        super().__init__(number=number)


class NoWorkToAssign(Refusal):
    """No order waits to be picked here that is on no other pick list."""

    def __init__(self, *, location: str) -> None:
        super().__init__(location=location)


class WrongBin(Refusal):
    """Nothing is to be fetched from this bin; ``next_bin`` comes next, empty when nothing is left."""

    def __init__(self, *, bin: str, next_bin: str) -> None:  # noqa: A002 - the trade's word
        super().__init__(param="bin", bin=bin, next_bin=next_bin)


class NotToTake(Refusal):
    """This, or so much of it, is not to be taken here; ``items`` is."""

    def __init__(self, *, sku: str, quantity: int, expected: Mapping[str, int]) -> None:
        items = [{"sku": sku, "quantity": units} for sku, units in expected.items()]
        super().__init__(param="code", sku=sku, quantity=quantity, items=items)


class StillToFetch(Refusal):
    """A list is finished when nothing of it is to be fetched any more; ``items`` still is."""

    def __init__(self, *, expected: Mapping[str, int]) -> None:
        super().__init__(items=[{"sku": sku, "quantity": units} for sku, units in expected.items()])
