import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import LiteralString
from uuid import UUID

import msgspec
import psycopg
import pytest

from aftercart.access.decisions.redeem_customer_code import CustomerCodeRefused
from aftercart.access.model import CodePurpose
from aftercart.catalog.decisions.upsert_variants import UpsertVariants
from aftercart.customer_access import create_link, redeem_code, request_code
from aftercart.fulfillment.decisions.close_parcel import CloseParcel
from aftercart.fulfillment.decisions.hand_over_parcel import HandOverParcel
from aftercart.fulfillment.decisions.open_parcel import OpenParcel
from aftercart.fulfillment.decisions.pack_item import PackItem
from aftercart.fulfillment.decisions.record_label import RecordLabel
from aftercart.fulfillment.decisions.start_preparing import StartPreparing
from aftercart.inventory.decisions.count_stock import CountStock
from aftercart.inventory.decisions.receive_stock import ReceiveStock
from aftercart.inventory.decisions.upsert_locations import UpsertLocations
from aftercart.inventory.decisions.upsert_supply import UpsertSupply
from aftercart.kit.clock import SimulatedClock
from aftercart.kit.commands import Actor, Answer, Command
from aftercart.kit.ids import SeededIds
from aftercart.kit.sequencer import sequence
from aftercart.notifications.decisions.create_webhook_endpoint import CreateWebhookEndpoint
from aftercart.notifications.decisions.give_up_delivery import GiveUpDelivery
from aftercart.notifications.outbox import claim_mails
from aftercart.orders.decisions.cancel_lines import CancelLines
from aftercart.orders.decisions.place_order import PlaceOrder
from aftercart.orders.decisions.release_order import ReleaseOrder
from aftercart.orders.decisions.upsert_channels import UpsertChannels
from aftercart.permissions import SYSTEM
from aftercart.shop import Shop, open_shop
from aftercart.views.audit import AuditReport, audit
from aftercart.views.audit_checks import CHECKS
from aftercart.views.audit_orders import ORDER_CHECKS
from aftercart.worker.delivery_planner import DeliveryPlanner

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ADMIN = Actor(name="admin", role="admin")
ADDRESS = {"name": "Ada", "line1": "1 rue Neuve", "postcode": "69001", "city": "Lyon", "country": "FR"}
EUR = {"currency": "EUR"}


async def submit(shop: Shop, command: type[Command], **fields: object) -> Answer:
    return await shop.submit(msgspec.convert(fields, command), ADMIN)


async def place(shop: Shop, *, reference: str, quantity: int, authorized: int) -> str:
    answer = await submit(
        shop,
        PlaceOrder,
        channel="web",
        reference=reference,
        currency="EUR",
        customer={"email": "ada@example.fr", "name": "Ada", "locale": "fr"},
        lines=[{"sku": sku, "quantity": quantity} for sku in ("CUP", "BOWL")],
        delivery={"method": "colissimo-home", "address": ADDRESS, "price": {"minor_units": 0, "currency": "EUR"}},
        payment={"method": "card", "authorized": {"minor_units": authorized, **EUR}},
    )
    return msgspec.json.decode(answer.result)["order_id"]


async def fill_shop(url: str) -> None:
    async with open_shop(url, clock=SimulatedClock(NOW), ids=SeededIds(1)) as shop:
        depot = {"code": "LYON", "name": "Lyon", "kind": "warehouse", "address": ADDRESS, "timezone": "Europe/Paris"}
        await submit(shop, UpsertLocations, locations=[{**depot, "cutoff": "14:00", "working_days": [1, 2, 3, 4, 5]}])
        await submit(shop, UpsertChannels, channels=[{"code": "web", "missing_stock": "backorder"}])
        variant = {"price": {"minor_units": 1_000, **EUR}, "tax_rate": "0.20", "weight_grams": 1}
        variants = [{**variant, "sku": sku, "product": sku, "name": sku} for sku in ("CUP", "BOWL")]
        await submit(shop, UpsertVariants, variants=[{**one, "dimensions_mm": [1, 1, 1]} for one in variants])
        lines = [{"sku": sku, "quantity": 10} for sku in ("CUP", "BOWL")]
        await submit(shop, ReceiveStock, location="LYON", reference="R1", lines=lines)
        paid = await place(shop, reference="1", quantity=4, authorized=10_000)
        await submit(shop, CancelLines, order_id=paid, lines=[{"line": 2, "quantity": 1}], reason="other")
        await sequence(shop.database)
        await submit(shop, CancelLines, order_id=paid, lines=[{"line": 2, "quantity": 1}], reason="other")
        await place(shop, reference="2", quantity=5, authorized=0)
        await place(shop, reference="3", quantity=5, authorized=10_000)
        await submit(shop, CountStock, location="LYON", lines=[{"sku": "CUP", "quantity": 8}])
        coming = {"reference": "PO", "location": "LYON", "expected_date": "2026-03-09"}
        await submit(shop, UpsertSupply, supplies=[{**coming, "lines": [{"sku": "CUP", "quantity": 10}]}])
        await leave(shop, UUID(paid))
        await tell(shop, UUID(paid))


