"""How the commands on access are carried out."""

from typing import Final

import msgspec

from aftercart.access.decisions.create_api_key import CreateApiKey, create_api_key
from aftercart.kit.commands import Context, Decision, Handler
from aftercart.kit.state import State


class ApiKeyRef(msgspec.Struct, frozen=True, kw_only=True):
    """The id of a key; its secret was known to the caller only."""

    key_id: str


def _decide(command: CreateApiKey, _state: State, context: Context) -> Decision:
    event = create_api_key(command, now=context.now)
    key_id = context.ids.new_id(context.now)
    return Decision(stream=key_id, version=0, events=(event,), result=ApiKeyRef(key_id=str(key_id)))


HANDLERS: Final = (Handler(command=CreateApiKey, decide=_decide),)
