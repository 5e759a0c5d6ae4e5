"""How channels and the policy are set."""

from typing import Any, Final

from aftercart.kit.commands import Context, Decision, Handler, UpsertResult
from aftercart.kit.state import State
from aftercart.orders.decisions.set_policy import PolicyRef, SetPolicy, set_policy
from aftercart.orders.decisions.upsert_channels import UpsertChannels, upsert_channels
from aftercart.orders.model import ChannelKey, PolicyKey
from aftercart.orders.scouts.serving import policy_in


def _decide_channels(command: UpsertChannels, state: State, context: Context) -> Decision:
    events, (created, updated, unchanged) = upsert_channels(command, lambda code: state.find(ChannelKey(code)))
    result = UpsertResult(created=created, updated=updated, unchanged=unchanged)
    return Decision(stream=context.command_id, version=0, events=events, result=result)


def _channel_needs(command: UpsertChannels, _facts: State) -> tuple[ChannelKey, ...]:
    return tuple(ChannelKey(definition.code) for definition in command.channels)


def _decide_policy(command: SetPolicy, state: State, context: Context) -> Decision:
    events, version = set_policy(command, policy_in(state))
    return Decision(stream=context.command_id, version=0, events=events, result=PolicyRef(version=version))


def _policy_needs(_command: Any, _facts: State) -> tuple[PolicyKey, ...]:
    return (PolicyKey(),)


HANDLERS: Final = (
    Handler(command=UpsertChannels, needs=_channel_needs, decide=_decide_channels),
    Handler(command=SetPolicy, needs=_policy_needs, decide=_decide_policy),
)