async def leave(shop: Shop, order_id: UUID) -> None:
    """Lets one order go to the floor: a part of it leaves, another part is packed."""
    await submit(shop, ReleaseOrder, order_id=order_id)
    await submit(shop, StartPreparing, order_id=order_id, location="LYON")
    for parcel, sku, quantity in ((1, "CUP", 3), (2, "BOWL", 2)):
        await submit(shop, OpenParcel, order_id=order_id, location="LYON")
        await submit(shop, PackItem, order_id=order_id, parcel=parcel, sku=sku, quantity=quantity)
        await submit(shop, CloseParcel, order_id=order_id, parcel=parcel)
    label = {"parcel": 1, "request": 1, "tracking_number": "T1"}
    await shop.submit(msgspec.convert({"order_id": order_id, **label}, RecordLabel), SYSTEM)
    await submit(shop, HandOverParcel, order_id=order_id, parcel=1)


async def tell(shop: Shop, order_id: UUID) -> None:
    """Lets an endpoint and a customer hear of something: one mail was given up, one code tried, the feed goes on."""
    await submit(shop, CreateWebhookEndpoint, url="https://erp.example/hooks")
    await create_link(shop, order_id, ADMIN, email="ada@example.com")
    code = await request_code(shop, order_id, CodePurpose.SIGN_IN, ADMIN)
    with pytest.raises(CustomerCodeRefused):
        await redeem_code(shop, order_id, ADMIN, code_id=code.code_id, code="x", purpose=CodePurpose.SIGN_IN)
    await submit(shop, ReceiveStock, location="LYON", reference="R2", lines=[{"sku": "CUP", "quantity": 1}])
    await sequence(shop.database)
    await DeliveryPlanner(shop).turn()
    (claim, *_) = await claim_mails(shop.database, now=NOW, limit=1)
    given_up = {"delivery_id": claim.delivery_id, "lease_token": claim.lease_token, "error": "550 nobody"}
    command = msgspec.convert({**given_up, "given_up_reason": "refused"}, GiveUpDelivery)
    await shop.submit(command, SYSTEM)


def run(url: str, statements: Sequence[LiteralString]) -> None:
    with psycopg.connect(url) as connection:
        for statement in statements:
            connection.execute(statement)


def broken(report: AuditReport) -> set[str]:
    return {check.name for check in report.failed}


def test_a_shop_at_work_passes_every_check(database_url: str) -> None:
    asyncio.run(fill_shop(database_url))
    report = audit(database_url)
    assert report.failed == ()
    assert [check.name for check in report.checks] == [*(check.name for check in CHECKS), *ORDER_CHECKS]
    assert (report.rows["orders"], report.rows["events"], report.orders_folded) == (3, 27, 3)
    assert report.rows["deliveries"] > 3


def test_a_sample_of_orders_is_folded_when_asked(database_url: str) -> None:
    asyncio.run(fill_shop(database_url))
    seen: list[tuple[int, int]] = []
    assert audit(database_url, fold=2, progress=lambda done, orders: seen.append((done, orders))).orders_folded == 2
    assert seen == [(3, 3)]


