"""The story that the documentation tells: the calls of a small shop's first day, in their order."""

from typing import Final

from aftercart.web.api.example import Example
from aftercart.web.api.example_bodies import CHECKOUT, EVENING_VAN, HOME, RELAYS, STORE, WAREHOUSE, WORK, order, variant
from aftercart.web.api.example_changes import CHANGES
from aftercart.web.api.example_floor import FLOOR
from aftercart.web.api.example_picking import PICKING
from aftercart.web.api.example_supply import SUPPLY_STORY
from aftercart.web.api.example_telling import TELLING

DELIVERY: Final = (
    Example(
        route="upsert_delivery_methods",
        name="evening_van",
        summary="A van of one's own, in the evening",
        body={"methods": [EVENING_VAN]},
    ),
    Example(
        route="upsert_delivery_methods",
        name="rate_that_never_counts",
        summary="A rate that an earlier one hides",
        status=422,
        body={"methods": [{**EVENING_VAN, "rates": [EVENING_VAN["rates"][1], EVENING_VAN["rates"][0]]}]},
    ),
    Example(route="read_delivery_methods", name="all_methods", summary="What is built in, and the van"),
    Example(
        route="upsert_pickup_points", name="two_relays", summary="Two pickup points in Lyon", body={"points": RELAYS}
    ),
    Example(
        route="read_pickup_points",
        name="near_bellecour",
        summary="Near a customer",
        query={"country": ["FR"], "postcode": ["69002"], "method": ["mondial-relay-point"]},
    ),
    Example(
        route="read_delivery_options",
        name="cart_to_lyon",
        summary="Two pairs to Lyon, told in French",
        headers={"Accept-Language": "fr"},
        query={"line": ["RUN-42-BLACK:2"], "country": ["FR"], "postcode": ["69002"], "channel": ["web"]},
    ),
    Example(
        route="read_delivery_options",
        name="cart_to_reunion",
        summary="Overseas, and more than there is in a store",
        query={"line": ["RUN-42-BLACK:1"], "country": ["FR"], "postcode": ["97400"], "channel": ["web"]},
    ),
)
"""How the goods may travel: told before anything is ordered."""

