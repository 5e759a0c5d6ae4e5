"""Changing an order that was placed: each change is a command, and answers with the order as it is then."""

from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple, TypeVar

import msgspec

from aftercart.kit.commands import Command, QuoteChanged, VersionMismatch
from aftercart.kit.refusal import Invalid, Refusal
from aftercart.orders.decisions.accept_split import AcceptSplit
from aftercart.orders.decisions.add_gift_message import AddGiftMessage
from aftercart.orders.decisions.add_line import AddLine
from aftercart.orders.decisions.amend import Amend
from aftercart.orders.decisions.cancel_lines import CancelLines
from aftercart.orders.decisions.cancel_order import CancelOrder
from aftercart.orders.decisions.change_contact import ChangeContact
from aftercart.orders.decisions.change_delivery_address import ChangeDeliveryAddress
from aftercart.orders.decisions.change_delivery_method import ChangeDeliveryMethod
from aftercart.orders.decisions.change_line_quantity import ChangeLineQuantity
from aftercart.orders.decisions.change_payment_method import ChangePaymentMethod
from aftercart.orders.decisions.change_pickup_point import ChangePickupPoint
from aftercart.orders.decisions.finish_production import FinishProduction
from aftercart.orders.decisions.hold_order import HoldOrder
from aftercart.orders.decisions.lift_hold import LiftHold
from aftercart.orders.decisions.order_again import OrderAgain
from aftercart.orders.decisions.release_order import ReleaseOrder
from aftercart.orders.decisions.start_production import StartProduction
from aftercart.orders.decisions.swap_variant import SwapVariant
from aftercart.orders.handlers import OrderNotFound
from aftercart.orders.rules.change_refusals import (
    ChangeForAgentsOnly,
    ChangeNotOffered,
    ChangePeriodOver,
    GoesToAddress,
    GoesToPickupPoint,
    LineAlreadyCanceled,
    NothingToRelease,
    NothingToSplit,
    NotMadeToOrder,
    OrderAlreadyCanceled,
    OrderAlreadyReleased,
    OrderAlreadyShipped,
    OrderOnHold,
    UnitsAlreadyTouched,
    UnitsNotReady,
)
from aftercart.orders.rules.stock_for_lines import InsufficientStock, NotInStore, NowhereToShipFrom
from aftercart.shipping.rules.promise import SlotFull, SlotNotOffered, SlotNotReachable
from aftercart.shipping.rules.rates import DeliveryMethodNotAvailable
from aftercart.web.api import order_wishes as wishes
from aftercart.web.api.call import Call
from aftercart.web.api.order_answer import OrderAnswer
from aftercart.web.api.order_commands import PREVIEWED, PreviewQuery, carry_out
from aftercart.web.api.order_operations import AmendWish
from aftercart.web.api.order_swaps import SwapAnswer, swapping
from aftercart.web.api.order_wishes import Wish
from aftercart.web.api.reply import Reply
from aftercart.web.api.route import Answered, Route

W = TypeVar("W", bound=Wish)


class Change(NamedTuple):
    """One change: its command, what it is called, what a caller says, and what it may meet besides the usual."""

    command: type[Command]
    summary: str
    wish: type[Wish]
    refusals: tuple[type[Refusal], ...] = ()
    description: str = ""
    status: int = 200