CORRUPTIONS: dict[str, tuple[LiteralString, ...]] = {
    "lines_are_numbered_from_one_without_gap": (
        "UPDATE orders.lines SET line = 3 WHERE line = 2",
        "UPDATE orders.units SET line = 3 WHERE line = 2",
    ),
    "units_in_stages_add_up_to_ordered": ("UPDATE orders.lines SET ordered = ordered + 1 WHERE line = 1",),
    "units_are_of_their_lines_sku": ("UPDATE orders.lines SET sku = 'CUP' WHERE line = 2",),
    "units_are_at_known_locations": ("UPDATE orders.units SET location = 'PARIS' WHERE stage = 'canceled'",),
    "references_are_unique_in_their_channel": (
        "DROP INDEX orders.one_order_per_reference",
        "UPDATE orders.orders SET reference = '1'",
    ),
    "order_numbers_are_unique": (
        "ALTER TABLE orders.orders DROP CONSTRAINT one_order_per_number",
        "UPDATE orders.orders SET number = 'AAAAA-AAAAA'",
    ),
    "email_is_that_of_the_customer": ("UPDATE orders.orders SET email = 'eve@example.fr'",),
    "reserved_is_what_orders_hold": ("UPDATE inventory.stock SET reserved = 2, short = 0 WHERE sku = 'CUP'",),
    "backordered_is_what_orders_wait_for": ("UPDATE inventory.stock SET backordered = 1 WHERE sku = 'CUP'",),
    "incoming_is_what_supply_announces": ("UPDATE inventory.supply SET expected_date = '2026-04-01'",),
    "on_hand_is_the_sum_of_movements": ("UPDATE inventory.stock SET on_hand = 20, short = 0 WHERE sku = 'CUP'",),
    "in_hand_is_what_orders_have_fetched": ("UPDATE inventory.stock SET in_hand = 9 WHERE sku = 'CUP'",),
    "bins_are_the_sum_of_their_movements": (
        "INSERT INTO inventory.bins VALUES ('LYON', 'A-1', 1, 1, 1, 0, 0)",
        "INSERT INTO inventory.bin_stock VALUES ('CUP', 'LYON', 'A-1', 3)",
    ),
    "stock_is_within_its_bounds": (
        "ALTER TABLE inventory.stock DROP CONSTRAINT short_is_exactly_what_is_missing",
        "UPDATE inventory.stock SET short = 9",
    ),
    "parcels_are_numbered_from_one_in_their_order": ("UPDATE fulfillment.parcels SET parcel = 3 WHERE parcel = 2",),
    "packed_units_lie_in_closed_parcels": ("UPDATE fulfillment.parcels SET location = 'PARIS'",),
    "units_on_their_way_are_in_parcels_on_their_way": (
        "UPDATE fulfillment.parcels SET status = 'lost' WHERE handed_over_at IS NOT NULL",
    ),
    "parcels_are_as_their_last_event_says": ("UPDATE fulfillment.parcels SET contents = '[]' WHERE parcel = 2",),
    "movements_have_their_document": ("UPDATE inventory.movements SET document = gen_random_uuid()",),
    "streams_are_gapless_from_one": ("UPDATE kit.event_log SET seq = 99 WHERE seq = 3",),
    "version_is_the_last_seq": ("UPDATE orders.orders SET version = 9 WHERE reference = '1'",),
    "orders_begin_with_their_placement": (
        "UPDATE kit.event_log SET type = 'OrderCanceled' WHERE type = 'OrderPlaced'",
    ),
    "order_streams_have_their_order": ("DELETE FROM orders.orders WHERE reference = '2'",),
    "outcomes_name_existing_orders": ("UPDATE orders.orders SET version = 1 WHERE reference = '1'",),
    "outcomes_name_existing_documents": ("DELETE FROM kit.event_log WHERE type = 'StockReceived'",),
    "positions_are_queued_or_fed_once": ("DELETE FROM kit.event_queue",),
    "deliveries_tell_events_of_the_feed": ("UPDATE notifications.deliveries SET cause = gen_random_uuid()",),
    "webhooks_go_to_known_endpoints": ("DELETE FROM notifications.webhook_endpoints",),
    "given_up_deliveries_have_their_event": (
        "UPDATE notifications.deliveries SET state = 'failed', settled_at = now() WHERE state = 'waiting'",
    ),
    "endpoints_are_at_their_last_seq": ("UPDATE notifications.webhook_endpoints SET version = 7",),
    "customers_are_let_in_to_existing_orders": ("UPDATE access.customer_links SET order_id = gen_random_uuid()",),
    "codes_were_tried_as_often_as_was_logged": ("UPDATE access.customer_codes SET attempts = 0",),
    "feed_offsets_are_gapless_from_one": ('DELETE FROM kit.event_feed WHERE "offset" = 2',),
    "feed_keeps_the_order_of_each_stream": ("UPDATE kit.event_log SET seq = 100 - seq WHERE seq < 3",),
    "method_versions_are_gapless_from_one": (
        """
        INSERT INTO shipping.methods
        SELECT 'van', version, 'home_standard', '', '{}', 'EUR', '[{}]', '[]', '[]', '[1]', '[]', 1, 1, 'UTC', NULL,
            NULL, true
        FROM (VALUES (1), (3)) AS v (version)
        """,
    ),
    "capacity_is_of_known_floors_and_slots": (
        "INSERT INTO shipping.capacity VALUES ('floor:LYON', now(), '{1}'), ('slot:van', now(), '{1}')",
    ),
    "capacity_is_within_its_bounds": ("INSERT INTO shipping.capacity VALUES ('slot:van', now(), '{1, 1}')",),
    "capacity_is_what_orders_keep": ("INSERT INTO shipping.capacity VALUES ('floor:LYON', now(), '{1}')",),
    "awaited_is_where_units_wait": ("UPDATE orders.orders SET awaited = '[]', awaited_date = NULL",),
    "awaited_date_is_the_earliest": ("UPDATE orders.orders SET awaited_date = '2020-01-01' WHERE reference = '3'",),
    "cursors_stay_within_the_feed": ("UPDATE kit.cursors SET \"offset\" = 99 WHERE consumer = 'reactions'",),
    "stored_orders_are_readable": ("UPDATE orders.orders SET delivery = '{}'",),
    "status_is_derived_from_units_and_holds": ("UPDATE orders.orders SET status = 'shipped' WHERE reference = '3'",),
    "total_is_that_of_the_units_still_wanted": ("UPDATE orders.orders SET total_minor = 1 WHERE reference = '3'",),
    "payment_hold_stands_exactly_when_total_exceeds_authorization": (
        'UPDATE orders.orders SET payment = \'{"method": "card", "authorized_minor": 1}\' WHERE reference = \'3\'',
    ),
    "hold_expires_at_is_the_earliest_of_the_holds": ("UPDATE orders.orders SET hold_expires_at = NULL",),
    "events_folded_give_the_stored_order": ("UPDATE orders.orders SET release_at = now() WHERE reference = '3'",),
}