STORY: Final[tuple[Example, ...]] = (
    Example(route="read_health", name="health", summary="All is well"),
    Example(
        route="upsert_variants",
        name="three_sizes",
        summary="Three sizes of one shoe",
        body={"variants": [variant(f"RUN-{size}-BLACK", size, "black") for size in ("41", "42", "43")]},
    ),
    Example(
        route="upsert_locations",
        name="warehouse_and_store",
        summary="A warehouse, and a store where orders are collected",
        body={
            "locations": [
                {
                    "code": "LYON",
                    "name": "Warehouse Lyon",
                    "kind": "warehouse",
                    "address": WAREHOUSE,
                    "timezone": "Europe/Paris",
                    "cutoff": "14:00",
                    "working_days": [1, 2, 3, 4, 5],
                },
                {
                    "code": "PARIS-11",
                    "name": "Store Paris 11",
                    "kind": "store",
                    "address": STORE,
                    "timezone": "Europe/Paris",
                    "cutoff": "17:30",
                    "working_days": [1, 2, 3, 4, 5, 6],
                    "pickups": True,
                    "hourly_capacity_orders": 12,
                },
            ]
        },
    ),
    Example(
        route="upsert_channels",
        name="two_channels",
        summary="The web shop refuses what is missing, the marketplace waits for it",
        body={
            "channels": [
                {"code": "web", "missing_stock": "refuse"},
                {"code": "marketplace", "missing_stock": "backorder"},
            ]
        },
    ),
    Example(
        route="receive_stock",
        name="delivery_note",
        summary="A delivery arrived",
        body={
            "location": "LYON",
            "reference": "PO-2026-017",
            "lines": [{"sku": f"RUN-{size}-BLACK", "quantity": 20} for size in ("41", "42", "43")],
        },
    ),
    Example(
        route="adjust_stock",
        name="damaged",
        summary="One pair was damaged",
        body={"location": "LYON", "reason": "damaged", "lines": [{"sku": "RUN-41-BLACK", "delta": -1}]},
    ),
    Example(
        route="count_stock",
        name="shelf_count",
        summary="A shelf was counted",
        body={"location": "LYON", "lines": [{"sku": "RUN-43-BLACK", "quantity": 18}]},
    ),
    *SUPPLY_STORY,
    Example(
        route="read_availability",
        name="one_size",
        summary="One size, and its siblings",
        query={"sku": ["RUN-42-BLACK"]},
    ),
    Example(
        route="read_availability",
        name="unknown_sku",
        summary="A SKU nobody knows",
        status=404,
        query={"sku": ["RUN-99-BLACK"]},
    ),
    *DELIVERY,
    Example(
        route="place_order",
        name="checkout_preview",
        summary="What would the checkout come to?",
        query={"preview": ["true"]},
        body=CHECKOUT,
    ),
    Example(
        route="place_order",
        name="checkout",
        summary="Two pairs, and a third as a gift",
        status=201,
        headers={"Idempotency-Key": "checkout-4711"},
        body=CHECKOUT,
    ),
    Example(
        route="place_order",
        name="checkout_of_the_last_pairs",
        summary="More than there is",
        status=409,
        headers={"Idempotency-Key": "checkout-4712"},
        body=order({"sku": "RUN-42-BLACK", "quantity": 500}, authorized=4495490),
    ),
    Example(
        route="place_order",
        name="checkout_with_a_field_too_many",
        summary="A field that does not exist",
        status=422,
        headers={"Idempotency-Key": "checkout-4713"},
        body=order({"sku": "RUN-42-BLACK", "quantity": 1, "colour": "black"}, authorized=9480),
    ),
    Example(
        route="place_order",
        name="checkout_without_key",
        summary="No Idempotency-Key",
        status=400,
        body=order({"sku": "RUN-42-BLACK", "quantity": 1}, authorized=9480),
    ),
    Example(
        route="place_orders",
        name="marketplace_orders",
        summary="Two orders of a marketplace, of which one is refused",
        body={
            "orders": [
                order({"sku": "RUN-41-BLACK", "quantity": 1}, authorized=9480, channel="marketplace"),
                order({"sku": "RUN-99-BLACK", "quantity": 1}, authorized=9480, channel="marketplace"),
            ]
        },
    ),
    Example(route="read_order", name="one_order", summary="By its number"),
    Example(
        route="list_orders",
        name="confirmed_orders",
        summary="Orders that wait for their release",
        query={"status": ["confirmed"], "limit": ["10"]},
    ),
    Example(
        route="list_orders",
        name="search",
        summary="What a customer tells on the phone",
        query={"query": ["martin 69002"]},
    ),
    Example(
        route="list_orders", name="bad_limit", summary="More than a page holds", status=422, query={"limit": ["5000"]}
    ),
    Example(route="read_allowed_changes", name="still_free", summary="Before a hand touched the goods"),
    Example(
        route="change_delivery_address",
        name="to_the_office_preview",
        summary="What would another address mean?",
        query={"preview": ["true"]},
        body={"address": WORK},
    ),
    Example(
        route="change_delivery_address",
        name="to_the_office",
        summary="Send it to the office",
        body={"address": WORK},
    ),
    Example(
        route="change_delivery_address",
        name="stale",
        summary="The order has changed since version 1",
        status=412,
        headers={"If-Match": '"1"'},
        body={"address": HOME},
    ),
    Example(
        route="change_line_quantity",
        name="one_more",
        summary="Three pairs instead of two",
        body={"line": 1, "quantity": 3},
    ),
    *CHANGES,
    *FLOOR,
    *PICKING,
    Example(
        route="cancel_lines",
        name="without_the_gift",
        summary="Without the gift, and one pair fewer",
        body={"lines": [{"line": 2}, {"line": 1, "quantity": 1}], "reason": "changed_mind"},
    ),
    Example(
        route="cancel_order",
        name="all_of_it",
        summary="Nothing any more",
        body={"reason": "too_slow"},
    ),
    Example(
        route="cancel_order",
        name="again",
        summary="An order that is canceled already",
        status=409,
        body={"reason": "too_slow"},
    ),
    Example(route="read_timeline", name="whole_story", summary="From the first event on"),
    Example(
        route="read_events",
        name="first_events",
        summary="The beginning of the feed",
        query={"after": ["0"], "limit": ["3"]},
    ),
    *TELLING,
    Example(
        route="create_api_key",
        name="for_the_web_shop",
        summary="A key for a machine",
        status=201,
        body={"role": "integrator", "label": "web shop"},
    ),
    Example(route="read_metrics", name="metrics", summary="For Prometheus"),
)
