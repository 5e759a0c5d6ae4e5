"""What a delivery method must satisfy as a whole: nothing that its kind does not use, no rate that can never count."""

import zoneinfo
from collections.abc import Iterable, Sequence
from typing import Final

from aftercart.kit.currencies import DECIMALS
from aftercart.kit.refusal import Invalid
from aftercart.shipping.model import DeliveryMethod, MethodKind, Rate, Zone

_TIMEZONES: Final = frozenset(zoneinfo.available_timezones())


def check_method(method: DeliveryMethod, *, param: str) -> None:
    """Raises ``Invalid`` for the first field below ``param`` that cannot be."""
    if method.currency not in DECIMALS:
        raise Invalid(param=f"{param}.currency", expected="a currency code such as EUR", got=method.currency)
    if method.timezone not in _TIMEZONES:
        expected = "an IANA time zone, such as Europe/Paris"
        raise Invalid(param=f"{param}.timezone", expected=expected, got=method.timezone)
    if len(set(method.delivery_days)) != len(method.delivery_days):
        raise Invalid(param=f"{param}.delivery_days", expected="each day once", got=list(method.delivery_days))
    _check_rates(method.rates, param=f"{param}.rates")
    zones = {rate.zone for rate in method.rates}
    _check_zones([one.zone for one in method.free_from], zones, param=f"{param}.free_from")
    _check_transit(method, zones, param=f"{param}.transit")
    _check_network(method, param=f"{param}.network")
    _check_slots(method, param=f"{param}.slots")


def _check_rates(rates: Sequence[Rate], *, param: str) -> None:
    for place, rate in enumerate(rates):
        hiding = next((number for number, earlier in enumerate(rates[:place]) if _hides(earlier, rate)), None)
        if hiding is not None:
            expected = f"a rate that can count, as rates[{hiding}] is taken before it"
            raise Invalid(param=f"{param}[{place}].weight_grams_max", expected=expected, got=rate.weight_grams_max)


def _hides(earlier: Rate, later: Rate) -> bool:
    """Tells whether all that the later rate would be for is taken by the earlier one."""
    bears = earlier.weight_grams_max is None or (
        later.weight_grams_max is not None and later.weight_grams_max <= earlier.weight_grams_max
    )
    return earlier.zone is later.zone and bears and earlier.value_minor_min <= later.value_minor_min


def _check_zones(named: Iterable[Zone], zones: set[Zone], *, param: str) -> None:
    seen: set[Zone] = set()
    for place, zone in enumerate(named):
        if zone in seen:
            raise Invalid(param=f"{param}[{place}].zone", expected="each zone once", got=zone.value)
        if zone not in zones:
            raise Invalid(param=f"{param}[{place}].zone", expected="a zone that has a rate", got=zone.value)
        seen.add(zone)


def _check_transit(method: DeliveryMethod, zones: set[Zone], *, param: str) -> None:
    if method.kind is MethodKind.STORE_PICKUP:
        if method.transit:
            raise Invalid(param=param, expected=f"none with {method.kind.value}", got=None)
        return
    _check_zones([one.zone for one in method.transit], zones, param=param)
    for place, one in enumerate(method.transit):
        if one.days_max < one.days_min:
            expected = f"a whole number of at least {one.days_min}"
            raise Invalid(param=f"{param}[{place}].days_max", expected=expected, got=one.days_max)
    missing = zones - {one.zone for one in method.transit}
    if missing:
        expected = "an entry for every zone that has a rate"
        raise Invalid(param=param, expected=expected, got=sorted(zone.value for zone in missing))


def _check_network(method: DeliveryMethod, *, param: str) -> None:
    if method.kind is MethodKind.PICKUP_POINT and method.network is None:
        raise Invalid(param=param, expected="the name of a network of pickup points", got=None)
    if method.kind is not MethodKind.PICKUP_POINT and method.network is not None:
        raise Invalid(param=param, expected=f"none with {method.kind.value}", got=method.network)


def _check_slots(method: DeliveryMethod, *, param: str) -> None:
    if method.kind is not MethodKind.SCHEDULED_SLOT:
        if method.slots:
            raise Invalid(param=param, expected=f"none with {method.kind.value}", got=None)
        return
    if not method.slots:
        raise Invalid(param=param, expected="at least 1 entry", got=None)
    seen: set[tuple[int, str]] = set()
    for place, slot in enumerate(method.slots):
        at = f"{param}[{place}]"
        if slot.weekday not in method.delivery_days:
            raise Invalid(param=f"{at}.weekday", expected="one of the delivery days", got=slot.weekday)
        if (slot.weekday, slot.starts) in seen:
            raise Invalid(param=f"{at}.starts", expected="each beginning once a day", got=slot.starts)
        if slot.ends <= slot.starts:
            raise Invalid(param=f"{at}.ends", expected="a time of day after the beginning", got=slot.ends)
        seen.add((slot.weekday, slot.starts))
