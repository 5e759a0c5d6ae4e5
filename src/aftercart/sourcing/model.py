"""A sourcing decision: who serves what, by which rule, and why the others lost."""

import enum
from typing import Final

import msgspec


class Demand(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """So many units of a SKU are wanted for a line; those ``made_to_order`` take no stock."""

    line: int
    sku: str
    quantity: int
    made_to_order: bool = False


class Allocation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """So many units of a line come from a location."""

    line: int
    sku: str
    location: str
    quantity: int


class Criterion(enum.Enum):
    """What a location, or several together, can be better at."""

    SINGLE_LOCATION = "single_location"  # everything comes from one place
    FEWEST_PARCELS = "fewest_parcels"  # for each parcel beyond the first
    WAREHOUSES_FIRST = "warehouses_first"  # stores serve the people in them, suppliers come last
    NEAREST = "nearest"  # for each kilometer as the crow flies
    CHEAPEST = "cheapest"  # for each minor unit that sending a parcel costs the merchant
    STORE_FLOORS = "store_floors"  # stores send only what is above their floor; the weight does not matter
    PICKUP_LOCATION = "pickup_location"  # what is collected comes from where it is collected; always so, named or not


class SourcingPreference(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """How many points a criterion costs per unit of it; the plan with the fewest points is chosen."""

    criterion: Criterion
    weight: int = 1


DEFAULT_PREFERENCES: Final = (
    SourcingPreference(criterion=Criterion.PICKUP_LOCATION),
    SourcingPreference(criterion=Criterion.STORE_FLOORS),
    SourcingPreference(criterion=Criterion.SINGLE_LOCATION, weight=20_000),
    SourcingPreference(criterion=Criterion.FEWEST_PARCELS, weight=20_000),
    SourcingPreference(criterion=Criterion.WAREHOUSES_FIRST, weight=5_000),
    SourcingPreference(criterion=Criterion.NEAREST, weight=1),
)
"""One parcel before everything, then a warehouse, then the nearest."""


class SourcingRule(enum.Enum):
    """The rule that decided."""

    SINGLE_LOCATION = "single_location"  # one location has everything
    FEWEST_PARCELS = "fewest_parcels"  # no location has everything: as few locations as possible
    INCOMPLETE = "incomplete"  # all locations together do not have everything


class LosingReason(enum.Enum):
    """Why a candidate was not chosen."""

    LACKS_UNITS = "lacks_units"  # it does not have all that is wanted
    BELOW_FLOOR = "below_floor"  # it has all of it, but keeps so many for the people in the store
    NO_WAREHOUSE = "no_warehouse"  # it has everything, but warehouses come first
    FARTHER = "farther"  # it has everything, but lies farther from where the goods go
    DEARER = "dearer"  # it has everything, but a parcel from there costs more
    LATER_IN_ORDER = "later_in_order"  # it has everything and is as good, another one came first
    NOT_AMONG_BEST = "not_among_best"  # at first sight others had more of it, so it was not looked at closely


class Candidate(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A location that may serve an order: what a parcel from it costs in points, in all and by criterion.

    ``floor_units`` of each SKU stay there. Where the order is ``collected`` nothing is brought but what is announced
    for that place.
    """

    code: str
    points: int = 0
    not_a_warehouse: int = 0
    distance: int = 0
    cost: int = 0
    floor_units: int = 0
    collected: bool = False


class LosingCandidate(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A location that was not chosen, and how many of the wanted units it lacked (``None``: not looked at closely).

    ``points`` is what a parcel from it would have cost.
    """

    location: str
    reason: LosingReason
    missing_units: int | None
    points: int | None = None


class Sourcing(msgspec.Struct, frozen=True, kw_only=True):
    """The decision that is kept with the order ("why from Lyon?"), with the points it cost, parcels included."""

    rule: SourcingRule
    chosen: tuple[str, ...]
    losing: tuple[LosingCandidate, ...]
    points: int | None = None


class SourcingPlan(msgspec.Struct, frozen=True, kw_only=True):
    """Where every unit comes from, and what nobody has."""

    allocations: tuple[Allocation, ...]
    missing: tuple[Demand, ...]
    sourcing: Sourcing
