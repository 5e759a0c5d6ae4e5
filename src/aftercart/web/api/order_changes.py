"""Changing an order that was placed: each change is a command, and answers with the order as it is then."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec

from aftercart.kit.address import Address
from aftercart.kit.commands import Command, QuoteChanged, VersionMismatch
from aftercart.kit.refusal import Invalid
from aftercart.orders.decisions.cancel_lines import CancelLines, LineToCancel
from aftercart.orders.decisions.cancel_order import CancelOrder
from aftercart.orders.decisions.change_delivery_address import ChangeDeliveryAddress
from aftercart.orders.decisions.change_line_quantity import ChangeLineQuantity
from aftercart.orders.decisions.place_order import LINES_MAX
from aftercart.orders.handlers import OrderNotFound
from aftercart.orders.model import CancellationReason
from aftercart.orders.rules.allowed_changes import (
    GoesToPickupPoint,
    LineAlreadyCanceled,
    OrderAlreadyCanceled,
    UnitsAlreadyTouched,
)
from aftercart.orders.rules.stock_for_lines import InsufficientStock
from aftercart.web.api.call import Call
from aftercart.web.api.order_answer import OrderAnswer
from aftercart.web.api.order_commands import PREVIEWED, PreviewQuery, carry_out
from aftercart.web.api.reply import Reply
from aftercart.web.api.route import Answered, Route


class ChangeBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every change may carry: the ``quote`` of its preview, which guards it against other consequences."""

    quote: str | None = None


class ChangeDeliveryAddressBody(ChangeBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The address to send the goods to instead."""

    address: Address


class ChangeLineQuantityBody(ChangeBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many units of the line are wanted in all; at least one, as ``cancel-lines`` removes a line."""

    line: int
    quantity: int


class CancelLinesBody(ChangeBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The lines to take out, and why; without ``quantity`` all of a line."""

    lines: Annotated[tuple[LineToCancel, ...], msgspec.Meta(min_length=1, max_length=LINES_MAX)]
    reason: CancellationReason


class CancelOrderBody(ChangeBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why nothing of the order is wanted any more."""

    reason: CancellationReason


def _change_delivery_address(order_id: UUID, body: ChangeDeliveryAddressBody) -> Command:
    return ChangeDeliveryAddress(order_id=order_id, address=body.address)


def _change_line_quantity(order_id: UUID, body: ChangeLineQuantityBody) -> Command:
    return ChangeLineQuantity(order_id=order_id, line=body.line, quantity=body.quantity)


def _cancel_lines(order_id: UUID, body: CancelLinesBody) -> Command:
    return CancelLines(order_id=order_id, lines=body.lines, reason=body.reason)


def _cancel_order(order_id: UUID, body: CancelOrderBody) -> Command:
    return CancelOrder(order_id=order_id, reason=body.reason)


def _carrying(body_type: type[Any], to_command: Callable[[UUID, Any], Command]) -> Callable[[Call], Awaitable[Reply]]:
    decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(body_type)

    async def change(call: Call) -> Reply:
        body = await call.body(decoder)
        command = to_command(await call.order_id(), body)
        return await carry_out(call, command, status=200, quote=body.quote)

    return change


_ALWAYS: Final = (OrderNotFound, OrderAlreadyCanceled, UnitsAlreadyTouched, QuoteChanged, VersionMismatch, Invalid)

_CHANGES: Final[tuple[tuple[type[Command], str, type[Any], Callable[[UUID, Any], Command], tuple[Any, ...]], ...]] = (
    (
        ChangeDeliveryAddress,
        "Send the order to another address",
        ChangeDeliveryAddressBody,
        _change_delivery_address,
        (GoesToPickupPoint,),
    ),
    (
        ChangeLineQuantity,
        "Want more or fewer units of a line",
        ChangeLineQuantityBody,
        _change_line_quantity,
        (LineAlreadyCanceled, InsufficientStock),
    ),
    (
        CancelLines,
        "Take lines, or some of their units, out of the order",
        CancelLinesBody,
        _cancel_lines,
        (LineAlreadyCanceled,),
    ),
    (CancelOrder, "Cancel the whole order", CancelOrderBody, _cancel_order, ()),
)

_DESCRIPTION: Final = (
    "Possible until a hand has touched the goods; `allowed-changes` tells in advance. With `?preview=true` nothing is "
    "changed: the answer tells the consequences and a `quote`. Asking for what is so already changes nothing."
)


def _words(command: type[Command]) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in command.__name__).lstrip("_")


ROUTES: Final = tuple(
    Route(
        name=_words(command),
        method="POST",
        path=f"/v1/orders/{{order}}/{_words(command).replace('_', '-')}",
        tag="Changes",
        summary=summary,
        description=_DESCRIPTION,
        handle=_carrying(body_type, to_command),
        command=command,
        body=body_type,
        query=PreviewQuery,
        key="optional",
        on_order=True,
        answers=(
            Answered(status=200, meaning="The order after the change", shape=OrderAnswer, has_etag=True),
            PREVIEWED,
        ),
        refusals=(*_ALWAYS, *refusals),
    )
    for command, summary, body_type, to_command, refusals in _CHANGES
)