@pytest.mark.broken_on_purpose
@pytest.mark.parametrize("check", CORRUPTIONS)
def test_a_planted_corruption_is_found(check: str, database_url: str) -> None:
    asyncio.run(fill_shop(database_url))
    run(database_url, CORRUPTIONS[check])
    assert check in broken(audit(database_url))


def test_every_check_has_its_broken_control() -> None:
    assert set(CORRUPTIONS) == {*(check.name for check in CHECKS), *ORDER_CHECKS}


@pytest.mark.broken_on_purpose
def test_units_held_without_a_stock_row_are_found(database_url: str) -> None:
    asyncio.run(fill_shop(database_url))
    run(database_url, ("DELETE FROM inventory.stock",))
    assert broken(audit(database_url)) == {
        "reserved_is_what_orders_hold",
        "backordered_is_what_orders_wait_for",
        "incoming_is_what_supply_announces",
        "on_hand_is_the_sum_of_movements",
        "in_hand_is_what_orders_have_fetched",
    }


@pytest.mark.broken_on_purpose
def test_units_made_to_order_hold_nothing_and_wait_for_nothing_before_they_are_made(database_url: str) -> None:
    asyncio.run(fill_shop(database_url))
    both = {"reserved_is_what_orders_hold", "backordered_is_what_orders_wait_for"}
    run(database_url, ("UPDATE orders.units SET stage = 'reserved' WHERE stage = 'packed'",))
    run(database_url, ("UPDATE inventory.stock SET reserved = 0, backordered = 0, short = 0 WHERE sku = 'BOWL'",))
    assert broken(audit(database_url)) & both == both
    run(database_url, ("UPDATE orders.lines SET made_to_order = true WHERE sku = 'BOWL'",))
    assert broken(audit(database_url)) & both == set()
    run(database_url, ("UPDATE orders.units SET stage = 'in_production' WHERE sku = 'BOWL' AND stage = 'reserved'",))
    assert broken(audit(database_url)) & both == set()
    run(database_url, ("UPDATE orders.units SET stage = 'released' WHERE stage = 'in_production'",))
    assert broken(audit(database_url)) & both == {"reserved_is_what_orders_hold"}


@pytest.mark.broken_on_purpose
def test_the_first_offenders_are_named_and_all_are_counted(database_url: str) -> None:
    asyncio.run(fill_shop(database_url))
    run(database_url, ("UPDATE orders.orders SET total_minor = 1",))
    (total, fold) = audit(database_url).failed
    assert (total.offenders, len(total.first)) == (3, 3)
    assert total.first[0].detail == "1 is stored, 6000 is derived"
    assert fold.first[0].detail == "total_minor: 1 is stored, 6000 folded"
