"""The table of all routes, and which command each one carries."""

from collections.abc import Mapping
from typing import Final

from aftercart.kit.commands import Command
from aftercart.web.api import (
    api_keys,
    availability,
    bins,
    customer_access,
    delivery_methods,
    delivery_options,
    events,
    fulfillment_orders,
    health,
    metrics,
    order_batch,
    order_changes,
    order_reads,
    orders,
    packing,
    parcels,
    pick_lists,
    pickup_points,
    policies,
    shop_setup,
    stuck_orders,
    supply,
    tracking,
    walking,
    waves,
    webhooks,
)
from aftercart.web.api.route import Route

ROUTES: Final[tuple[Route, ...]] = (
    *orders.ROUTES,
    *order_batch.ROUTES,
    *order_reads.ROUTES,
    *order_changes.ROUTES,
    *policies.ROUTES,
    *fulfillment_orders.ROUTES,
    *bins.ROUTES,
    *waves.ROUTES,
    *pick_lists.ROUTES,
    *walking.ROUTES,
    *parcels.ROUTES,
    *packing.ROUTES,
    *tracking.ROUTES,
    *stuck_orders.ROUTES,
    *shop_setup.ROUTES,
    *supply.ROUTES,
    *availability.ROUTES,
    *delivery_methods.ROUTES,
    *pickup_points.ROUTES,
    *delivery_options.ROUTES,
    *events.ROUTES,
    *webhooks.ROUTES,
    *api_keys.ROUTES,
    *customer_access.ROUTES,
    *health.ROUTES,
    *metrics.ROUTES,
)

COMMAND_ROUTES: Final[Mapping[type[Command], tuple[str, str]]] = {
    route.command: (route.method, route.path) for route in ROUTES if route.command is not None
}
"""Command -> method and path of the route that carries it."""
