"""What must hold across all tables at any moment: one question to the database per invariant.

Each statement returns the offenders it found as ``(how many in all, subject, detail)``, at most five of them, and no
row when all is well.
"""

from typing import Final

from aftercart.views.audit_check import Check
from aftercart.views.audit_notifications import NOTIFICATION_CHECKS

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
    FROM orders.lines AS l
    FULL JOIN (
        SELECT order_id, line, sum(quantity) AS units
        FROM orders.units
        GROUP BY order_id, line) AS u ON u.order_id = l.order_id AND u.line = l.line
    WHERE l.ordered IS DISTINCT FROM u.units
    LIMIT 5
"""

_SKU_OF_UNITS: Final = """
    SELECT count(*) OVER () AS offenders, u.order_id::text AS subject,
        concat('line ', u.line, ': ', l.sku, ' ordered, ', u.sku, ' at ', u.location) AS detail
    FROM orders.units AS u
    JOIN orders.lines AS l ON l.order_id = u.order_id AND l.line = u.line
    WHERE u.sku <> l.sku
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

_RESERVED: Final = """
    SELECT count(*) OVER () AS offenders, concat(coalesce(s.sku, h.sku), ' at ', coalesce(s.location, h.location))
            AS subject,
        concat(coalesce(s.reserved, 0), ' reserved, ', coalesce(h.units, 0), ' held by orders') AS detail
    FROM inventory.stock AS s
    FULL JOIN (
        SELECT sku, location, sum(quantity) AS units
        FROM orders.units
        WHERE stage = ANY(%(holding_stages)s)
        GROUP BY sku, location) AS h ON h.sku = s.sku AND h.location = s.location
    WHERE coalesce(s.reserved, 0) <> coalesce(h.units, 0)
    LIMIT 5
"""

_ON_HAND: Final = """
    SELECT count(*) OVER () AS offenders, concat(coalesce(s.sku, m.sku), ' at ', coalesce(s.location, m.location))
            AS subject,
        concat(coalesce(s.on_hand, 0), ' on hand, movements add up to ', coalesce(m.units, 0)) AS detail
    FROM inventory.stock AS s
    FULL JOIN (
        SELECT sku, location, sum(quantity) AS units
        FROM inventory.movements
        GROUP BY sku, location) AS m ON m.sku = s.sku AND m.location = s.location
    WHERE coalesce(s.on_hand, 0) <> coalesce(m.units, 0)
    LIMIT 5
"""

_STOCK: Final = """
    SELECT count(*) OVER () AS offenders, concat(sku, ' at ', location) AS subject,
        concat(on_hand, ' on hand, ', reserved, ' reserved, ', short, ' short') AS detail
    FROM inventory.stock
    WHERE on_hand < 0 OR reserved < 0 OR reserved > on_hand + short OR short <> greatest(reserved - on_hand, 0)
        OR safety < 0 OR quarantined < 0
    LIMIT 5
"""

_MOVEMENTS: Final = """
    SELECT count(*) OVER () AS offenders, m.document::text AS subject,
        concat(m.quantity, ' of ', m.sku, ' at ', m.location) AS detail
    FROM inventory.movements AS m
    WHERE NOT EXISTS (SELECT 1 FROM kit.event_log AS e WHERE e.stream = m.document)
    LIMIT 5
"""

_STREAMS: Final = """
    SELECT count(*) OVER () AS offenders, stream::text AS subject,
        concat(count(*), ' events, seq from ', min(seq), ' to ', max(seq)) AS detail
    FROM kit.event_log
    GROUP BY stream
    HAVING min(seq) <> 1 OR max(seq) <> count(*)
    LIMIT 5
"""

_VERSIONS: Final = """
    SELECT count(*) OVER () AS offenders, o.order_id::text AS subject,
        concat('version ', o.version, ', last seq ', coalesce(e.seq, 0)) AS detail
    FROM orders.orders AS o
    LEFT JOIN (
        SELECT stream, max(seq) AS seq
        FROM kit.event_log
        GROUP BY stream) AS e ON e.stream = o.order_id
    WHERE o.version IS DISTINCT FROM e.seq
    LIMIT 5
"""

_PLACEMENTS: Final = """
    SELECT count(*) OVER () AS offenders, coalesce(o.order_id, e.stream)::text AS subject,
        concat('placed by seq ', coalesce(e.seq, 0)) AS detail
    FROM orders.orders AS o
    FULL JOIN (
        SELECT stream, seq
        FROM kit.event_log
        WHERE type = 'OrderPlaced') AS e ON e.stream = o.order_id
    WHERE e.seq IS DISTINCT FROM 1
    LIMIT 5
"""

_ORDERS_OF_STREAMS: Final = """
    SELECT count(*) OVER () AS offenders, e.stream::text AS subject, concat(count(*), ' events') AS detail
    FROM kit.event_log AS e
    WHERE e.type = ANY(%(order_events)s)
        AND NOT EXISTS (SELECT 1 FROM orders.orders AS o WHERE o.order_id = e.stream)
    GROUP BY e.stream
    LIMIT 5
"""

