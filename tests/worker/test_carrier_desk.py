"""The desk speaks to a strict carrier: whatever answer is lost, a label is bought once, and a late one given back."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.worker.builders import ADDRESS, ADMIN, NOW, SKU, place, receive, small_shop

from aftercart.fulfillment.decisions.close_parcel import CloseParcel
from aftercart.fulfillment.decisions.finish_preparing import FinishPreparing
from aftercart.fulfillment.decisions.hand_over_parcel import HandOverParcel
from aftercart.fulfillment.decisions.record_label import RequestLabel
from aftercart.fulfillment.decisions.reopen_parcel import ReopenParcel
from aftercart.fulfillment.decisions.start_preparing import StartPreparing
from aftercart.fulfillment.model import LabelState, Parcel, ParcelsKey, ParcelStatus
from aftercart.fulfillment.queries import find_label_document
from aftercart.integrations.sandbox.carrier.client import SandboxCarrier
from aftercart.integrations.sandbox.carrier.journal import Bought, Voided, read_journal
from aftercart.integrations.sandbox.carrier.server import HOST, running_carrier
from aftercart.kit.clock import SimulatedClock
from aftercart.orders.decisions.change_delivery_address import ChangeDeliveryAddress
from aftercart.orders.decisions.release_order import ReleaseOrder
from aftercart.orders.model import Order
from aftercart.shipping.ports import Label as PrintedLabel
from aftercart.shipping.ports import LabelRequest
from aftercart.shop import Shop
from aftercart.worker.carrier_desk import AGAIN_MIN, CarrierDesk


@asynccontextmanager
async def carrier_of(shop: Shop, folder: Path) -> AsyncGenerator[SandboxCarrier]:
    async with (
        running_carrier(folder, shop.clock, slow_seconds=0.5) as port,
        SandboxCarrier(f"http://{HOST}:{port}", answer_seconds_max=0.2) as carrier,
    ):
        yield carrier


async def packed(shop: Shop, *, to: str = "Ana Roux") -> Order:
    """Returns an order whose parcel is closed and waits for its label."""
    await receive(shop, 1)
    order = await place(shop)
    if to != ADDRESS["name"]:
        await readdress(shop, order, name=to)
    await shop.submit(ReleaseOrder(order_id=order.order_id), ADMIN)
    await shop.submit(StartPreparing(order_id=order.order_id, location="LIL"), ADMIN)
    await shop.submit(FinishPreparing(order_id=order.order_id, location="LIL"), ADMIN)
    return order


async def readdress(shop: Shop, order: Order, **changes: str) -> None:
    wish = {"order_id": order.order_id, "address": ADDRESS | changes}
    await shop.submit(msgspec.convert(wish, ChangeDeliveryAddress, from_attributes=True), ADMIN)


async def parcel_of(shop: Shop, order: Order) -> Parcel:
    parcels = (await shop.bus.read((ParcelsKey(order.order_id),))).find(ParcelsKey(order.order_id)) or ()
    assert len(parcels) == 1
    return parcels[0]


async def turns(shop: Shop, desk: CarrierDesk, number: int) -> None:
    """Lets so many turns go by, each after the longest wait of a parcel that failed."""
    for _ in range(number):
        assert isinstance(shop.clock, SimulatedClock)
        shop.clock.advance_to(shop.clock.now() + 4 * AGAIN_MIN)
        await desk.turn()


async def states(shop: Shop, order: Order) -> list[str]:
    """Returns what became of the requests for the label of an order's parcel."""
    return [label.state.value for label in (await parcel_of(shop, order)).labels]


def journal(folder: Path, kind: type[Any]) -> list[Any]:
    return [entry for entry in read_journal(folder) if isinstance(entry, kind)]


async def test_a_closed_parcel_gets_its_label_and_can_be_printed(database_url: str, tmp_path: Path) -> None:
    async with small_shop(database_url) as shop, carrier_of(shop, tmp_path) as carrier:
        order = await packed(shop)
        desk = CarrierDesk(shop, carrier)
        assert await desk.turn() >= 1
        while await desk.turn():
            pass
        label = (await parcel_of(shop, order)).label
        assert label is not None
        assert label.state is LabelState.PRINTED
        document = await find_label_document(shop.database, order.order_id, 1, 1)
        assert document is not None
        assert label.tracking_number is not None
        assert document.pdf.startswith(b"%PDF")
        assert label.tracking_number in document.zpl


@pytest.mark.parametrize("mark", ["+drop", "+slow", "+garble", "+fail-once"])
async def test_whatever_answer_is_lost_a_label_is_bought_once(database_url: str, tmp_path: Path, mark: str) -> None:
    async with small_shop(database_url) as shop:
        async with carrier_of(shop, tmp_path) as carrier:
            order = await packed(shop, to=f"Ana Roux {mark}")
            desk = CarrierDesk(shop, carrier)
            await desk.turn()
            await desk.turn()
            assert await states(shop, order) == ["requested"], "the answer was lost, and the parcel waits its turn"
            await turns(shop, desk, 2)
            label = (await parcel_of(shop, order)).label
            assert label is not None
            assert label.state is LabelState.PRINTED
        assert [one.tracking_number for one in journal(tmp_path, Bought)] == [label.tracking_number]


