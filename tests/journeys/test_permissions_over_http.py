"""Who may do what, as the keys of each role find out."""

from typing import Any, Final

import pytest
from tests.journeys.conftest import NewShop
from tests.journeys.floor_bodies import BINS, FLOOR_BODIES, FLOOR_READS, NO_LIST, NOT_READ
from tests.shop_over_http import LYON, WAREHOUSE, ShopOverHttp, location, order, variant

from aftercart.access.decisions.create_api_key import CreateApiKey
from aftercart.access.decisions.create_customer_link import CreateCustomerLink
from aftercart.access.decisions.redeem_customer_code import RedeemCustomerCode
from aftercart.access.decisions.request_customer_code import RequestCustomerCode
from aftercart.access.model import Role
from aftercart.catalog.decisions.upsert_variants import UpsertVariants
from aftercart.fulfillment.decisions.track_parcel import TrackParcel
from aftercart.inventory.decisions.adjust_stock import AdjustStock
from aftercart.inventory.decisions.count_stock import CountStock
from aftercart.inventory.decisions.quarantine_stock import QuarantineStock
from aftercart.inventory.decisions.receive_stock import ReceiveStock
from aftercart.inventory.decisions.set_safety_stock import SetSafetyStock
from aftercart.inventory.decisions.upsert_locations import UpsertLocations
from aftercart.inventory.decisions.upsert_supply import UpsertSupply
from aftercart.kit.commands import Command
from aftercart.notifications.decisions.create_webhook_endpoint import CreateWebhookEndpoint
from aftercart.notifications.decisions.disable_webhook_endpoint import DisableWebhookEndpoint
from aftercart.notifications.decisions.replay_webhooks import ReplayWebhooks
from aftercart.orders.decisions.accept_split import AcceptSplit
from aftercart.orders.decisions.add_gift_message import AddGiftMessage
from aftercart.orders.decisions.add_line import AddLine
from aftercart.orders.decisions.amend import Amend
from aftercart.orders.decisions.cancel_lines import CancelLines
from aftercart.orders.decisions.cancel_order import CancelOrder
from aftercart.orders.decisions.change_contact import ChangeContact
from aftercart.orders.decisions.change_delivery_address import ChangeDeliveryAddress
from aftercart.orders.decisions.change_delivery_method import ChangeDeliveryMethod
from aftercart.orders.decisions.change_line_quantity import ChangeLineQuantity
from aftercart.orders.decisions.change_payment_method import ChangePaymentMethod
from aftercart.orders.decisions.change_pickup_point import ChangePickupPoint
from aftercart.orders.decisions.finish_production import FinishProduction
from aftercart.orders.decisions.hold_order import HoldOrder
from aftercart.orders.decisions.lift_hold import LiftHold
from aftercart.orders.decisions.order_again import OrderAgain
from aftercart.orders.decisions.place_order import PlaceOrder
from aftercart.orders.decisions.release_order import ReleaseOrder
from aftercart.orders.decisions.set_policy import SetPolicy
from aftercart.orders.decisions.start_production import StartProduction
from aftercart.orders.decisions.swap_variant import SwapVariant
from aftercart.orders.decisions.upsert_channels import UpsertChannels
from aftercart.permissions import COMMANDS, READS
from aftercart.shipping.decisions.upsert_delivery_methods import UpsertDeliveryMethods
from aftercart.shipping.decisions.upsert_pickup_points import UpsertPickupPoints
from aftercart.web.api.example_bodies import EVENING_VAN, RELAYS
from aftercart.web.api.routes import COMMAND_ROUTES, ROUTES

