"""A bin: the place of a location where units of a SKU lie."""

import msgspec


class Bin(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One place in the racks. ``level`` counts from the floor up, ``bay`` along the aisle.

    ``x_m`` and ``y_m`` are meters on the location's floor: ``x_m`` across the aisles, ``y_m`` along them, growing from
    the front, where pickers start, to the back.
    """

    code: str
    location: str
    aisle: int
    bay: int
    level: int
    x_m: float
    y_m: float
