"""What can still be promised."""

from typing import Annotated, ClassVar, Final

import msgspec

from aftercart.kit.refusal import Refusal
from aftercart.permissions import authorize_read
from aftercart.views.availability import Availability, find_availability
from aftercart.web.api.call import Call
from aftercart.web.api.order_commands import encode
from aftercart.web.api.reply import Reply
from aftercart.web.api.route import Answered, Route

SKUS_MAX: Final = 100


class AvailabilityQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The SKUs to ask for, each as its own ``sku=``."""

    REPEATABLE: ClassVar = ("sku",)

    sku: Annotated[
        tuple[Annotated[str, msgspec.Meta(min_length=1, max_length=64)], ...],
        msgspec.Meta(min_length=1, max_length=SKUS_MAX),
    ]


class AvailabilityAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One item for each SKU asked for, in the order they were asked."""

    items: list[Availability]


class SkuNotFound(Refusal):
    """The catalog has no such SKU."""

    status = 404

    def __init__(self, *, sku: str) -> None:
        super().__init__(param="sku", sku=sku)


async def read(call: Call) -> Reply:
    """Reads what can still be promised of some SKUs, and of the other variants of their products."""
    skus = tuple(dict.fromkeys(call.query(AvailabilityQuery).sku))
    authorize_read(call.actor, "availability")
    found = await find_availability(call.shop.database, skus, now=call.shop.clock.now())
    for sku in skus:
        if sku not in found:
            raise SkuNotFound(sku=sku)
    return Reply(200, encode(AvailabilityAnswer(items=[found[sku] for sku in skus])))


ROUTES: Final = (
    Route(
        name="read_availability",
        method="GET",
        path="/v1/availability",
        tag="Stock",
        summary="Ask what can still be promised",
        description=(
            "`available_by` tells the days on which supply makes it more, after what orders wait for already. What a "
            "bundle has is what its components make up, location by location. `siblings` are the other variants of "
            "the same product: the other size, the other color."
        ),
        handle=read,
        query=AvailabilityQuery,
        answers=(Answered(status=200, meaning="One item for each SKU", shape=AvailabilityAnswer),),
        refusals=(SkuNotFound,),
    ),
)
