"""The table of all routes, and which command each one carries."""

from collections.abc import Mapping
from typing import Final

from aftercart.kit.commands import Command
from aftercart.web.api import (
    api_keys,
    availability,
    customer_access,
    events,
    health,
    metrics,
    order_batch,
    order_changes,
    order_reads,
    orders,
    shop_setup,
    webhooks,
)
from aftercart.web.api.route import Route

ROUTES: Final[tuple[Route, ...]] = (
    *orders.ROUTES,
    *order_batch.ROUTES,
    *order_reads.ROUTES,
    *order_changes.ROUTES,
    *shop_setup.ROUTES,
    *availability.ROUTES,
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
