"""The merchant's policy: when orders are released, who may change what, how they are sourced."""

from typing import Any, Final

import msgspec

from aftercart.kit.refusal import Invalid
from aftercart.orders.decisions.set_policy import SetPolicy
from aftercart.orders.model import Policy
from aftercart.orders.queries import load_policy
from aftercart.permissions import authorize_read
from aftercart.web.api.call import Call
from aftercart.web.api.headers import idempotency_key
from aftercart.web.api.order_commands import REPLAYED
from aftercart.web.api.reply import Reply
from aftercart.web.api.route import Answered, Route

_encode: Final = msgspec.json.Encoder().encode
_decoder: Final[msgspec.json.Decoder[Any]] = msgspec.json.Decoder(SetPolicy)


class PolicyAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The version of the policy that is in force now; it grows by one with each that differs."""

    version: int


async def set_policy(call: Call) -> Reply:
    """Sets parts of the policy."""
    command = await call.body(_decoder)
    call.refuse_query()
    key = idempotency_key(call.headers.get(b"idempotency-key"))
    answer = await call.shop.submit(command, call.actor, key=key)
    return Reply(200, answer.result, headers=(REPLAYED,) if answer.replayed else ())


async def read(call: Call) -> Reply:
    """Reads the policy in force."""
    call.refuse_query()
    authorize_read(call.actor, "policy")
    return Reply(200, _encode(await load_policy(call.shop.database)))


ROUTES: Final = (
    Route(
        name="set_policy",
        method="POST",
        path="/v1/policy",
        tag="Policy",
        summary="Decide on release, changes and sourcing",
        description=(
            "What is not given stays as it is. Orders that are placed or changed from now on follow it; each event "
            "records the version it was decided under."
        ),
        handle=set_policy,
        command=SetPolicy,
        body=SetPolicy,
        key="optional",
        answers=(Answered(status=200, meaning="The version in force", shape=PolicyAnswer),),
        refusals=(Invalid,),
    ),
    Route(
        name="read_policy",
        method="GET",
        path="/v1/policy",
        tag="Policy",
        summary="Read the policy in force",
        description="Version 0 is the built-in one.",
        handle=read,
        answers=(Answered(status=200, meaning="The policy", shape=Policy),),
    ),
)
