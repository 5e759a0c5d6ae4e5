"""Giving somebody a key to the API."""

from typing import Annotated, Final
from uuid import UUID

import msgspec

from aftercart.access.decisions.create_api_key import CreateApiKey
from aftercart.access.handlers import ApiKeyRef
from aftercart.access.model import Role, hash_of_secret
from aftercart.kit.refusal import Invalid
from aftercart.web.api.call import Call
from aftercart.web.api.order_commands import encode
from aftercart.web.api.reply import Reply
from aftercart.web.api.route import Answered, Route


class CreateApiKeyBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who the key is for; a customer's key reaches only the order ``order_id``."""

    role: Role
    label: Annotated[str, msgspec.Meta(max_length=100)] = ""
    order_id: UUID | None = None


class ApiKeyAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The new key. ``secret`` is told this once and kept nowhere."""

    key_id: UUID
    secret: str
    role: Role
    label: str
    order_id: UUID | None


_decoder: Final = msgspec.json.Decoder(CreateApiKeyBody)


async def create(call: Call) -> Reply:
    """Creates a key; a repeated call makes another one, as the secret of the first cannot be told again."""
    body = await call.body(_decoder)
    call.refuse_query()
    secret = f"aftercart_{call.shop.ids.secret()}"
    command = CreateApiKey(secret_hash=hash_of_secret(secret), role=body.role, label=body.label, order_id=body.order_id)
    answer = await call.shop.submit(command, call.actor)
    ref = msgspec.json.decode(answer.result, type=ApiKeyRef)
    key = ApiKeyAnswer(key_id=UUID(ref.key_id), secret=secret, role=body.role, label=body.label, order_id=body.order_id)
    return Reply(201, encode(key), headers=((b"cache-control", b"no-store"),))


ROUTES: Final = (
    Route(
        name="create_api_key",
        method="POST",
        path="/v1/api-keys",
        tag="Access",
        summary="Create an API key",
        description="The secret is told once. A repeated call makes another key, so `Idempotency-Key` has no use here.",
        handle=create,
        command=CreateApiKey,
        body=CreateApiKeyBody,
        answers=(Answered(status=201, meaning="The key and its secret", shape=ApiKeyAnswer),),
        refusals=(Invalid,),
    ),
)
