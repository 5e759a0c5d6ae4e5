"""How shipping's commands are carried out: which rows each needs and which decision it calls."""

from typing import Final

from aftercart.kit.commands import Context, Decision, Handler
from aftercart.kit.state import State
from aftercart.shipping.decisions.upsert_delivery_methods import UpsertDeliveryMethods, upsert_delivery_methods
from aftercart.shipping.decisions.upsert_pickup_points import UpsertPickupPoints, upsert_pickup_points
from aftercart.shipping.decisions.upsert_postcodes import UpsertPostcodes, upsert_postcodes
from aftercart.shipping.model import DeliveryMethod, MethodKey, PickupPointKey, PostcodeKey
from aftercart.shipping.rules.defaults import DEFAULTS_BY_CODE
from aftercart.shipping.rules.whereabouts import postcode_key


def _method_needs(command: UpsertDeliveryMethods, _facts: State) -> tuple[MethodKey, ...]:
    return tuple(MethodKey(definition.code) for definition in command.methods)


def _decide_methods(command: UpsertDeliveryMethods, state: State, context: Context) -> Decision:
    def find_method(code: str) -> DeliveryMethod | None:
        return state.find(MethodKey(code)) or DEFAULTS_BY_CODE.get(code)

    events, result = upsert_delivery_methods(command, find_method)
    return Decision(stream=context.command_id, version=0, events=events, result=result)


def _point_needs(command: UpsertPickupPoints, _facts: State) -> tuple[PickupPointKey, ...]:
    return tuple(PickupPointKey(definition.network, definition.code) for definition in command.points)


def _decide_points(command: UpsertPickupPoints, state: State, context: Context) -> Decision:
    events, result = upsert_pickup_points(command, state.find)
    return Decision(stream=context.command_id, version=0, events=events, result=result)


def _postcode_needs(command: UpsertPostcodes, _facts: State) -> tuple[PostcodeKey, ...]:
    return tuple(postcode_key(definition.country, definition.postcode) for definition in command.postcodes)


def _decide_postcodes(command: UpsertPostcodes, state: State, context: Context) -> Decision:
    events, result = upsert_postcodes(command, state.find)
    return Decision(stream=context.command_id, version=0, events=events, result=result)


HANDLERS: Final = (
    Handler(command=UpsertDeliveryMethods, needs=_method_needs, decide=_decide_methods),
    Handler(
        command=UpsertPickupPoints,
        needs=_point_needs,
        decide=_decide_points,
        weight=lambda command: max(1, len(command.points) // 8),
    ),
    Handler(
        command=UpsertPostcodes,
        needs=_postcode_needs,
        decide=_decide_postcodes,
        weight=lambda command: max(1, len(command.postcodes) // 8),
    ),
)
