"""What must hold of delivery methods and booked capacity."""

from typing import Final

from aftercart.views.audit_check import Check

_METHOD_VERSIONS: Final = """
    SELECT count(*) OVER () AS offenders, code AS subject,
        concat(count(*), ' versions from ', min(version), ' to ', max(version)) AS detail
    FROM shipping.methods
    GROUP BY code
    HAVING min(version) <> 1 OR max(version) <> count(*)
    LIMIT 5
"""

_CAPACITY_OF_WHAT: Final = """
    SELECT count(*) OVER () AS offenders, c.resource AS subject, concat(count(*), ' rows of capacity') AS detail
    FROM shipping.capacity AS c
    LEFT JOIN inventory.locations AS k ON c.resource = concat('floor:', k.code)
    LEFT JOIN (SELECT DISTINCT code FROM shipping.methods WHERE kind = 'scheduled_slot') AS m
        ON c.resource = concat('slot:', m.code)
    WHERE k.code IS NULL AND m.code IS NULL
    GROUP BY c.resource
    LIMIT 5
"""

_CAPACITY: Final = """
    SELECT count(*) OVER () AS offenders, concat(resource, ' at ', at) AS subject, booked::text AS detail
    FROM shipping.capacity
    WHERE NOT 0 <= ALL (booked) OR (resource LIKE 'slot:%%' AND cardinality(booked) > 1)
    LIMIT 5
"""

_BOOKED: Final = """
    SELECT count(*) OVER () AS offenders,
        concat(coalesce(c.resource, b.resource), ' at ', coalesce(c.at, b.at)) AS subject,
        concat('hour ', coalesce(c.hour, b.hour), ': ', coalesce(c.orders, 0), ' booked, ', coalesce(b.orders, 0),
            ' kept by orders') AS detail
    FROM (
        SELECT k.resource, k.at, h.place - 1 AS hour, h.orders
        FROM shipping.capacity AS k
        CROSS JOIN LATERAL unnest(k.booked) WITH ORDINALITY AS h (orders, place)) AS c
    FULL JOIN (
        SELECT k.resource, k.at, k.hour, sum(k.quantity) AS orders
        FROM orders.orders AS o
        CROSS JOIN LATERAL jsonb_to_recordset(o.bookings)
            AS k (resource text, at timestamptz, hour integer, quantity integer)
        WHERE o.bookings <> '[]'
        GROUP BY k.resource, k.at, k.hour) AS b ON b.resource = c.resource AND b.at = c.at AND b.hour = c.hour
    WHERE coalesce(c.orders, 0) <> coalesce(b.orders, 0)
    LIMIT 5
"""

CHECKS: Final = (
    Check(name="method_versions_are_gapless_from_one", sql=_METHOD_VERSIONS),
    Check(name="capacity_is_of_known_floors_and_slots", sql=_CAPACITY_OF_WHAT),
    Check(name="capacity_is_within_its_bounds", sql=_CAPACITY),
    Check(name="capacity_is_what_orders_keep", sql=_BOOKED),
)