SKU: Final = "CLOCHE"
OTHER_SKU: Final = "CLOCHE-42"
_LINES: Final[dict[str, Any]] = {"location": WAREHOUSE, "lines": [{"sku": SKU, "quantity": 50}]}
BODIES: Final[dict[type[Command], dict[str, Any]]] = {
    CreateApiKey: {"role": "picker"},
    UpsertVariants: {"variants": [variant(SKU)]},
    UpsertLocations: {"locations": [location(WAREHOUSE)]},
    UpsertChannels: {"channels": [{"code": "web", "missing_stock": "refuse"}]},
    UpsertDeliveryMethods: {"methods": [EVENING_VAN]},
    UpsertPickupPoints: {"points": RELAYS},
    ReceiveStock: _LINES | {"reference": "BL"},
    AdjustStock: {"location": WAREHOUSE, "reason": "trouvé", "lines": [{"sku": SKU, "delta": 1}]},
    CountStock: _LINES,
    SetSafetyStock: {"location": WAREHOUSE, "lines": [{"sku": SKU, "safety": 0}]},
    QuarantineStock: {"location": WAREHOUSE, "reason": "mouillé", "lines": [{"sku": SKU, "delta": 0}]},
    UpsertSupply: {"supplies": [_LINES | {"reference": "BC", "expected_date": "2030-06-10"}]},
    PlaceOrder: order({SKU: 1}),
    ChangeDeliveryAddress: {"address": LYON},
    ChangeDeliveryMethod: {"method": "chronopost-express"},
    ChangePickupPoint: {"pickup_point": "018921"},
    ChangeLineQuantity: {"line": 1, "quantity": 2},
    ChangeContact: {"name": "Zoé"},
    ChangePaymentMethod: {"method": "bank_transfer"},
    AddLine: {"sku": SKU, "quantity": 1},
    SwapVariant: {"line": 1, "sku": OTHER_SKU},
    AddGiftMessage: {"message": "Bravo"},
    AcceptSplit: {},
    Amend: {"operations": [{"operation": "change_contact", "name": "Zoé"}]},
    HoldOrder: {},
    LiftHold: {},
    ReleaseOrder: {},
    StartProduction: {"line": 1},
    FinishProduction: {"line": 1},
    OrderAgain: {},
    SetPolicy: {"grain": "line"},
    CancelLines: {"lines": [{"line": 1}], "reason": "other"},
    CancelOrder: {"reason": "other"},
    CreateCustomerLink: {},
    RequestCustomerCode: {"purpose": "sign_in"},
    RedeemCustomerCode: {"code_id": "01a20000-0000-7000-8000-000000000000", "code": "1", "purpose": "sign_in"},
    CreateWebhookEndpoint: {"url": "https://erp.example/hooks"},
    DisableWebhookEndpoint: {},
    ReplayWebhooks: {"after": 0, "until": 1},
    **FLOOR_BODIES,
}
READ_PATHS: Final[dict[str, tuple[str, ...]]] = {
    "orders": ("/v1/orders",),
    "order": ("/v1/orders/{order}", "/v1/orders/{order}/timeline", "/v1/orders/{order}/allowed-changes"),
    "supply": ("/v1/supply",),
    "availability": (f"/v1/availability?sku={SKU}",),
    "policy": ("/v1/policy",),
    "stuck_orders": ("/v1/stuck-orders",),
    "delivery_methods": ("/v1/delivery-methods",),
    "pickup_points": ("/v1/pickup-points?country=FR&postcode=69002",),
    "delivery_options": (f"/v1/delivery-options?line={SKU}:1&country=FR&postcode=69002&channel=web",),
    "events": ("/v1/events",),
    "metrics": ("/metrics",),
    "order_messages": ("/v1/orders/{order}/messages",),
    "webhooks": ("/v1/webhook-endpoints", "/v1/webhook-endpoints/{endpoint}/deliveries"),
    **FLOOR_READS,
}
PREVIEWED: Final = {route.command for route in ROUTES if route.query is not None}
OF_NOTHING: Final = {command for command, (_, path) in COMMAND_ROUTES.items() if "{p" in path} | {TrackParcel}
"""Commands that are given about parcels and pick lists there are none of."""
ROLES: Final = [role.value for role in Role]


