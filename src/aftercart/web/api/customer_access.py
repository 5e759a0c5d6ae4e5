"""Letting customers reach their order, for shops with pages of their own: links, codes, and what was mailed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec

from aftercart.access.decisions.create_customer_link import CreateCustomerLink
from aftercart.access.decisions.redeem_customer_code import CustomerCodeRefused, RedeemCustomerCode
from aftercart.access.decisions.request_customer_code import RequestCustomerCode, TooManyCustomerCodes
from aftercart.access.model import CodePurpose
from aftercart.customer_access import create_link, redeem_code, request_code
from aftercart.kit.refusal import Invalid
from aftercart.orders.handlers import OrderNotFound
from aftercart.orders.model import Order, OrderKey
from aftercart.permissions import authorize_read
from aftercart.views.deliveries import SeenDelivery, find_mails
from aftercart.web.api.call import Call
from aftercart.web.api.order_commands import encode
from aftercart.web.api.reply import Header, Reply
from aftercart.web.api.route import Answered, Route

_PRIVATE: Final[tuple[Header, ...]] = ((b"cache-control", b"no-store"),)


class CustomerLinkAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A link to the order's page: whoever has it sees the order until ``expires_at``."""

    url: str
    expires_at: datetime


class CustomerCodeBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the code is for."""

    purpose: CodePurpose


class CustomerCodeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A code is on its way by mail; ``code_id`` goes back with what the customer types."""

    code_id: UUID
    expires_at: datetime


class TypedCodeBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The code as it was typed, for what it was asked for."""

    code_id: UUID
    code: Annotated[str, msgspec.Meta(min_length=1, max_length=20)]
    purpose: CodePurpose


class RedeemedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The code was the right one, and is used up now."""

    redeemed: bool


class MessagesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The mails about the order, the oldest first; those settled more than 30 days ago are forgotten."""

    items: Sequence[SeenDelivery]


_decode_request: Final = msgspec.json.Decoder(CustomerCodeBody)
_decode_typed: Final = msgspec.json.Decoder(TypedCodeBody)


async def create_customer_link(call: Call) -> Reply:
    """Makes a link; a repeated call makes another one."""
    call.refuse_query()
    order = await _existing_order(call)
    link = await create_link(call.shop, order.order_id, call.actor, email=order.customer.email)
    return Reply(201, encode(CustomerLinkAnswer(url=link.url, expires_at=link.expires_at)), headers=_PRIVATE)


async def request_customer_code(call: Call) -> Reply:
    """Mails a code; a repeated call mails another one."""
    body = await call.body(_decode_request)
    call.refuse_query()
    code = await request_code(call.shop, (await _existing_order(call)).order_id, body.purpose, call.actor)
    return Reply(201, encode(CustomerCodeAnswer(code_id=code.code_id, expires_at=code.expires_at)), headers=_PRIVATE)


async def redeem_customer_code(call: Call) -> Reply:
    """Uses a code up."""
    body = await call.body(_decode_typed)
    call.refuse_query()
    order_id = (await _existing_order(call)).order_id
    await redeem_code(call.shop, order_id, call.actor, code_id=body.code_id, code=body.code, purpose=body.purpose)
    return Reply(200, encode(RedeemedAnswer(redeemed=True)), headers=_PRIVATE)


async def read_messages(call: Call) -> Reply:
    """Reads what the customer was written about an order, and what came of it."""
    call.refuse_query()
    order_id = (await _existing_order(call)).order_id
    authorize_read(call.actor, "order_messages", OrderKey(order_id))
    return Reply(200, encode(MessagesAnswer(items=await find_mails(call.shop.database, order_id))))


async def _existing_order(call: Call) -> Order:
    order = await call.orders.find(await call.order_id())
    if order is None:
        raise OrderNotFound
    return order


ROUTES: Final = (
    Route(
        name="create_customer_link",
        method="POST",
        path="/v1/orders/{order}/create-customer-link",
        tag="Access",
        summary="Create a link to an order's page",
        description=(
            "For a thank-you page or an agent on the phone; mails to the customer carry one by themselves. Once the "
            "order has another e-mail address, all links made before open nothing."
        ),
        handle=create_customer_link,
        command=CreateCustomerLink,
        answers=(Answered(status=201, meaning="The link", shape=CustomerLinkAnswer),),
        refusals=(OrderNotFound,),
    ),
    Route(
        name="request_customer_code",
        method="POST",
        path="/v1/orders/{order}/request-customer-code",
        tag="Access",
        summary="Mail a code to an order's customer",
        description="Eight digits, good once, for 15 minutes and five tries; at most five codes per order and hour.",
        handle=request_customer_code,
        command=RequestCustomerCode,
        body=CustomerCodeBody,
        answers=(Answered(status=201, meaning="The code is on its way", shape=CustomerCodeAnswer),),
        refusals=(OrderNotFound, TooManyCustomerCodes, Invalid),
    ),
    Route(
        name="redeem_customer_code",
        method="POST",
        path="/v1/orders/{order}/redeem-customer-code",
        tag="Access",
        summary="Check the code a customer typed",
        description="Whatever is wrong with it, the answer is the same; blanks and dashes between digits do not count.",
        handle=redeem_customer_code,
        command=RedeemCustomerCode,
        body=TypedCodeBody,
        answers=(Answered(status=200, meaning="It is the right one", shape=RedeemedAnswer),),
        refusals=(OrderNotFound, CustomerCodeRefused, Invalid),
    ),
    Route(
        name="read_order_messages",
        method="GET",
        path="/v1/orders/{order}/messages",
        tag="Orders",
        summary="Read which mails an order's customer got",
        description="`type` is the event a mail tells of. What failed says why: the customer does not know.",
        handle=read_messages,
        answers=(Answered(status=200, meaning="The mails", shape=MessagesAnswer),),
        refusals=(OrderNotFound,),
    ),
)
