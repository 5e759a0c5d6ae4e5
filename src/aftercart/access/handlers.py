"""How the commands on access are carried out."""

from typing import Final
from uuid import UUID

import msgspec

from aftercart.access.decisions.create_api_key import CreateApiKey, create_api_key
from aftercart.access.decisions.create_customer_link import CreateCustomerLink, create_customer_link
from aftercart.access.decisions.redeem_customer_code import RedeemCustomerCode, redeem_customer_code
from aftercart.access.decisions.request_customer_code import RequestCustomerCode, request_customer_code
from aftercart.access.events import CustomerCodeRedeemed
from aftercart.access.model import CustomerCodes, CustomerCodesKey, CustomerLinkKey
from aftercart.kit.commands import Context, Decision, Handler
from aftercart.kit.state import State


class ApiKeyRef(msgspec.Struct, frozen=True, kw_only=True):
    """The id of a key; its secret was known to the caller only."""

    key_id: str


class CustomerLinkRef(msgspec.Struct, frozen=True, kw_only=True):
    """The id of a link; its token is derived from it."""

    link_id: UUID


class CustomerCodeRef(msgspec.Struct, frozen=True, kw_only=True):
    """The id of a code; its digits are derived from it."""

    code_id: UUID


class CodeRedemption(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the code was the right one, and is used up now."""

    redeemed: bool


def _decide_api_key(command: CreateApiKey, _state: State, context: Context) -> Decision:
    event = create_api_key(command, now=context.now)
    key_id = context.ids.new_id(context.now)
    return Decision(stream=key_id, version=0, events=(event,), result=ApiKeyRef(key_id=str(key_id)))


def _decide_link(command: CreateCustomerLink, _state: State, context: Context) -> Decision:
    event = create_customer_link(command, now=context.now)
    return Decision(stream=command.link_id, version=0, events=(event,), result=CustomerLinkRef(link_id=command.link_id))


def _link_root(command: CreateCustomerLink) -> CustomerLinkKey:
    return CustomerLinkKey(command.order_id, command.link_id)


def _decide_request(command: RequestCustomerCode, state: State, context: Context) -> Decision:
    event = request_customer_code(command, _codes(command, state), now=context.now)
    return Decision(stream=command.code_id, version=0, events=(event,), result=CustomerCodeRef(code_id=command.code_id))


def _decide_redeem(command: RedeemCustomerCode, state: State, context: Context) -> Decision:
    code = next((code for code in _codes(command, state).codes if code.code_id == command.code_id), None)
    event = redeem_customer_code(command, code, now=context.now)
    return Decision(
        stream=command.code_id,
        version=0 if code is None else 1 + code.attempts,
        events=() if event is None else (event,),
        result=CodeRedemption(redeemed=isinstance(event, CustomerCodeRedeemed)),
    )


def _codes(command: RequestCustomerCode | RedeemCustomerCode, state: State) -> CustomerCodes:
    return state.find(_codes_root(command)) or CustomerCodes()


def _codes_root(command: RequestCustomerCode | RedeemCustomerCode) -> CustomerCodesKey:
    return CustomerCodesKey(command.order_id)


def _codes_needs(command: RequestCustomerCode | RedeemCustomerCode, _facts: State) -> tuple[CustomerCodesKey, ...]:
    return (_codes_root(command),)


HANDLERS: Final = (
    Handler(command=CreateApiKey, decide=_decide_api_key),
    Handler(command=CreateCustomerLink, root=_link_root, decide=_decide_link),
    Handler(command=RequestCustomerCode, needs=_codes_needs, root=_codes_root, decide=_decide_request),
    Handler(command=RedeemCustomerCode, needs=_codes_needs, root=_codes_root, decide=_decide_redeem),
)