def test_every_command_that_has_a_route_and_every_read_is_tried_here() -> None:
    assert set(BODIES) == set(COMMAND_ROUTES)
    assert set(READ_PATHS) == set(READS) - NOT_READ


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_what_its_table_says_and_nothing_else(role: str, shop: ShopOverHttp, shop_as: NewShop) -> None:
    shop.open(stock={SKU: 50, OTHER_SKU: 50})
    placed = shop.place({SKU: 1}).json()["id"]
    shop.post("/v1/bins", BINS)
    theirs = shop_as(role, order_id=placed if role == "customer" else None)
    found: dict[type[Command], bool] = {}
    for command, (_, path) in COMMAND_ROUTES.items():
        # Orders are only previewed, so that all roles find the same one.
        asked = named(path, shop, order_id=placed) + ("?preview=true" if command in PREVIEWED else "")
        answer = theirs.post(asked, BODIES[command], idempotency_key=command.__name__)
        assert answer.status_code in {200, 201, 403, 409} | ({404} if command in OF_NOTHING else set[int]()), (
            command,
            answer.text,
        )
        found[command] = answer.json().get("code") != "forbidden"
    assert found == {command: role in COMMANDS[command] for command in COMMAND_ROUTES}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_read_what_its_table_says_and_nothing_else(role: str, shop: ShopOverHttp, shop_as: NewShop) -> None:
    shop.open(stock={SKU: 50, OTHER_SKU: 50})
    placed = shop.place({SKU: 1}).json()["id"]
    theirs = shop_as(role, order_id=placed if role == "customer" else None)
    for read, paths in READ_PATHS.items():
        answers = {theirs.get(named(path, shop, order_id=placed)).status_code for path in paths}
        assert answers == ({200} if role in READS[read] else {403}), read


def test_a_customer_reaches_no_order_but_the_own_one(shop: ShopOverHttp, shop_as: NewShop) -> None:
    shop.open(stock={"SONNETTE": 9})
    own, foreign = shop.place({"SONNETTE": 1}).json(), shop.place({"SONNETTE": 1}).json()
    zoe = shop_as("customer", order_id=own["id"])
    seen = zoe.read(own["number"]).json()
    assert (seen["id"], seen["totals"], seen["sourcing"]) == (own["id"], own["totals"], None)
    never_was = "01a20000-0000-7000-8000-000000000000"
    for name in (foreign["id"], foreign["number"]):
        for path in ("", "/timeline", "/allowed-changes"):
            answer = zoe.get(f"/v1/orders/{name}{path}")
            assert answer.status_code == 404
            assert answer.json() == zoe.get(f"/v1/orders/{never_was}{path}").json(), "as if it did not exist"
        for command, (_, path) in COMMAND_ROUTES.items():
            if "{order}" in path:
                change = path.rpartition("/")[2]
                expected = 404 if Role.CUSTOMER.value in COMMANDS[command] else 403
                key = f"{change}-{name}"
                assert zoe.ask(name, change, BODIES[command], idempotency_key=key).status_code == expected
                if command in PREVIEWED:
                    assert zoe.ask(name, f"{change}?preview=true", BODIES[command]).status_code == expected
    assert shop.read(foreign["id"]).json() == foreign
    assert zoe.ask(own["id"], "cancel-order", {"reason": "changed_mind"}).json()["status"] == "canceled"


def test_without_a_key_that_exists_nobody_is_served(shop: ShopOverHttp) -> None:
    for header in ("", "Bearer", "Bearer nobody", "Basic YTpi"):
        answer = shop.get("/v1/orders", authorization=header)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
        assert answer.headers["www-authenticate"].startswith("Bearer")


def named(path: str, shop: ShopOverHttp, *, order_id: str) -> str:
    """Put an order, or an endpoint that was just made, into a path."""
    if "{endpoint}" in path:
        return path.format(endpoint=shop.post("/v1/webhook-endpoints", {"url": "https://erp.example/"}).json()["id"])
    if "{fulfillment_order}" in path or "{parcel}" in path:
        number = shop.read(order_id).json()["number"]
        return path.format(fulfillment_order=f"{number}-{WAREHOUSE}", parcel=f"{number}-1")
    return path.replace("{order}", order_id).replace("{pick_list}", NO_LIST)
