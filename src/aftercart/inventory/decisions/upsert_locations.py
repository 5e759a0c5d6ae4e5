"""Adding locations, or changing them."""

import zoneinfo
from collections.abc import Callable
from datetime import date
from typing import Annotated, Final

import msgspec

from aftercart.inventory.events import LocationsUpserted
from aftercart.inventory.model import Coordinates, Location, LocationKind
from aftercart.kit.address import Address, validate_address
from aftercart.kit.commands import Command
from aftercart.kit.refusal import Invalid

LOCATIONS_MAX: Final = 1_000
_TIMEZONES: Final = frozenset(zoneinfo.available_timezones())

_TimeOfDay = Annotated[str, msgspec.Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", max_length=5, examples=["14:00"])]


class LocationDefinition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A location as its owner describes it; times of day and dates are local, working days are ISO (Monday is 1).

    ``holiday_region`` is an ISO 3166-2 code whose public holidays count, where the address does not tell. A store that
    ships keeps ``floor_units`` of each SKU for its visitors; a parcel from here costs ``parcel_cost_minor``.
    """

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    kind: LocationKind
    address: Address
    timezone: Annotated[str, msgspec.Meta(max_length=64)]
    cutoff: _TimeOfDay
    working_days: Annotated[
        tuple[Annotated[int, msgspec.Meta(ge=1, le=7)], ...], msgspec.Meta(min_length=1, max_length=7)
    ]
    ships: bool = True
    pickups: bool = False
    returns: bool = True
    hourly_capacity_orders: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] | None = None
    coordinates: Coordinates | None = None
    opens: _TimeOfDay = "08:00"
    closed_dates: Annotated[tuple[date, ...], msgspec.Meta(max_length=400)] = ()
    holiday_region: (
        Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$(?!\n)", max_length=6, examples=["FR-57"])] | None
    ) = None
    floor_units: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0
    parcel_cost_minor: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)] = 0


class UpsertLocations(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Add these locations, or bring those that exist to what is described here."""

    locations: Annotated[tuple[LocationDefinition, ...], msgspec.Meta(min_length=1, max_length=LOCATIONS_MAX)]


def upsert_locations(
    command: UpsertLocations, find_location: Callable[[str], Location | None]
) -> tuple[tuple[LocationsUpserted, ...], tuple[int, int, int]]:
    """Returns the event for what is new or different, and how many were created, updated, unchanged.

    Raises ``Invalid`` for a code named twice, an address, a time zone or days that cannot be, and for a location that
    opens after its cut-off.
    """
    seen: set[str] = set()
    changed: list[Location] = []
    created = 0
    for index, definition in enumerate(command.locations):
        if definition.code in seen:
            raise Invalid(param=f"locations[{index}].code", expected="each code once per call", got=definition.code)
        seen.add(definition.code)
        current = find_location(definition.code)
        wanted = _location(definition, version=1 if current is None else current.version, at=f"locations[{index}]")
        if current is None:
            created += 1
            changed.append(wanted)
        elif wanted != current:
            changed.append(msgspec.structs.replace(wanted, version=current.version + 1))
    events = (LocationsUpserted(locations=tuple(changed)),) if changed else ()
    return events, (created, len(changed) - created, len(command.locations) - len(changed))


def _location(definition: LocationDefinition, *, version: int, at: str) -> Location:
    if definition.timezone not in _TIMEZONES:
        expected = "an IANA time zone, such as Europe/Paris"
        raise Invalid(param=f"{at}.timezone", expected=expected, got=definition.timezone)
    if len(set(definition.working_days)) != len(definition.working_days):
        got = list(definition.working_days)
        raise Invalid(param=f"{at}.working_days", expected="each day once", got=got)
    if len(set(definition.closed_dates)) != len(definition.closed_dates):
        raise Invalid(param=f"{at}.closed_dates", expected="each day once", got=None)
    if definition.opens >= definition.cutoff:
        expected = f"a time of day before the cut-off, {definition.cutoff}"
        raise Invalid(param=f"{at}.opens", expected=expected, got=definition.opens)
    return Location(
        code=definition.code,
        name=definition.name,
        kind=definition.kind,
        address=validate_address(definition.address, param=f"{at}.address"),
        timezone=definition.timezone,
        cutoff=definition.cutoff,
        working_days=tuple(sorted(definition.working_days)),
        ships=definition.ships,
        pickups=definition.pickups,
        returns=definition.returns,
        hourly_capacity_orders=definition.hourly_capacity_orders,
        coordinates=definition.coordinates,
        opens=definition.opens,
        closed_dates=tuple(sorted(definition.closed_dates)),
        holiday_region=definition.holiday_region,
        floor_units=definition.floor_units,
        parcel_cost_minor=definition.parcel_cost_minor,
        version=version,
    )
