"""Placing many orders in one call: each succeeds or is refused on its own."""

import asyncio
from typing import Annotated, Any, Final

import msgspec

from aftercart.kit.commands import Fault, Lane
from aftercart.kit.refusal import Invalid, Refusal
from aftercart.orders.decisions.place_order import PlaceOrder
from aftercart.permissions import authorize
from aftercart.web.api.call import Call
from aftercart.web.api.headers import idempotency_key
from aftercart.web.api.order_answer import OrderAnswer, order_answer
from aftercart.web.api.order_commands import answered_order, encode
from aftercart.web.api.orders import in_utc
from aftercart.web.api.problems import Problem, problem_of
from aftercart.web.api.refusals import InternalError
from aftercart.web.api.reply import Reply
from aftercart.web.api.route import DOCUMENT_BYTES_MAX, Answered, Route

ORDERS_MAX: Final = 1_000


class OrderBatchBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The orders to take, each as in a call of its own."""

    orders: Annotated[tuple[PlaceOrder, ...], msgspec.Meta(min_length=1, max_length=ORDERS_MAX)]


class OrderResult(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one order: ``status`` 201 with the ``order``, else the ``problem`` its own call would answer."""

    status: int
    order: OrderAnswer | None = None
    problem: Problem | None = None


class OrderBatchAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One result for each order, in the order they were given."""

    results: list[OrderResult]


_decoder: Final = msgspec.json.Decoder(OrderBatchBody)


async def place_many(call: Call) -> Reply:
    """Places the orders side by side in the background lane, so that nobody's checkout waits for them."""
    body = await call.body(_decoder)
    call.refuse_query()
    authorize(call.actor, body.orders[0], None)
    key = idempotency_key(call.headers.get(b"idempotency-key"))
    results = await asyncio.gather(
        *(_place(call, order, key=None if key is None else f"{key}:{index}") for index, order in enumerate(body.orders))
    )
    return Reply(200, encode({"results": results}))


async def _place(call: Call, order: PlaceOrder, *, key: str | None) -> Any:
    try:
        answer = await call.shop.submit(in_utc(order), call.actor, key=key, lane=Lane.BACKGROUND)
        placed, _ = await answered_order(call, answer)
    except Refusal as refusal:
        return {
            "status": refusal.status,
            "problem": problem_of(refusal, call.language, zone=call.shop.surroundings.zone),
        }
    except Fault as fault:
        refusal = InternalError(incident=str(fault.command_id))
        return {"status": refusal.status, "problem": problem_of(refusal, call.language)}
    return OrderResult(status=201, order=order_answer(placed))


ROUTES: Final = (
    Route(
        name="place_orders",
        method="POST",
        path="/v1/orders/batch",
        tag="Orders",
        summary="Place up to 1,000 orders",
        description=(
            "Each order is placed or refused on its own; the results come in the same order. A body that is not valid "
            "is refused as a whole. With an `Idempotency-Key`, the order at place 3 has the key `KEY:3`."
        ),
        handle=place_many,
        body=OrderBatchBody,
        key="optional",
        answers=(Answered(status=200, meaning="One result for each order", shape=OrderBatchAnswer),),
        refusals=(Invalid,),
        bytes_max=DOCUMENT_BYTES_MAX,
    ),
)
