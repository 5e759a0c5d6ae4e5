"""What must hold of parcels: against the ledger of units, and against their own events."""

from typing import Final

from aftercart.views.audit_check import Check

_NUMBERS: Final = """
    SELECT count(*) OVER () AS offenders, p.order_id::text AS subject,
        concat(count(*), ' parcels from ', min(p.parcel), ' to ', max(p.parcel)) AS detail
    FROM fulfillment.parcels AS p
    LEFT JOIN orders.orders AS o ON o.order_id = p.order_id
    GROUP BY p.order_id
    HAVING min(p.parcel) <> 1 OR max(p.parcel) <> count(*) OR bool_or(o.order_id IS NULL)
    LIMIT 5
"""

# A closed parcel may hold more than is packed: what its customer took back lies in it until it is pulled out.
_PACKED: Final = """
    SELECT count(*) OVER () AS offenders, concat(u.order_id, ' line ', u.line, ' at ', u.location) AS subject,
        concat(u.quantity, ' ', u.sku, ' packed, ', coalesce(c.quantity, 0), ' in closed parcels') AS detail
    FROM orders.units AS u
    LEFT JOIN (
        SELECT p.order_id, p.location, c.line, c.sku, sum(c.quantity) AS quantity
        FROM fulfillment.parcels AS p
        CROSS JOIN LATERAL jsonb_to_recordset(p.contents) AS c (line integer, sku text, quantity integer)
        WHERE p.status = 'closed'
        GROUP BY p.order_id, p.location, c.line, c.sku) AS c
        ON c.order_id = u.order_id AND c.location = u.location AND c.line = u.line AND c.sku = u.sku
    WHERE u.stage = 'packed' AND u.quantity > coalesce(c.quantity, 0)
    LIMIT 5
"""

_ON_ITS_WAY: Final = """
    SELECT count(*) OVER () AS offenders,
        concat(coalesce(u.order_id, c.order_id), ' line ', coalesce(u.line, c.line)) AS subject,
        concat(coalesce(u.quantity, 0), ' units ', coalesce(u.stage, c.stage), ', ', coalesce(c.quantity, 0),
            ' in such parcels') AS detail
    FROM (
        SELECT order_id, line, location, stage, sku, quantity
        FROM orders.units
        WHERE stage IN ('shipped', 'lost')) AS u
    FULL JOIN (
        SELECT p.order_id, p.location, c.line, c.sku, sum(c.quantity) AS quantity,
            CASE WHEN p.status = 'lost' THEN 'lost' ELSE 'shipped' END AS stage
        FROM fulfillment.parcels AS p
        CROSS JOIN LATERAL jsonb_to_recordset(p.contents) AS c (line integer, sku text, quantity integer)
        WHERE p.handed_over_at IS NOT NULL AND p.status NOT IN ('delivered', 'returned')
        GROUP BY p.order_id, p.location, c.line, c.sku, CASE WHEN p.status = 'lost' THEN 'lost' ELSE 'shipped' END) AS c
        ON c.order_id = u.order_id AND c.location = u.location AND c.line = u.line AND c.sku = u.sku
            AND c.stage = u.stage
    WHERE coalesce(u.quantity, 0) <> coalesce(c.quantity, 0)
    LIMIT 5
"""

_AS_TOLD: Final = """
    SELECT count(*) OVER () AS offenders,
        concat(coalesce(p.order_id, e.stream), ' parcel ', coalesce(p.parcel, e.parcel)) AS subject,
        concat(coalesce(p.status, 'not there'), ', and its last event says ', coalesce(e.status, 'nothing')) AS detail
    FROM fulfillment.parcels AS p
    FULL JOIN (
        SELECT DISTINCT ON (l.stream, (l.data -> 'parcel' ->> 'parcel')::integer)
            l.stream, (l.data -> 'parcel' ->> 'parcel')::integer AS parcel, l.data -> 'parcel' ->> 'status' AS status,
            (l.data -> 'parcel' -> 'contents')::jsonb AS contents, (l.data -> 'parcel' -> 'labels')::jsonb AS labels
        FROM kit.event_log AS l
        WHERE l.type = ANY(%(parcel_events)s)
        ORDER BY l.stream, (l.data -> 'parcel' ->> 'parcel')::integer, l.seq DESC) AS e
        ON e.stream = p.order_id AND e.parcel = p.parcel
    WHERE p.status IS DISTINCT FROM e.status OR p.contents IS DISTINCT FROM e.contents
        OR p.labels IS DISTINCT FROM e.labels
    LIMIT 5
"""

CHECKS: Final = (
    Check(name="parcels_are_numbered_from_one_in_their_order", sql=_NUMBERS),
    Check(name="packed_units_lie_in_closed_parcels", sql=_PACKED),
    Check(name="units_on_their_way_are_in_parcels_on_their_way", sql=_ON_ITS_WAY),
    Check(name="parcels_are_as_their_last_event_says", sql=_AS_TOLD),
)
