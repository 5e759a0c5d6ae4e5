"""How it is decided what orders are packed with."""

from typing import Any, Final

from aftercart.fulfillment.decisions.set_packing import PackingRef, SetPacking, set_packing
from aftercart.fulfillment.model import DEFAULT_PACKING, PackingKey
from aftercart.kit.commands import Context, Decision, Handler
from aftercart.kit.state import Key, State


def _needs(_command: SetPacking, _facts: State) -> tuple[Key[Any], ...]:
    return (PackingKey(),)


def _decide(command: SetPacking, state: State, context: Context) -> Decision:
    events, version = set_packing(command, state.find(PackingKey()) or DEFAULT_PACKING)
    return Decision(stream=context.command_id, version=0, events=events, result=PackingRef(version=version))


HANDLER: Final = Handler(command=SetPacking, needs=_needs, decide=_decide)