async def test_a_desk_that_was_killed_after_buying_buys_nothing_twice(database_url: str, tmp_path: Path) -> None:
    async with small_shop(database_url) as shop:
        async with carrier_of(shop, tmp_path) as carrier:
            order = await packed(shop)
            async with _Cut(carrier.url) as cut:
                killed = CarrierDesk(shop, cut)
                with pytest.raises(_PowerCut):
                    await killed.turn()
                await killed.release()
            assert await states(shop, order) == ["requested"]
            await CarrierDesk(shop, carrier).turn()
            assert await states(shop, order) == ["printed"]
        assert len(journal(tmp_path, Bought)) == 1


async def test_a_refused_address_is_told_and_asked_for_again_once_it_is_right(
    database_url: str, tmp_path: Path
) -> None:
    async with small_shop(database_url) as shop, carrier_of(shop, tmp_path) as carrier:
        order = await packed(shop, to="Ana Roux +refuse")
        desk = CarrierDesk(shop, carrier)
        await desk.turn()
        (label,) = (await parcel_of(shop, order)).labels
        assert (label.state, label.reason) == (LabelState.REFUSED, "other (recipient)")
        await shop.submit(ReopenParcel(order_id=order.order_id, parcel=1), ADMIN)
        await readdress(shop, order)
        await shop.submit(CloseParcel(order_id=order.order_id, parcel=1), ADMIN)
        await desk.turn()
        assert await states(shop, order) == ["refused", "printed"]
        assert await shop.submit(RequestLabel(order_id=order.order_id, parcel=1), ADMIN)


async def test_a_label_whose_answer_was_lost_and_whose_order_went_elsewhere_is_given_back(
    database_url: str, tmp_path: Path
) -> None:
    async with small_shop(database_url) as shop:
        async with carrier_of(shop, tmp_path) as carrier:
            order = await packed(shop, to="Ana Roux +drop")
            desk = CarrierDesk(shop, carrier)
            await desk.turn()
            await shop.submit(ReopenParcel(order_id=order.order_id, parcel=1), ADMIN)
            await readdress(shop, order, line1="5 rue Nationale")
            await shop.submit(CloseParcel(order_id=order.order_id, parcel=1), ADMIN)
            await turns(shop, desk, 3)
            assert await states(shop, order) == ["voided", "printed"]
        assert len(journal(tmp_path, Voided)) == 1
        assert [one.request.recipient.address.line1 for one in journal(tmp_path, Bought)] == [
            "3 rue Nationale",
            "5 rue Nationale",
        ]


async def test_what_the_carrier_tells_brings_the_parcel_home(database_url: str, tmp_path: Path) -> None:
    async with small_shop(database_url) as shop, carrier_of(shop, tmp_path) as carrier:
        order = await packed(shop, to="Ana Roux +messy")
        desk = CarrierDesk(shop, carrier)
        await desk.turn()
        await shop.submit(HandOverParcel(order_id=order.order_id, parcel=1), ADMIN)
        await desk.turn()
        assert isinstance(shop.clock, SimulatedClock)
        shop.clock.advance_to(NOW + timedelta(days=10))
        while await desk.turn():
            pass
        parcel = await parcel_of(shop, order)
        assert parcel.status is ParcelStatus.DELIVERED
        assert len({one.event for one in parcel.tracked}) == len(parcel.tracked)
        assert [one.at for one in parcel.tracked] == sorted(one.at for one in parcel.tracked)
        units = await shop.database.rows("SELECT stage, sku, quantity FROM orders.units")
        assert units == [("delivered", SKU, 1)]
        stock = await shop.database.rows("SELECT on_hand, reserved FROM inventory.stock WHERE location = 'LIL'")
        assert stock == [(0, 0)]


async def test_only_one_desk_speaks_at_a_time(database_url: str, tmp_path: Path) -> None:
    async with small_shop(database_url) as shop, carrier_of(shop, tmp_path) as carrier:
        first, second = CarrierDesk(shop, carrier), CarrierDesk(shop, carrier)
        await first.turn()
        order = await packed(shop)
        await second.turn()
        assert await states(shop, order) == ["requested"]
        await first.release()
        await second.turn()
        assert await states(shop, order) == ["printed"]


class _PowerCut(Exception):
    """Nothing after this happens."""


class _Cut(SandboxCarrier):
    """The way to a carrier that makes a label, and nobody lives to hear of it."""

    async def buy_label(self, request: LabelRequest) -> PrintedLabel:
        await super().buy_label(request)
        raise _PowerCut
