"""What must hold of orders, their lines and the ledger of their units."""

from typing import Final

from aftercart.views.audit_check import Check

_LINES_OF_ORDERS: Final = """
    SELECT count(*) OVER () AS offenders, coalesce(o.order_id, l.order_id)::text AS subject,
        concat('order ', coalesce(o.number, 'missing'), ', ', coalesce(l.lines, 0), ' lines, the last is ',
            coalesce(l.last, 0)) AS detail
    FROM orders.orders AS o
    FULL JOIN (
        SELECT order_id, count(*) AS lines, min(line) AS first, max(line) AS last
        FROM orders.lines
        GROUP BY order_id) AS l ON l.order_id = o.order_id
    WHERE o.order_id IS NULL OR l.order_id IS NULL OR l.first <> 1 OR l.last <> l.lines
    LIMIT 5
"""

_UNITS_OF_LINES: Final = """
    SELECT count(*) OVER () AS offenders, coalesce(l.order_id, u.order_id)::text AS subject,
        concat('line ', coalesce(l.line, u.line), ': ', coalesce(l.ordered, 0), ' ordered, ', coalesce(u.units, 0),
            ' in stages') AS detail
    FROM (
        SELECT order_id, line, ordered, sku AS part, 1 AS each
        FROM orders.lines
        WHERE components = '[]'
        UNION ALL
        SELECT b.order_id, b.line, b.ordered, c.sku, c.quantity
        FROM orders.lines AS b
        CROSS JOIN LATERAL jsonb_to_recordset(b.components) AS c (sku text, quantity integer)
        WHERE b.components <> '[]') AS l
    FULL JOIN (
        SELECT order_id, line, sku, sum(quantity) AS units
        FROM orders.units
        GROUP BY order_id, line, sku) AS u ON u.order_id = l.order_id AND u.line = l.line AND u.sku = l.part
    WHERE l.ordered * l.each IS DISTINCT FROM u.units
    LIMIT 5
"""

_SKU_OF_UNITS: Final = """
    SELECT count(*) OVER () AS offenders, u.order_id::text AS subject,
        concat('line ', u.line, ': ', l.sku, ' ordered, ', u.sku, ' at ', u.location) AS detail
    FROM orders.units AS u
    JOIN orders.lines AS l ON l.order_id = u.order_id AND l.line = u.line
    WHERE CASE WHEN l.components = '[]' THEN u.sku <> l.sku
        ELSE NOT l.components @> jsonb_build_array(jsonb_build_object('sku', u.sku)) END
    LIMIT 5
"""

_PLACE_OF_UNITS: Final = """
    SELECT count(*) OVER () AS offenders, u.location AS subject, concat(count(*), ' rows of units') AS detail
    FROM orders.units AS u
    WHERE NOT EXISTS (SELECT 1 FROM inventory.locations AS k WHERE k.code = u.location)
    GROUP BY u.location
    LIMIT 5
"""

_REFERENCES: Final = """
    SELECT count(*) OVER () AS offenders, concat(channel, ' ', reference) AS subject,
        concat(count(*), ' orders') AS detail
    FROM orders.orders
    WHERE reference IS NOT NULL
    GROUP BY channel, reference
    HAVING count(*) > 1
    LIMIT 5
"""

_NUMBERS: Final = """
    SELECT count(*) OVER () AS offenders, number AS subject, concat(count(*), ' orders') AS detail
    FROM orders.orders
    GROUP BY number
    HAVING count(*) > 1
    LIMIT 5
"""

_EMAILS: Final = """
    SELECT count(*) OVER () AS offenders, order_id::text AS subject,
        concat(email, ' is not ', customer ->> 'email') AS detail
    FROM orders.orders
    WHERE email IS DISTINCT FROM customer ->> 'email'
    LIMIT 5
"""

_AWAITED: Final = """
    SELECT count(*) OVER () AS offenders, coalesce(w.order_id, a.order_id)::text AS subject,
        concat(coalesce(w.sku, a.sku), ' at ', coalesce(w.location, a.location),
            CASE WHEN a.order_id IS NULL THEN ' is not awaited' ELSE ' is awaited by no unit' END) AS detail
    FROM (
        SELECT DISTINCT u.order_id, u.sku, u.location
        FROM orders.units AS u
        JOIN orders.lines AS l ON l.order_id = u.order_id AND l.line = u.line
        WHERE u.stage = 'backordered' OR (l.made_to_order AND u.stage IN ('reserved', 'in_production'))) AS w
    FULL JOIN (
        SELECT o.order_id, k.sku, k.location
        FROM orders.orders AS o
        CROSS JOIN LATERAL jsonb_to_recordset(o.awaited) AS k (sku text, location text)
        WHERE o.awaited <> '[]') AS a ON a.order_id = w.order_id AND a.sku = w.sku AND a.location = w.location
    WHERE w.order_id IS NULL OR a.order_id IS NULL
    LIMIT 5
"""

_AWAITED_DATE: Final = """
    SELECT count(*) OVER () AS offenders, o.order_id::text AS subject,
        concat(o.awaited_date, ' is stored, ', e.earliest, ' is the earliest') AS detail
    FROM orders.orders AS o
    CROSS JOIN LATERAL (
        SELECT min(k.expected_date) AS earliest FROM jsonb_to_recordset(o.awaited) AS k (expected_date date)) AS e
    WHERE o.awaited_date IS DISTINCT FROM e.earliest
    LIMIT 5
"""

CHECKS: Final = (
    Check(name="lines_are_numbered_from_one_without_gap", sql=_LINES_OF_ORDERS),
    Check(name="units_in_stages_add_up_to_ordered", sql=_UNITS_OF_LINES),
    Check(name="units_are_of_their_lines_sku", sql=_SKU_OF_UNITS),
    Check(name="units_are_at_known_locations", sql=_PLACE_OF_UNITS),
    Check(name="references_are_unique_in_their_channel", sql=_REFERENCES),
    Check(name="order_numbers_are_unique", sql=_NUMBERS),
    Check(name="email_is_that_of_the_customer", sql=_EMAILS),
    Check(name="awaited_is_where_units_wait", sql=_AWAITED),
    Check(name="awaited_date_is_the_earliest", sql=_AWAITED_DATE),
)
