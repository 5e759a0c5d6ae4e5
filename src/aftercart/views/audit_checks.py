"""All questions that the audit asks of the database."""

from typing import Final

from aftercart.views import (
    audit_notifications,
    audit_of_events,
    audit_of_floor,
    audit_of_orders,
    audit_of_shipping,
    audit_of_stock,
)
from aftercart.views.audit_check import Check

CHECKS: Final[tuple[Check, ...]] = (
    *audit_of_orders.CHECKS,
    *audit_of_stock.CHECKS,
    *audit_of_floor.CHECKS,
    *audit_of_shipping.CHECKS,
    *audit_of_events.CHECKS,
    *audit_notifications.NOTIFICATION_CHECKS,
)
