"""The desk where carriers are spoken to: labels asked for and given back, parcels announced, news of them taken in.

Nothing is asked of a carrier within a transaction, and nothing is guessed: what a carrier did is known by the key of
the request, so a desk that was killed asks again and gets the same label.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

import structlog

from aftercart.fulfillment.decisions.record_label import RecordLabel, RecordLabelRefused, RecordLabelVoided
from aftercart.fulfillment.decisions.track_parcel import TrackParcel
from aftercart.fulfillment.model import Label, LabelState, Parcel, ParcelsKey, ParcelStatus
from aftercart.fulfillment.queries import (
    find_parcels_just_left,
    find_parcels_waiting_for_carrier,
    find_tracked_parcels,
    keep_label_statement,
    load_carrier_cursor,
    save_carrier_cursor_statement,
)
from aftercart.fulfillment.rules.labels import label_key, label_request
from aftercart.inventory.model import LocationKey
from aftercart.kit.commands import Command, Lane
from aftercart.kit.leases import release_lease, take_lease
from aftercart.kit.refusal import Refusal
from aftercart.orders.model import Order, OrderKey
from aftercart.permissions import SYSTEM
from aftercart.shipping.model import MethodsKey
from aftercart.shipping.ports import (
    Carrier,
    CarrierUnavailable,
    LabelRefusedByCarrier,
    LabelRefusedReason,
    LabelRequest,
    ParcelHandedOver,
    TrackingEvent,
    UnknownParcel,
)
from aftercart.shipping.ports import Label as PrintedLabel
from aftercart.shop import Shop

log = structlog.get_logger(__name__)

LEASE: Final = "carriers"
CARRIER: Final = "carrier"
"""The name under which it is remembered how far the carrier was read."""
PARCELS_MAX: Final = 50
AT_ONCE_MAX: Final = 8
ANNOUNCED_FOR: Final = timedelta(days=7)
AGAIN_MIN: Final = timedelta(seconds=5)
AGAIN_MAX: Final = timedelta(minutes=10)


class CarrierDesk:
    """Speaks to the carrier while it holds the lease; a parcel that fails waits, twice as long each time."""

    def __init__(self, shop: Shop, carrier: Carrier) -> None:
        self._shop = shop
        self._carrier = carrier
        self._holder = uuid4()
        self._announced: set[str] = set()
        self._again: dict[tuple[UUID, int], tuple[datetime, timedelta]] = {}

    async def turn(self) -> int:
        """Does what is waiting and returns how much that was; 0 without the lease."""
        if await take_lease(self._shop.database, name=LEASE, holder=self._holder) is None:
            return 0
        return await self._labels() + await self._handovers() + await self._tracking()

    async def release(self) -> None:
        """Lets another worker take over at once."""
        await release_lease(self._shop.database, name=LEASE, holder=self._holder)

    async def _labels(self) -> int:
        now = self._shop.clock.now()
        waiting = await find_parcels_waiting_for_carrier(self._shop.database, limit=PARCELS_MAX + len(self._again))
        self._again = {key: self._again[key] for key in waiting if key in self._again}
        due = [key for key in waiting if key not in self._again or self._again[key][0] <= now]
        slots = asyncio.Semaphore(AT_ONCE_MAX)

        async def serve(order_id: UUID, number: int) -> int:
            async with slots:
                return await self._serve(order_id, number)

        return sum(await asyncio.gather(*(serve(*key) for key in due)))

    async def _serve(self, order_id: UUID, number: int) -> int:
        """Settles all requests for labels of a parcel and returns how many; those that fail are set aside."""
        order, parcel = await self._load(order_id, number)
        settled = 0
        for label in parcel.labels:
            try:
                settled += await self._settle(order, parcel, label)
            except CarrierUnavailable as error:
                log.info("carrier_unavailable", error=str(error), parcel=f"{order.number}-{number}")
                self._set_aside((order_id, number))
        return settled

    async def _settle(self, order: Order, parcel: Parcel, label: Label) -> int:
        match label.state:
            case LabelState.REQUESTED:
                return await self._buy(order, parcel, label)
            case LabelState.VOID_REQUESTED:
                return await self._void(order, parcel, label)
            case LabelState.PRINTED | LabelState.REFUSED | LabelState.VOIDED:
                return 0

    async def _buy(self, order: Order, parcel: Parcel, label: Label) -> int:
        state = await self._shop.bus.read((LocationKey(parcel.location), MethodsKey()))
        location = state.find(LocationKey(parcel.location))
        assert location is not None, f"parcel {order.number}-{parcel.parcel} is at no known location"
        methods = {method.code: method for method in state.find(MethodsKey()) or ()}
        method = methods.get(order.delivery.method)
        carrier = order.delivery.method if method is None else method.carrier
        request = label_request(order, parcel, label.request, sender=location.address, carrier=carrier)
        try:
            made = await self._bought(request)
        except LabelRefusedByCarrier as refused:
            reason = f"{refused.reason.value} ({refused.param})"
            return await self._submit(
                RecordLabelRefused(order_id=order.order_id, parcel=parcel.parcel, request=label.request, reason=reason)
            )
        # Kept before it is told: whoever hears of a label can print it.
        await self._shop.database.run(
            keep_label_statement(
                order.order_id,
                parcel.parcel,
                label.request,
                zpl=made.zpl,
                pdf=made.pdf,
                price_minor=made.price_minor,
            )
        )
        return await self._submit(
            RecordLabel(
                order_id=order.order_id,
                parcel=parcel.parcel,
                request=label.request,
                tracking_number=made.tracking_number,
            )
        )

    async def _bought(self, request: LabelRequest) -> PrintedLabel:
        """Returns the label of a request, also if it was bought before the order went elsewhere: that is told too."""
        try:
            return await self._carrier.buy_label(request)
        except LabelRefusedByCarrier as refused:
            bought = None
            if refused.reason is LabelRefusedReason.KEY_REUSED:
                bought = await self._carrier.find_label(request.key)
            if bought is None:
                raise
            return bought

    async def _void(self, order: Order, parcel: Parcel, label: Label) -> int:
        key = label_key(order, parcel.parcel, label.request)
        try:
            await self._carrier.void_label(key)
        except ParcelHandedOver:
            log.warning("label_of_a_parcel_that_left", key=key)
            self._set_aside((order.order_id, parcel.parcel))
            return 0
        return await self._submit(
            RecordLabelVoided(order_id=order.order_id, parcel=parcel.parcel, request=label.request)
        )

    async def _handovers(self) -> int:
        since = self._shop.clock.now() - ANNOUNCED_FOR
        left = await find_parcels_just_left(self._shop.database, since=since, limit=PARCELS_MAX + len(self._announced))
        self._announced &= {tracking_number for _, _, tracking_number in left}
        new = [tracking_number for _, _, tracking_number in left if tracking_number not in self._announced]
        if not new:
            return 0
        try:
            await self._carrier.announce_handover(new)
        except CarrierUnavailable as error:
            log.info("carrier_unavailable", error=str(error))
            return 0
        except UnknownParcel as unknown:
            # One that the carrier does not know, as when its label was made elsewhere, must not hold up the others.
            log.warning("carrier_does_not_know_parcel", tracking_number=str(unknown))
            self._announced.add(str(unknown))
            return 1
        self._announced.update(new)
        return len(new)

    async def _tracking(self) -> int:
        database = self._shop.database
        after = await load_carrier_cursor(database, CARRIER)
        try:
            events, seen = await self._carrier.tracking_events(after)
        except CarrierUnavailable as error:
            log.info("carrier_unavailable", error=str(error))
            return 0
        if seen == after:
            return 0
        known = await find_tracked_parcels(database, [event.tracking_number for event in events])
        told = [_news(event, *known[event.tracking_number]) for event in events if event.tracking_number in known]
        await asyncio.gather(*map(self._submit, told))
        await database.run(save_carrier_cursor_statement(CARRIER, seen))
        return len(events)

    async def _load(self, order_id: UUID, number: int) -> tuple[Order, Parcel]:
        state = await self._shop.bus.read((OrderKey(order_id), ParcelsKey(order_id)))
        order = state.find(OrderKey(order_id))
        parcels = state.find(ParcelsKey(order_id)) or ()
        assert order is not None, f"parcels of {order_id} have no order"
        return order, next(parcel for parcel in parcels if parcel.parcel == number)

    async def _submit(self, command: Command) -> int:
        """Tells the shop what a carrier did; what comes too late for it is settled by another request."""
        try:
            await self._shop.submit(command, SYSTEM, lane=Lane.BACKGROUND)
        except Refusal as refusal:
            if refusal.status >= 500:
                raise
            log.info("carrier_news_refused", command=type(command).__name__, refusal=str(refusal))
            return 0
        return 1

    def _set_aside(self, key: tuple[UUID, int]) -> None:
        _, wait = self._again.get(key, (None, AGAIN_MIN / 2))
        wait = min(wait * 2, AGAIN_MAX)
        self._again[key] = (self._shop.clock.now() + wait, wait)


def _news(event: TrackingEvent, order_id: UUID, parcel: int) -> TrackParcel:
    return TrackParcel(
        order_id=order_id,
        parcel=parcel,
        event=event.event_id,
        status=ParcelStatus(event.status.value),
        at=event.at,
        place=event.place,
    )
