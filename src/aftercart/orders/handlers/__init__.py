"""How the orders' commands are carried out: which rows each needs and which decision it calls."""

from typing import Any, Final

from aftercart.kit.commands import Handler
from aftercart.orders.handlers import amending, changing, placing, setting_up
from aftercart.orders.handlers.amending import EVOLVERS
from aftercart.orders.handlers.circumstances import asker_of
from aftercart.orders.handlers.finding import OrderNotFound, OrderRef

__all__ = ["EVOLVERS", "HANDLERS", "OrderNotFound", "OrderRef", "asker_of"]

HANDLERS: Final[tuple[Handler[Any], ...]] = (
    placing.HANDLER,
    *changing.HANDLERS,
    *amending.HANDLERS,
    *setting_up.HANDLERS,
)