def words(command: type[Command]) -> str:
    """Returns a command's name as one word: ``AddLine`` is ``add_line``."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in command.__name__).lstrip("_")


_LIMITS: Final = (ChangeNotOffered, ChangeForAgentsOnly, ChangePeriodOver, OrderAlreadyReleased)
_NEW_UNITS: Final = (InsufficientStock, NotInStore)
_NEW_CONTENTS: Final = (*_NEW_UNITS, DeliveryMethodNotAvailable)
_NEW_WAY: Final = (DeliveryMethodNotAvailable, InsufficientStock, NotInStore, NowhereToShipFrom)

_AMENDABLE: Final = (
    Change(
        ChangeDeliveryAddress,
        "Send the order to another address",
        wishes.ChangeDeliveryAddressWish,
        (GoesToPickupPoint, *_NEW_WAY),
    ),
    Change(
        ChangeDeliveryMethod,
        "Bring the order by another method",
        wishes.ChangeDeliveryMethodWish,
        (SlotNotOffered, SlotFull, SlotNotReachable, *_NEW_WAY),
        "`delivery-options` tells what there is. The delivery is priced and promised anew.",
    ),
    Change(
        ChangePickupPoint,
        "Collect the order elsewhere",
        wishes.ChangePickupPointWish,
        (GoesToAddress, *_NEW_WAY),
    ),
    Change(ChangeContact, "Reach the customer another way", wishes.ChangeContactWish, (OrderAlreadyShipped,)),
    Change(ChangePaymentMethod, "Pay another way", wishes.ChangePaymentMethodWish, (OrderAlreadyShipped,)),
    Change(AddLine, "Want something else too", wishes.AddLineWish, (OrderAlreadyShipped, *_NEW_CONTENTS)),
    Change(
        ChangeLineQuantity,
        "Want more or fewer units of a line",
        wishes.ChangeLineQuantityWish,
        (LineAlreadyCanceled, *_NEW_CONTENTS),
    ),
    Change(SwapVariant, "Have the other size instead", wishes.SwapVariantWish, (LineAlreadyCanceled, *_NEW_CONTENTS)),
    Change(AddGiftMessage, "Send words along", wishes.AddGiftMessageWish),
    Change(
        CancelLines,
        "Take lines, or some of their units, out of the order",
        wishes.CancelLinesWish,
        (LineAlreadyCanceled,),
    ),
    Change(AcceptSplit, "Have what is there now, and the rest later", wishes.AcceptSplitWish, (NothingToSplit,)),
)


_OTHERS: Final = (
    Change(
        Amend,
        "Make several changes as one",
        AmendWish,
        (LineAlreadyCanceled, GoesToPickupPoint, GoesToAddress, SlotNotOffered, SlotFull, SlotNotReachable, *_NEW_WAY),
        "All of them or none. `param` of a refusal names the operation. Lines are taken out last.",
    ),
    Change(CancelOrder, "Cancel the whole order", wishes.CancelOrderWish),
    Change(HoldOrder, "Stop the order until something is settled", wishes.HoldOrderWish),
    Change(LiftHold, "Let a stopped order go on", wishes.LiftHoldWish),
    Change(
        ReleaseOrder,
        "Hand the order to the floor now",
        wishes.ReleaseOrderWish,
        (OrderOnHold, UnitsNotReady, NothingToRelease),
    ),
    Change(
        StartProduction,
        "Begin to make what is made to order",
        wishes.StartProductionWish,
        (OrderOnHold, NotMadeToOrder),
        "From then on the line cannot be taken back any more; the order can still go another way or elsewhere.",
    ),
    Change(
        FinishProduction,
        "Have made what is made to order",
        wishes.FinishProductionWish,
        (NotMadeToOrder,),
        "The units go to the floor, with what else was waiting for them.",
    ),
    Change(
        OrderAgain,
        "Order the same again, with changes",
        wishes.OrderAgainWish,
        _NEW_UNITS,
        "Places a new order at current prices and answers with it.",
        status=201,
    ),
)


def _body(change: Change) -> Any:
    """Returns the shape of a change's own call: what is wanted, and the ``quote`` of its preview."""
    return msgspec.defstruct(
        f"{change.command.__name__}Body",
        [("quote", str | None, None)],
        bases=(change.wish,),
        namespace={"__doc__": change.wish.__doc__},
        frozen=True,
        kw_only=True,
        forbid_unknown_fields=True,
    )


def _carrying(change: Change, body_type: Any) -> Callable[[Call], Awaitable[Reply]]:
    decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(body_type)
    if change.command is SwapVariant:
        return swapping(decoder)
    needs_key = change.command is OrderAgain

    async def carry(call: Call) -> Reply:
        body = await call.body(decoder)
        command = body.command(await call.order_id())
        return await carry_out(call, command, status=change.status, quote=body.quote, needs_key=needs_key)

    return carry


_ALWAYS: Final = (OrderNotFound, OrderAlreadyCanceled, UnitsAlreadyTouched, QuoteChanged, VersionMismatch, Invalid)
_DESCRIPTION: Final = (
    "`allowed-changes` tells in advance until when it is possible: what takes goods out, until they are handed over, "
    "from a hand or a parcel too where it says `intercept`; where they go, until they are packed; or as the policy "
    "says. With `?preview=true` nothing is changed: the answer tells the consequences and a `quote`. Asking for what "
    "is so already changes nothing."
)


def _route(change: Change) -> Route:
    body = _body(change)
    shape = SwapAnswer if change.command is SwapVariant else OrderAnswer
    return Route(
        name=words(change.command),
        method="POST",
        path=f"/v1/orders/{{order}}/{words(change.command).replace('_', '-')}",
        tag="Changes",
        summary=change.summary,
        description=f"{change.description} {_DESCRIPTION}".strip(),
        handle=_carrying(change, body),
        command=change.command,
        body=body,
        query=PreviewQuery,
        key="required" if change.command is OrderAgain else "optional",
        answers=(
            Answered(status=change.status, meaning="The order as it is then", shape=shape, has_etag=True),
            PREVIEWED,
        ),
        refusals=(*_ALWAYS, *_LIMITS, *change.refusals),
    )


ROUTES: Final = tuple(_route(change) for change in (*_AMENDABLE, *_OTHERS))
