"""Putting back what was pulled out: only then is it free for others."""

from typing import Annotated

import msgspec

from aftercart.fulfillment.events import UnitsPutBack
from aftercart.fulfillment.model import ParcelStatus
from aftercart.fulfillment.rules.at_hand import AtHand, items_at, still_in_house, unwanted_in, went_on
from aftercart.fulfillment.rules.contents import share_out
from aftercart.fulfillment.rules.floor_refusals import NothingToPutBack, StillInParcel
from aftercart.inventory.model import Stage, UnitMove
from aftercart.orders.model import QUANTITY_MAX, Code, Order, OrderChange


class PutUnitsBack(OrderChange, frozen=True, kw_only=True, tag="put_units_back"):
    """Lay units that were intercepted back into the shelf, into this ``bin`` where there are bins."""

    location: Code
    sku: Code
    quantity: Annotated[int, msgspec.Meta(ge=1, le=QUANTITY_MAX)] = 1
    bin: Code | None = None


def put_units_back(command: PutUnitsBack, order: Order, *, at_hand: AtHand) -> tuple[UnitsPutBack, ...]:
    """Returns the units as canceled; raises ``NothingToPutBack``, or ``StillInParcel`` for what was not pulled out."""
    intercepted = items_at(order, command.location, Stage.INTERCEPTED)
    taken = share_out(intercepted, command.sku, command.quantity)
    if sum(taken.values()) < command.quantity:
        raise NothingToPutBack(number=order.number, location=command.location, sku=command.sku)
    _require_pulled_out(command, order, at_hand, intercepted)
    moves = tuple(
        UnitMove(
            line=line,
            sku=sku,
            location=command.location,
            quantity=quantity,
            source=Stage.INTERCEPTED,
            target=Stage.CANCELED,
        )
        for (line, sku), quantity in taken.items()
    )
    event = UnitsPutBack(
        moves=moves,
        location=command.location,
        sku=command.sku,
        quantity=command.quantity,
        bin=command.bin,
        entry=f"put back {order.version + 1}",
    )
    return (went_on(order, event),)


def _require_pulled_out(
    command: PutUnitsBack, order: Order, at_hand: AtHand, intercepted: dict[tuple[int, str], int]
) -> None:
    waiting = sum(quantity for (_, sku), quantity in intercepted.items() if sku == command.sku)
    for status in (ParcelStatus.OPEN, ParcelStatus.CLOSED):
        for parcel in still_in_house(at_hand.parcels, command.location):
            if parcel.status is not status:
                continue
            inside = sum(one.quantity for one in unwanted_in(order, at_hand, parcel) if one.sku == command.sku)
            if waiting - inside < command.quantity:
                raise StillInParcel(number=order.number, parcel=parcel.parcel, sku=command.sku)
