"""Which delivery methods there are, with their prices and days."""

from typing import Final

import msgspec

from aftercart.permissions import authorize_read
from aftercart.shipping.model import DeliveryMethod, MethodsKey
from aftercart.web.api.call import Call
from aftercart.web.api.order_commands import encode
from aftercart.web.api.reply import Reply
from aftercart.web.api.route import Answered, Route


class DeliveryMethodsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Every method as it is now, sorted by code, those that are not offered at present included."""

    items: tuple[DeliveryMethod, ...]


async def read(call: Call) -> Reply:
    """Reads all delivery methods."""
    call.refuse_query()
    authorize_read(call.actor, "delivery_methods")
    state = await call.shop.bus.read((MethodsKey(),))
    return Reply(200, encode(DeliveryMethodsAnswer(items=state.find(MethodsKey()) or ())))


ROUTES: Final = (
    Route(
        name="read_delivery_methods",
        method="GET",
        path="/v1/delivery-methods",
        tag="Delivery",
        summary="Read the delivery methods",
        description="Version 0 is built in; a method of the same code takes its place.",
        handle=read,
        answers=(Answered(status=200, meaning="All methods", shape=DeliveryMethodsAnswer),),
    ),
)
