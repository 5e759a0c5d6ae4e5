"""Every constraint of the schema refuses what it is there to refuse: dropping one makes its case here fail."""

from collections.abc import Generator
from pathlib import Path
from typing import LiteralString
from uuid import uuid4

import psycopg
import pytest
from psycopg.errors import IntegrityError

VALID: tuple[LiteralString, ...] = (
    "INSERT INTO access.api_keys VALUES ('00000000-0000-7000-8000-000000000001', 'hash', 'agent', 'till', NULL, now())",
    "INSERT INTO catalog.variants VALUES ('A', 'p', 'n', '{}', 1, 'EUR', 0, NULL, 0, '[1, 1, 1]', 'stocked', '[]', 1)",
    """
    INSERT INTO inventory.locations
    VALUES ('W1', 'n', 'warehouse', '{}', 'Europe/Paris', '14:00', '[1]', true, true, true, NULL, 1)
    """,
    "INSERT INTO inventory.stock VALUES ('A', 'W1', 5, 2, 0, 0, 0)",
    "INSERT INTO inventory.supply VALUES ('A', 'W1', 'PO', NULL, '2026-03-09', 10, 0, false, 1)",
    """
    INSERT INTO inventory.movements (sku, location, quantity, kind, reference, document)
    VALUES ('A', 'W1', 5, 'receipt', 'r', '00000000-0000-7000-8000-000000000001')
    """,
    """
    INSERT INTO shipping.methods
    VALUES ('van', 1, 'home_standard', '', '{}', 'EUR', '[{}]', '[]', '[]', '[1]', '[]', 1, 1, 'UTC', NULL, NULL, true)
    """,
    """
    INSERT INTO shipping.pickup_points VALUES ('n', 'c', 'n', '{"country": "FR"}', DEFAULT, 1, 1, '24/7', true, 1)
    """,
    "INSERT INTO shipping.postcodes VALUES ('FR', '69003', 45.7, 4.8)",
    "INSERT INTO shipping.capacity VALUES ('slot:van', now(), '{2}')",
    "INSERT INTO inventory.bins VALUES ('W1', 'A-1', 1, 1, 1, 0, 0)",
    "INSERT INTO inventory.bin_stock VALUES ('A', 'W1', 'A-1', 2)",
    """
    INSERT INTO inventory.bin_movements (location, bin, sku, quantity, kind, document)
    VALUES ('W1', 'A-1', 'A', 2, 'putaway', '00000000-0000-7000-8000-000000000001')
    """,
    """
    INSERT INTO fulfillment.pick_lists
    SELECT id::uuid, 'W1', 'w', 'started', 'Paul', '[]', 0, now(), now(), NULL, 2
    FROM (VALUES ('00000000-0000-7000-8000-000000000001'), ('00000000-0000-7000-8000-000000000002')) AS ids (id)
    """,
    """
    INSERT INTO fulfillment.assignments
    VALUES ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000001', 'W1', 1)
    """,
    """
    INSERT INTO fulfillment.picks
    VALUES (
        '00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000001', 'A', 'A-1', 2, 1, 1, 0, 0,
        'damaged')
    """,
    "INSERT INTO orders.channels VALUES ('web', 'refuse', 1)",
    """
    INSERT INTO orders.orders (
        order_id, number, channel, reference, fingerprint, email, customer, currency, delivery, payment, holds,
        sourcing, status, total_minor, placed_at, version)
    SELECT id::uuid, id, 'web', 'ref-' || id, 'f', 'e', '{}', 'EUR', '{}', '{}', '[]',
        '{}', 'confirmed', 1, now(), 1
    FROM (VALUES ('00000000-0000-7000-8000-000000000001'), ('00000000-0000-7000-8000-000000000002')) AS ids (id)
    """,
    "INSERT INTO orders.lines VALUES ('00000000-0000-7000-8000-000000000001', 1, 'A', 'p', 'n', 2, 10, 0, 5, 2, NULL)",
    "INSERT INTO orders.policies VALUES (1, '{}')",
    "INSERT INTO fulfillment.packing VALUES (1, '{}')",
    """
    INSERT INTO fulfillment.parcels VALUES (
        '00000000-0000-7000-8000-000000000001', 1, 'W1', 'in_transit', '[]', now(), NULL, NULL, NULL, '[]', '[]', NULL,
        now(), now(), 'T1', false)
    """,
    "INSERT INTO orders.units VALUES ('00000000-0000-7000-8000-000000000001', 1, 'W1', 'reserved', 'A', 2)",
    """
    INSERT INTO access.customer_links VALUES (
        '00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000001', 'hash', now(),
        now() + interval '1 day')
    """,
    """
    INSERT INTO access.customer_codes VALUES (
        '00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000001', 'sign_in', 'hash', now(),
        now() + interval '1 hour', 0, NULL)
    """,
    """
    INSERT INTO notifications.webhook_endpoints
    VALUES ('00000000-0000-7000-8000-000000000001', 'https://a.example', '', '[]', now(), NULL, NULL, 1)
    """,
    """
    INSERT INTO notifications.deliveries
    VALUES (
        '00000000-0000-7000-8000-000000000001', 'mail', NULL, '00000000-0000-7000-8000-000000000001',
        '00000000-0000-7000-8000-000000000001', 1, false, 'waiting', now(), now(), 0, 0, NULL, NULL, NULL, NULL)
    """,
    """
    INSERT INTO kit.event_log (stream, seq, type, data, actor, cause, policy_version, at)
    SELECT '00000000-0000-7000-8000-000000000001', seq, 't', '{}', 'a', gen_random_uuid(), 1, now()
    FROM generate_series(1, 2) AS s (seq)
    """,
)
"""One valid row, at least, for every table."""

