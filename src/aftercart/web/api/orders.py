"""Placing an order and reading it."""

from typing import Final

import msgspec

from aftercart.kit.refusal import Invalid
from aftercart.orders.decisions.place_order import PlaceOrder, ReferenceAlreadyUsed
from aftercart.orders.handlers import OrderNotFound
from aftercart.orders.model import OrderKey
from aftercart.orders.rules.stock_for_lines import InsufficientStock, NotInStore, NowhereToShipFrom
from aftercart.permissions import authorize_read
from aftercart.shipping.rules.promise import SlotFull, SlotNotOffered, SlotNotReachable
from aftercart.shipping.rules.rates import DeliveryMethodNotAvailable
from aftercart.web.api.bodies import decode_body
from aftercart.web.api.call import Call
from aftercart.web.api.customer_answer import order_answer_for
from aftercart.web.api.moments import moment_in_utc
from aftercart.web.api.order_answer import OrderAnswer
from aftercart.web.api.order_commands import PREVIEWED, PreviewQuery, carry_out, encode
from aftercart.web.api.refusals import IdempotencyKeyMissing
from aftercart.web.api.reply import Reply
from aftercart.web.api.route import Answered, Route


class PlaceOrderBody(PlaceOrder, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The order to take. ``reference`` is the shop's own number, unique in its channel for ever.

    Without ``unit_price`` the catalog's price counts. ``quote`` is the one a preview gave.
    """

    quote: str | None = None


_PLACED_YEAR_MIN: Final = 1970
_decoder: Final = msgspec.json.Decoder(PlaceOrder)
_decoder_with_quote: Final = msgspec.json.Decoder(PlaceOrderBody)


async def place(call: Call) -> Reply:
    """Places an order; the key is what makes it safe to try again after a lost answer."""
    body = await call.json_bytes()
    quote = None
    if b'"quote"' in body:
        quoted = decode_body(body, _decoder_with_quote)
        quote = quoted.quote
        command = as_command(quoted)
    else:
        command = decode_body(body, _decoder)
    return await carry_out(call, in_utc(command), status=201, quote=quote, needs_key=True)


def as_command(body: PlaceOrder) -> PlaceOrder:
    """Returns the bare command in a body that carried more."""
    return PlaceOrder(**{name: getattr(body, name) for name in PlaceOrder.__struct_fields__})


def in_utc(command: PlaceOrder, *, param: str = "placed_at") -> PlaceOrder:
    """Returns the command with its moment in UTC: the same wish, however its clock was written."""
    placed_at = command.placed_at
    if placed_at is None:
        return command
    if placed_at.year < _PLACED_YEAR_MIN:
        raise Invalid(param=param, expected="a moment since 1970", got=placed_at.isoformat())
    return msgspec.structs.replace(command, placed_at=moment_in_utc(placed_at, param=param))


async def read(call: Call) -> Reply:
    """Reads one order."""
    call.refuse_query()
    order_id = await call.order_id()
    authorize_read(call.actor, "order", OrderKey(order_id))
    order = await call.orders.find(order_id)
    if order is None:
        raise OrderNotFound
    return Reply(200, encode(order_answer_for(order, call.actor)), headers=((b"etag", b'"%d"' % order.version),))


ROUTES: Final = (
    Route(
        name="place_order",
        method="POST",
        path="/v1/orders",
        tag="Orders",
        summary="Place an order",
        description=(
            "`Idempotency-Key` makes the call safe to repeat for 48 hours: the answer is the same, with the header "
            "`Idempotency-Replayed: true`. The same `reference` in the same channel finds the same order for ever. "
            "When stock is missing, the channel decides: the order is refused (409, with what is left) or its units "
            "wait. `placed_at` is for integrators only."
        ),
        handle=place,
        command=PlaceOrder,
        body=PlaceOrderBody,
        query=PreviewQuery,
        key="required",
        answers=(
            Answered(status=201, meaning="The order as it was taken", shape=OrderAnswer, has_etag=True),
            PREVIEWED,
        ),
        refusals=(
            InsufficientStock,
            NotInStore,
            NowhereToShipFrom,
            DeliveryMethodNotAvailable,
            SlotNotOffered,
            SlotFull,
            SlotNotReachable,
            ReferenceAlreadyUsed,
            IdempotencyKeyMissing,
            Invalid,
        ),
    ),
    Route(
        name="read_order",
        method="GET",
        path="/v1/orders/{order}",
        tag="Orders",
        summary="Read an order",
        description=(
            "With a customer's key, here and in the answers to changes: holds without notes, a `fraud_review` told as "
            "`manual`, and nothing of locations and `sourcing`."
        ),
        handle=read,
        answers=(Answered(status=200, meaning="The order as it is now", shape=OrderAnswer, has_etag=True),),
        refusals=(OrderNotFound,),
    ),
)
