"""What other areas may ask about delivery methods, pickup points and where postcodes are."""

from collections.abc import Sequence
from typing import Final

import msgspec

from aftercart.inventory.model import Coordinates
from aftercart.kit.database import Database
from aftercart.shipping.model import DeliveryMethod, PickupPoint
from aftercart.shipping.rules.defaults import with_defaults
from aftercart.shipping.rules.whereabouts import approximate_coordinates, postcode_key
from aftercart.shipping.store_sql import LOAD_METHODS

RADIUS_KM: Final = 50
"""How far a pickup point may be to be called near."""


class NearPoint(msgspec.Struct, frozen=True, kw_only=True):
    """A pickup point, and how far it is."""

    point: PickupPoint
    distance_km: float


async def find_coordinates(database: Database, *, country: str, postcode: str) -> Coordinates | None:
    """Returns where a postcode is: as the directory has it, else about; ``None`` when nobody knows."""
    key = postcode_key(country, postcode)
    rows = await database.rows(_FIND_COORDINATES, {"country": key.country, "postcode": key.postcode})
    if rows:
        return Coordinates(latitude=rows[0][0], longitude=rows[0][1])
    return approximate_coordinates(country, postcode)


async def find_methods(database: Database) -> tuple[DeliveryMethod, ...]:
    """Returns all delivery methods, the built-in ones included, sorted by code."""
    rows = await database.rows(LOAD_METHODS, {"codes": None})
    return with_defaults(tuple(msgspec.json.decode(row, type=DeliveryMethod) for (row,) in rows))


async def find_nearest_points(
    database: Database,
    *,
    networks: Sequence[str],
    countries: Sequence[str],
    near: Coordinates,
    limit: int,
    radius_km: float = RADIUS_KM,
) -> list[NearPoint]:
    """Returns the active points of these networks in these countries within ``radius_km``, the nearest first.

    Distances are over the globe, as ``distance_km`` measures them, and by them the order is exact.
    """
    rows = await database.rows(
        _FIND_NEAREST,
        {
            "networks": list(networks),
            "countries": list(countries),
            "latitude": near.latitude,
            "longitude": near.longitude,
            "limit": limit,
            "radius_km": radius_km,
        },
    )
    return [NearPoint(point=msgspec.json.decode(row, type=PickupPoint), distance_km=far) for row, far in rows]


_FIND_COORDINATES: Final = """
    SELECT latitude, longitude FROM shipping.postcodes WHERE country = %(country)s AND postcode = %(postcode)s
"""

# Degrees are no kilometers, so the index alone gets the order wrong. But as many points as are wanted, the nearest in
# degrees, give a distance within which the truly nearest must be; all points of the box around it are then measured.
_FIND_NEAREST: Final = """
    WITH candidates AS (
        SELECT p.latitude, p.longitude
        FROM shipping.pickup_points AS p
        WHERE p.active AND p.network = ANY(%(networks)s) AND p.country = ANY(%(countries)s)
        ORDER BY point(p.longitude, p.latitude) <-> point(%(longitude)s, %(latitude)s)
        LIMIT %(limit)s
    ), reach AS (
        SELECT degrees(max(2 * asin(sqrt(LEAST(1,
            sind((c.latitude - %(latitude)s) / 2) ^ 2
            + cosd(c.latitude) * cosd(%(latitude)s) * sind((c.longitude - %(longitude)s) / 2) ^ 2))))) + 1e-6 AS rise
        FROM candidates AS c
    ), area AS (
        SELECT r.rise, CASE WHEN abs(%(latitude)s) + r.rise >= 89 THEN 360
            ELSE LEAST(degrees(asin(LEAST(1, sind(r.rise) / cosd(%(latitude)s)))) + 1e-6, 360) END AS turn
        FROM reach AS r
    ), measured AS (
        SELECT p.network, p.code, p.name, p.address, p.latitude, p.longitude, p.opening_hours, p.active, p.version,
            2 * 6371.0088 * asin(sqrt(LEAST(1,
                sind((p.latitude - %(latitude)s) / 2) ^ 2
                + cosd(p.latitude) * cosd(%(latitude)s) * sind((p.longitude - %(longitude)s) / 2) ^ 2))) AS distance_km
        FROM shipping.pickup_points AS p, area AS a
        WHERE p.active AND p.network = ANY(%(networks)s) AND p.country = ANY(%(countries)s)
            AND point(p.longitude, p.latitude) <@ box(
                point(%(longitude)s - a.turn, %(latitude)s - a.rise),
                point(%(longitude)s + a.turn, %(latitude)s + a.rise))
    )
    SELECT json_build_object(
            'network', m.network, 'code', m.code, 'name', m.name, 'address', m.address, 'latitude', m.latitude,
            'longitude', m.longitude, 'opening_hours', m.opening_hours, 'active', m.active,
            'version', m.version)::text,
        m.distance_km
    FROM measured AS m
    WHERE m.distance_km <= %(radius_km)s
    ORDER BY m.distance_km, m.network, m.code
    LIMIT %(limit)s
"""
