"""Exchanging a variant: the answer shows the stock of all its sisters, so that another size is one look away."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from aftercart.kit.commands import Actor
from aftercart.orders.model import Order
from aftercart.orders.rules.stock_for_lines import InsufficientStock
from aftercart.views.availability import Sibling, find_availability
from aftercart.web.api.call import Call
from aftercart.web.api.customer_answer import order_answer_for
from aftercart.web.api.order_answer import OrderAnswer
from aftercart.web.api.order_commands import carry_out
from aftercart.web.api.problems import reply_with_problem
from aftercart.web.api.reply import Reply


class SwapAnswer(OrderAnswer, frozen=True, kw_only=True):
    """The order after the exchange; ``siblings`` are all variants of the product, with what is left of each."""

    siblings: tuple[Sibling, ...]


def swapping(decoder: "msgspec.json.Decoder[Any]") -> Callable[[Call], Awaitable[Reply]]:
    """Returns the route that exchanges a variant."""

    async def swap(call: Call) -> Reply:
        body = await call.body(decoder)
        command = body.command(await call.order_id())
        siblings = await _siblings(call, body.sku)

        def shown(order: Order, actor: Actor) -> SwapAnswer:
            answer = order_answer_for(order, actor)
            fields = {name: getattr(answer, name) for name in OrderAnswer.__struct_fields__}
            return SwapAnswer(**fields, siblings=siblings)

        try:
            return await carry_out(call, command, status=200, quote=body.quote, shown=shown)
        except InsufficientStock as refusal:
            return reply_with_problem(refusal, call.language, siblings=msgspec.to_builtins(siblings))

    return swap


async def _siblings(call: Call, sku: str) -> tuple[Sibling, ...]:
    found = (await find_availability(call.shop.database, [sku], now=call.shop.clock.now())).get(sku)
    if found is None:
        return ()
    own = Sibling(sku=found.sku, options=found.options, available=found.available)
    return tuple(sorted((own, *found.siblings), key=lambda one: one.sku))