IMPLIED: dict[str, LiteralString] = {
    "ordered_is_positive": "ALTER TABLE orders.lines DROP CONSTRAINT discount_units_were_ordered",
    "unit_price_is_not_negative": "ALTER TABLE orders.lines DROP CONSTRAINT discount_does_not_exceed_price",
}
"""Rules that follow from another one, which must be out of the way for them to bite."""

CASES: dict[str, LiteralString] = {
    "packing_version_starts_at_one": "UPDATE fulfillment.packing SET version = 0",
    "parcels_are_numbered_from_one": "UPDATE fulfillment.parcels SET parcel = 0",
    "parcel_status_is_known": "UPDATE fulfillment.parcels SET status = 'melted'",
    "a_parcel_that_left_was_closed": "UPDATE fulfillment.parcels SET closed_at = NULL",
    "a_parcel_left_exactly_when_its_status_says_so": "UPDATE fulfillment.parcels SET status = 'closed'",
    "one_parcel_per_tracking_number": """
        INSERT INTO fulfillment.parcels
        SELECT order_id, 2, location, status, contents, opened_at, NULL, NULL, NULL, labels, tracked, NULL, closed_at,
            handed_over_at, tracking_number, false
        FROM fulfillment.parcels
    """,
    "role_is_known": "UPDATE access.api_keys SET role = 'king'",
    "only_customers_are_bound_to_an_order": "UPDATE access.api_keys SET order_id = key_id",
    "one_key_per_secret": "INSERT INTO access.api_keys VALUES (gen_random_uuid(), 'hash', 'agent', '', NULL, now())",
    "one_link_per_token": """
        INSERT INTO access.customer_links VALUES (gen_random_uuid(), gen_random_uuid(), 'hash', now(), 'infinity')
    """,
    "a_link_ends_after_it_began": "UPDATE access.customer_links SET expires_at = created_at",
    "code_purpose_is_known": "UPDATE access.customer_codes SET purpose = 'theft'",
    "a_code_ends_after_it_began": "UPDATE access.customer_codes SET expires_at = created_at",
    "a_code_is_tried_at_most_five_times": "UPDATE access.customer_codes SET attempts = 6",
    "a_code_is_used_by_a_try_in_time": "UPDATE access.customer_codes SET attempts = 1, used_at = expires_at",
    "disabled_reason_is_known": """
        UPDATE notifications.webhook_endpoints SET disabled_at = now(), disabled_reason = 'boredom'
    """,
    "a_disabled_endpoint_says_why": "UPDATE notifications.webhook_endpoints SET disabled_at = now()",
    "delivery_kind_is_known": "UPDATE notifications.deliveries SET kind = 'pigeon'",
    "delivery_state_is_known": "UPDATE notifications.deliveries SET state = 'lost', settled_at = now()",
    "webhooks_and_only_they_have_an_endpoint": "UPDATE notifications.deliveries SET kind = 'webhook'",
    "what_waits_is_not_settled": "UPDATE notifications.deliveries SET settled_at = now()",
    "attempts_are_not_negative": "UPDATE notifications.deliveries SET attempts = -1",
    "price_is_not_negative": "UPDATE catalog.variants SET price_minor = -1",
    "tax_rate_is_below_one": "UPDATE catalog.variants SET tax_rate_bps = 10000",
    "weight_is_not_negative": "UPDATE catalog.variants SET weight_grams = -1",
    "bundles_and_only_bundles_have_components": "UPDATE catalog.variants SET kind = 'bundle'",
    "only_preorders_are_announced": "UPDATE catalog.variants SET available_from = '2026-09-01'",
    "only_preorders_bring_an_advantage": "UPDATE catalog.variants SET advantage = '{}'",
    "only_made_to_order_takes_production_days": "UPDATE catalog.variants SET production_days = 5",
    "production_days_are_positive": "UPDATE catalog.variants SET kind = 'made_to_order', production_days = 0",
    "variant_kind_is_known": "UPDATE catalog.variants SET kind = 'borrowed'",
    "location_kind_is_known": "UPDATE inventory.locations SET kind = 'moon'",
    "hourly_capacity_is_positive": "UPDATE inventory.locations SET hourly_capacity_orders = 0",
    "opening_is_not_after_cutoff": "UPDATE inventory.locations SET opens = '14:01'",
    "floor_units_are_not_negative": "UPDATE inventory.locations SET floor_units = -1",
    "parcel_cost_is_not_negative": "UPDATE inventory.locations SET parcel_cost_minor = -1",
    "backordered_is_not_negative": "UPDATE inventory.stock SET backordered = -1",
    "supply_ordered_is_not_negative": "UPDATE inventory.supply SET ordered = -1",
    "supply_received_is_not_negative": "UPDATE inventory.supply SET received = -1",
    "on_hand_is_not_negative": "UPDATE inventory.stock SET on_hand = -1, short = 3",
    "reserved_is_not_negative": "UPDATE inventory.stock SET reserved = -1",
    "safety_is_not_negative": "UPDATE inventory.stock SET safety = -1",
    "quarantined_is_not_negative": "UPDATE inventory.stock SET quarantined = -1",
    "short_is_exactly_what_is_missing": "UPDATE inventory.stock SET short = 1",
    "reserved_does_not_exceed_on_hand_and_short": "UPDATE inventory.stock SET reserved = 6",
    "in_hand_is_not_negative": "UPDATE inventory.stock SET in_hand = -1",
    "bin_quantity_is_positive": "UPDATE inventory.bin_stock SET quantity = 0",
    "a_bin_movement_moves_something": "UPDATE inventory.bin_movements SET quantity = 0",
    "bin_movement_kind_is_known": "UPDATE inventory.bin_movements SET kind = 'theft'",
    "pick_list_status_is_known": "UPDATE fulfillment.pick_lists SET status = 'lost', ended_at = now()",
    "a_list_is_started_by_somebody": "UPDATE fulfillment.pick_lists SET picker = NULL",
    "a_list_ended_exactly_when_its_status_says_so": "UPDATE fulfillment.pick_lists SET ended_at = now()",
    "totes_are_numbered_from_one": "UPDATE fulfillment.assignments SET tote = 0",
    "work_is_on_one_list": """
        INSERT INTO fulfillment.assignments
        SELECT '00000000-0000-7000-8000-000000000002', order_id, location, 1 FROM fulfillment.assignments
    """,
    "no_more_is_taken_than_was_reached": "UPDATE fulfillment.picks SET taken = 2",
    "no_more_is_written_off_than_is_short": "UPDATE fulfillment.picks SET written_off = 2",
    "what_is_short_has_its_reason": "UPDATE fulfillment.picks SET short_reason = NULL",
    "what_was_picked_is_counted_upwards": "UPDATE fulfillment.picks SET returned = -1",
    "a_movement_moves_something": "UPDATE inventory.movements SET quantity = 0",
    "movement_kind_is_known": "UPDATE inventory.movements SET kind = 'theft'",
    "method_version_starts_at_one": "UPDATE shipping.methods SET version = 0",
    "method_kind_is_known": "UPDATE shipping.methods SET kind = 'drone'",
    "only_pickup_points_have_a_network": "UPDATE shipping.methods SET network = 'relays'",
    "method_has_a_rate": "UPDATE shipping.methods SET rates = '[]'",
    "pickup_point_is_on_earth": "UPDATE shipping.pickup_points SET latitude = 91",
    "postcode_is_on_earth": "UPDATE shipping.postcodes SET longitude = 181",
    "booked_is_not_negative": "UPDATE shipping.capacity SET booked = '{-1}'",
    "no_zero_comes_last": "UPDATE shipping.capacity SET booked = '{1, 0}'",
    "missing_stock_policy_is_known": "UPDATE orders.channels SET missing_stock = 'hope'",
    "one_order_per_number": "UPDATE orders.orders SET number = '00000000-0000-7000-8000-000000000001'",
    "one_order_per_reference": "UPDATE orders.orders SET reference = 'ref-00000000-0000-7000-8000-000000000001'",
    "total_is_not_negative": "UPDATE orders.orders SET total_minor = -1",
    "version_starts_at_one": "UPDATE orders.orders SET version = 0",
    "status_is_known": "UPDATE orders.orders SET status = 'lost'",
    "ordered_is_positive": "UPDATE orders.lines SET ordered = 0",
    "unit_price_is_not_negative": "UPDATE orders.lines SET unit_price_minor = -1, discount_minor = 0",
    "discount_does_not_exceed_price": "UPDATE orders.lines SET discount_minor = 21",
    "discount_units_were_ordered": "UPDATE orders.lines SET discount_units = 3",
    "only_an_earlier_line_is_replaced": "UPDATE orders.lines SET replaces = line",
    "replacement_is_known": "UPDATE orders.lines SET replacement = 'whim'",
    "policy_version_starts_at_one": "UPDATE orders.policies SET version = 0",
    "quantity_is_positive": "UPDATE orders.units SET quantity = 0",
    "stage_is_known": "UPDATE orders.units SET stage = 'eaten'",
    "seq_starts_at_one": "UPDATE kit.event_log SET seq = 0 WHERE seq = 1",
    "one_event_per_stream_and_seq": "UPDATE kit.event_log SET seq = 2 WHERE seq = 1",
    "cursor_is_not_negative": 'UPDATE kit.cursors SET "offset" = -1',
}

