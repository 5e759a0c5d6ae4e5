"""What must hold of the event log, its feed, and the outcomes of commands."""

from typing import Final

from aftercart.views.audit_check import Check

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
)
