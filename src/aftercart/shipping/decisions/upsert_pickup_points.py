"""Describing pickup points: where parcels of a network are collected, and when."""

from collections.abc import Callable
from typing import Annotated, Final

import msgspec

from aftercart.kit.address import Address, validate_address
from aftercart.kit.commands import Command, UpsertResult
from aftercart.kit.refusal import Invalid
from aftercart.shipping.events import PickupPointsUpserted
from aftercart.shipping.model import PickupPoint, PickupPointKey
from aftercart.shipping.rules.opening import CHARACTERS_MAX, is_opening_hours

POINTS_MAX: Final = 10_000
DECIMALS: Final = 6
"""Of degrees: about ten centimeters."""


class PickupPointDefinition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A pickup point as its network describes it; ``opening_hours`` such as ``Mo-Sa 09:00-19:00; PH off``."""

    network: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    code: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    address: Address
    latitude: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    longitude: Annotated[float, msgspec.Meta(ge=-180, le=180)]
    opening_hours: Annotated[str, msgspec.Meta(min_length=1, max_length=CHARACTERS_MAX)]
    active: bool = True


class UpsertPickupPoints(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Add these pickup points, or bring those that exist to what is described here."""

    points: Annotated[tuple[PickupPointDefinition, ...], msgspec.Meta(min_length=1, max_length=POINTS_MAX)]


def upsert_pickup_points(
    command: UpsertPickupPoints, find_point: Callable[[PickupPointKey], PickupPoint | None]
) -> tuple[tuple[PickupPointsUpserted, ...], UpsertResult]:
    """Returns the event for what is new or different, none when all is as described already.

    Raises ``Invalid`` for a code named twice in its network, and for an address or opening hours that cannot be.
    """
    seen: set[PickupPointKey] = set()
    changed: list[PickupPoint] = []
    created = 0
    for index, definition in enumerate(command.points):
        key = PickupPointKey(definition.network, definition.code)
        if key in seen:
            raise Invalid(param=f"points[{index}].code", expected="each code once per call", got=definition.code)
        seen.add(key)
        current = find_point(key)
        wanted = _point(definition, version=1 if current is None else current.version, param=f"points[{index}]")
        if current is None:
            created += 1
            changed.append(wanted)
        elif wanted != current:
            changed.append(msgspec.structs.replace(wanted, version=current.version + 1))
    events = (PickupPointsUpserted(points=tuple(changed)),) if changed else ()
    result = UpsertResult(created=created, updated=len(changed) - created, unchanged=len(command.points) - len(changed))
    return events, result


def _point(definition: PickupPointDefinition, *, version: int, param: str) -> PickupPoint:
    if not is_opening_hours(definition.opening_hours):
        expected = "opening hours such as Mo-Fr 09:00-12:00,14:00-19:00; Sa 09:00-12:00; PH off"
        raise Invalid(param=f"{param}.opening_hours", expected=expected, got=definition.opening_hours)
    return PickupPoint(
        network=definition.network,
        code=definition.code,
        name=definition.name,
        address=validate_address(definition.address, param=f"{param}.address"),
        latitude=round(definition.latitude, DECIMALS),
        longitude=round(definition.longitude, DECIMALS),
        opening_hours=definition.opening_hours,
        active=definition.active,
        version=version,
    )