NAMED_CONSTRAINTS = """
    SELECT c.conname FROM pg_constraint AS c
    JOIN pg_namespace AS n ON n.oid = c.connamespace
    WHERE c.contype IN ('c', 'u') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    UNION
    SELECT i.relname FROM pg_index AS x
    JOIN pg_class AS i ON i.oid = x.indexrelid
    JOIN pg_namespace AS n ON n.oid = i.relnamespace
    WHERE x.indisunique AND NOT x.indisprimary
        AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
"""


@pytest.fixture(scope="module")
def connection(server_url: str, template_database: str) -> Generator[psycopg.Connection]:
    """A connection to a database of these tests' own, with a valid row in every table."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {template_database}".encode())
        try:
            with psycopg.connect(server_url, dbname=name) as connection:
                for statement in VALID:
                    connection.execute(statement)
                yield connection
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def test_every_constraint_has_its_case(connection: psycopg.Connection) -> None:
    names = {str(row[0]) for row in connection.execute(NAMED_CONSTRAINTS)}
    assert names == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_the_constraint_bites(connection: psycopg.Connection, name: str) -> None:
    assert bite(connection, *filter(None, (IMPLIED.get(name), CASES[name]))) == name


def test_a_constraint_that_is_gone_is_noticed(connection: psycopg.Connection) -> None:
    gone = "ALTER TABLE orders.units DROP CONSTRAINT stage_is_known"
    assert bite(connection, gone, CASES["stage_is_known"]) is None


def bite(connection: psycopg.Connection, *statements: LiteralString) -> str | None:
    """Tries the statements, undoes them, and returns the constraint that stood against them, if any."""
    try:
        with connection.transaction(force_rollback=True):
            for statement in statements:
                connection.execute(statement)
    except IntegrityError as violation:
        return violation.diag.constraint_name
    return None


def test_constraints_are_named_as_sentences() -> None:
    text = "".join(path.read_text() for path in (Path(__file__).parents[2] / "src/aftercart/migrations").glob("*.sql"))
    unnamed = [line for line in text.splitlines() if "CHECK (" in line and "CONSTRAINT" not in line]
    assert unnamed == []
