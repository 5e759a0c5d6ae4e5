"""Describing delivery methods: adding some, changing some, taking some off by making them inactive."""

from collections.abc import Callable
from typing import Annotated, Final

import msgspec

from aftercart.kit.commands import Command, UpsertResult
from aftercart.kit.refusal import Invalid
from aftercart.shipping.events import DeliveryMethodsUpserted
from aftercart.shipping.model import DeliveryMethod, MethodKind, Names, Zone
from aftercart.shipping.rules.method_checks import check_method

METHODS_MAX: Final = 200
RATES_MAX: Final = 500
DAYS_MAX: Final = 60
GRAMS_MAX: Final = 100_000_000
MINOR_MAX: Final = 1_000_000_000
_CLOCK: Final = r"^([01][0-9]|2[0-3]):[0-5][0-9]$(?!\n)"

_Grams = Annotated[int, msgspec.Meta(ge=1, le=GRAMS_MAX)]
_Minor = Annotated[int, msgspec.Meta(ge=0, le=MINOR_MAX)]
_Days = Annotated[int, msgspec.Meta(ge=0, le=DAYS_MAX)]
_Weekday = Annotated[int, msgspec.Meta(ge=1, le=7)]
_Clock = Annotated[str, msgspec.Meta(pattern=_CLOCK, max_length=5, examples=["14:00"])]
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class NamesDefinition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What people call the method, in each language."""

    en: _Name
    fr: _Name


class RateDefinition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A price for a zone, up to a weight and from a value of the goods on; of several the first that fits counts."""

    zone: Zone
    price_minor: _Minor
    weight_grams_max: _Grams | None = None
    value_minor_min: _Minor = 0


class FreeFromDefinition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The value of the goods from which delivery to a zone is free."""

    zone: Zone
    value_minor: _Minor


class TransitDefinition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many of the carrier's working days a parcel to a zone travels."""

    zone: Zone
    days_min: _Days
    days_max: _Days


class SlotDefinition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Hours of a weekday (ISO, Monday is 1) in which so many orders can be delivered."""

    weekday: _Weekday
    starts: _Clock
    ends: _Clock
    capacity: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]


class MethodDefinition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A delivery method as the shop describes it; all amounts are in minor units of its ``currency``."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    kind: MethodKind
    carrier: Annotated[str, msgspec.Meta(max_length=100)] = ""
    names: NamesDefinition
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$", min_length=3, max_length=3)]
    rates: Annotated[tuple[RateDefinition, ...], msgspec.Meta(min_length=1, max_length=RATES_MAX)]
    free_from: Annotated[tuple[FreeFromDefinition, ...], msgspec.Meta(max_length=len(Zone))] = ()
    transit: Annotated[tuple[TransitDefinition, ...], msgspec.Meta(max_length=len(Zone))] = ()
    delivery_days: Annotated[tuple[_Weekday, ...], msgspec.Meta(min_length=1, max_length=7)] = (1, 2, 3, 4, 5, 6)
    slots: Annotated[tuple[SlotDefinition, ...], msgspec.Meta(max_length=200)] = ()
    slot_ahead_days_max: Annotated[int, msgspec.Meta(ge=0, le=90)] = 14
    slot_notice_minutes_min: Annotated[int, msgspec.Meta(ge=0, le=10_080)] = 120
    timezone: Annotated[str, msgspec.Meta(max_length=64)] = "Europe/Paris"
    network: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None
    weight_grams_max: _Grams | None = None
    active: bool = True


class UpsertDeliveryMethods(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Add these delivery methods, or bring those that exist to what is described here; built-in ones exist."""

    methods: Annotated[tuple[MethodDefinition, ...], msgspec.Meta(min_length=1, max_length=METHODS_MAX)]


def upsert_delivery_methods(
    command: UpsertDeliveryMethods, find_method: Callable[[str], DeliveryMethod | None]
) -> tuple[tuple[DeliveryMethodsUpserted, ...], UpsertResult]:
    """Returns the event for what is new or different, none when all is as described already.

    Raises ``Invalid`` for a code named twice and for what ``check_method`` finds.
    """
    seen: set[str] = set()
    changed: list[DeliveryMethod] = []
    created = 0
    for index, definition in enumerate(command.methods):
        if definition.code in seen:
            raise Invalid(param=f"methods[{index}].code", expected="each code once per call", got=definition.code)
        seen.add(definition.code)
        current = find_method(definition.code)
        wanted = _method(definition, version=1 if current is None else current.version)
        check_method(wanted, param=f"methods[{index}]")
        if current is None:
            created += 1
            changed.append(wanted)
        elif wanted != current:
            changed.append(msgspec.structs.replace(wanted, version=current.version + 1))
    events = (DeliveryMethodsUpserted(methods=tuple(changed)),) if changed else ()
    result = UpsertResult(
        created=created, updated=len(changed) - created, unchanged=len(command.methods) - len(changed)
    )
    return events, result


def _method(definition: MethodDefinition, *, version: int) -> DeliveryMethod:
    told = msgspec.convert(definition, DeliveryMethod, from_attributes=True)
    return msgspec.structs.replace(
        told,
        names=Names(en=definition.names.en, fr=definition.names.fr),
        delivery_days=tuple(sorted(told.delivery_days)),
        version=version,
    )
