"""The delivery methods that are built in: version 0, until the shop describes one of the same code itself."""

from typing import Final

from aftercart.shipping.model import DeliveryMethod, MethodKind, Names, Rate, Transit, Zone

_FR: Final = Zone.FRANCE
_EU: Final = Zone.EUROPE
_WORLD: Final = Zone.WORLD


def _rates(*rows: tuple[Zone, int | None, int]) -> tuple[Rate, ...]:
    return tuple(Rate(zone=zone, weight_grams_max=grams, price_minor=price) for zone, grams, price in rows)


def _transit(*rows: tuple[Zone, int, int]) -> tuple[Transit, ...]:
    return tuple(Transit(zone=zone, days_min=least, days_max=most) for zone, least, most in rows)


DEFAULT_METHODS: Final = (
    DeliveryMethod(
        code="chronopost-express",
        kind=MethodKind.HOME_EXPRESS,
        carrier="Chronopost",
        names=Names(en="Chronopost, express", fr="Chronopost express"),
        currency="EUR",
        rates=_rates(
            (_FR, 2_000, 1500), (_FR, 10_000, 1750), (_FR, 30_000, 2100),
            (_EU, 2_000, 1800), (_EU, 10_000, 2150), (_EU, 30_000, 2500),
            (_WORLD, 2_000, 2200), (_WORLD, 30_000, 2500),
        ),
        transit=_transit((_FR, 1, 1), (_EU, 1, 2), (_WORLD, 2, 4)),
        delivery_days=(1, 2, 3, 4, 5),
        weight_grams_max=30_000,
    ),
    DeliveryMethod(
        code="colissimo-home",
        kind=MethodKind.HOME_STANDARD,
        carrier="Colissimo",
        names=Names(en="Colissimo, to the door", fr="Colissimo à domicile"),
        currency="EUR",
        rates=_rates(
            (_FR, 1_000, 600), (_FR, 5_000, 750), (_FR, 30_000, 1000),
            (_EU, 1_000, 750), (_EU, 5_000, 900), (_EU, 30_000, 1000),
        ),
        transit=_transit((_FR, 2, 3), (_EU, 2, 3)),
        weight_grams_max=30_000,
    ),
    DeliveryMethod(
        code="mondial-relay-point",
        kind=MethodKind.PICKUP_POINT,
        carrier="Mondial Relay",
        names=Names(en="Mondial Relay, pickup point", fr="Point Mondial Relay"),
        currency="EUR",
        rates=_rates(
            (_FR, 1_000, 400), (_FR, 5_000, 500), (_FR, 30_000, 700),
            (_EU, 1_000, 500), (_EU, 5_000, 600), (_EU, 30_000, 700),
        ),
        transit=_transit((_FR, 3, 5), (_EU, 3, 5)),
        network="mondial-relay",
        weight_grams_max=30_000,
    ),
    DeliveryMethod(
        code="store-pickup",
        kind=MethodKind.STORE_PICKUP,
        carrier="",
        names=Names(en="Store pickup", fr="Retrait en magasin"),
        currency="EUR",
        rates=_rates((_FR, None, 0), (_EU, None, 0), (_WORLD, None, 0)),
    ),
)  # fmt: skip
"""Sorted by code."""

DEFAULTS_BY_CODE: Final = {method.code: method for method in DEFAULT_METHODS}


def with_defaults(described: tuple[DeliveryMethod, ...]) -> tuple[DeliveryMethod, ...]:
    """Returns what the shop has described and what is built in beside it, sorted by code."""
    by_code = DEFAULTS_BY_CODE | {method.code: method for method in described}
    return tuple(by_code[code] for code in sorted(by_code))