_OUTCOMES_OF_ORDERS: Final = """
    SELECT count(*) OVER () AS offenders, c.command_id::text AS subject,
        concat('order ', c.order_id, ' at version ', c.version, ', which has ', coalesce(o.version, 0)) AS detail
    FROM (
        SELECT command_id, result ->> 'order_id' AS order_id, result ->> 'version' AS version
        FROM kit.outcomes
        WHERE result ->> 'order_id' IS NOT NULL) AS c
    LEFT JOIN orders.orders AS o ON o.order_id::text = c.order_id
    WHERE o.version IS NULL OR o.version < c.version::integer
    LIMIT 5
"""

_OUTCOMES_OF_DOCUMENTS: Final = """
    SELECT count(*) OVER () AS offenders, c.command_id::text AS subject, concat('document ', c.document) AS detail
    FROM (
        SELECT command_id, coalesce(result ->> 'document', result ->> 'key_id')::uuid AS document
        FROM kit.outcomes) AS c
    WHERE c.document IS NOT NULL AND NOT EXISTS (SELECT 1 FROM kit.event_log AS e WHERE e.stream = c.document)
    LIMIT 5
"""

_PLACES_OF_POSITIONS: Final = """
    SELECT count(*) OVER () AS offenders, concat('position ', coalesce(e.position, p.position)) AS subject,
        concat(CASE WHEN e.position IS NULL THEN 'not logged' ELSE 'logged' END, ', ', coalesce(p.places, 0),
            ' times in queue and feed') AS detail
    FROM kit.event_log AS e
    FULL JOIN (
        SELECT b.position, count(*) AS places
        FROM (
            SELECT position FROM kit.event_queue
            UNION ALL
            SELECT position FROM kit.event_feed) AS b
        GROUP BY b.position) AS p ON p.position = e.position
    WHERE e.position IS NULL OR p.places IS DISTINCT FROM 1
    LIMIT 5
"""

_OFFSETS: Final = """
    SELECT 1 AS offenders, 'event_feed' AS subject,
        concat(count(*), ' offsets from ', min("offset"), ' to ', max("offset")) AS detail
    FROM kit.event_feed
    HAVING min("offset") <> 1 OR max("offset") <> count(*)
"""

_ORDER_OF_FEED: Final = """
    SELECT count(*) OVER () AS offenders, s.stream::text AS subject,
        concat('seq ', s.seq, ' at offset ', s."offset", ' after offset ', coalesce(s.previous::text, 'none'))
            AS detail
    FROM (
        SELECT e.stream, e.seq, f."offset", lag(f."offset") OVER (PARTITION BY e.stream ORDER BY e.seq) AS previous
        FROM kit.event_log AS e
        LEFT JOIN kit.event_feed AS f ON f.position = e.position) AS s
    WHERE s.seq > 1 AND s."offset" IS NOT NULL AND (s.previous IS NULL OR s.previous >= s."offset")
    LIMIT 5
"""

_CURSORS: Final = """
    SELECT count(*) OVER () AS offenders, c.consumer AS subject,
        concat('at offset ', c."offset", ', the feed ends at ', f.last) AS detail
    FROM kit.cursors AS c
    CROSS JOIN (SELECT coalesce(max("offset"), 0) AS last FROM kit.event_feed) AS f
    WHERE c."offset" > f.last OR (c.consumer = 'sequencer' AND c."offset" < f.last)
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
    Check(name="reserved_is_what_orders_hold", sql=_RESERVED),
    Check(name="on_hand_is_the_sum_of_movements", sql=_ON_HAND),
    Check(name="stock_is_within_its_bounds", sql=_STOCK),
    Check(name="movements_have_their_document", sql=_MOVEMENTS),
    Check(name="streams_are_gapless_from_one", sql=_STREAMS),
    Check(name="version_is_the_last_seq", sql=_VERSIONS),
    Check(name="orders_begin_with_their_placement", sql=_PLACEMENTS),
    Check(name="order_streams_have_their_order", sql=_ORDERS_OF_STREAMS),
    Check(name="outcomes_name_existing_orders", sql=_OUTCOMES_OF_ORDERS),
    Check(name="outcomes_name_existing_documents", sql=_OUTCOMES_OF_DOCUMENTS),
    Check(name="positions_are_queued_or_fed_once", sql=_PLACES_OF_POSITIONS),
    Check(name="feed_offsets_are_gapless_from_one", sql=_OFFSETS),
    Check(name="feed_keeps_the_order_of_each_stream", sql=_ORDER_OF_FEED),
    Check(name="cursors_stay_within_the_feed", sql=_CURSORS),
    *NOTIFICATION_CHECKS,
)
