"""What must hold for those who are told and let in: endpoints, deliveries, customers' links and codes."""

from typing import Final

from aftercart.views.audit_check import Check

_EVENTS_OF_DELIVERIES: Final = """
    SELECT count(*) OVER () AS offenders, d.delivery_id::text AS subject,
        concat(d.kind, ' about ', d.stream, ' because of ', d.cause, ' at offset ', d."offset") AS detail
    FROM notifications.deliveries AS d
    LEFT JOIN kit.event_feed AS f ON f."offset" = d."offset"
    LEFT JOIN kit.event_log AS e ON e.position = f.position
    WHERE e.stream IS DISTINCT FROM d.stream OR e.cause IS DISTINCT FROM d.cause
    LIMIT 5
"""

_ENDPOINTS_OF_DELIVERIES: Final = """
    SELECT count(*) OVER () AS offenders, d.endpoint::text AS subject, concat(count(*), ' deliveries') AS detail
    FROM notifications.deliveries AS d
    WHERE d.kind = 'webhook'
        AND NOT EXISTS (SELECT 1 FROM notifications.webhook_endpoints AS w WHERE w.endpoint_id = d.endpoint)
    GROUP BY d.endpoint
    LIMIT 5
"""

# What waited for an endpoint when it was disabled failed by that one event of the endpoint.
_GIVEN_UP: Final = """
    SELECT count(*) OVER () AS offenders, d.delivery_id::text AS subject,
        concat(d.kind, ' failed: ', d.last_error) AS detail
    FROM notifications.deliveries AS d
    LEFT JOIN notifications.webhook_endpoints AS w ON w.endpoint_id = d.endpoint
    LEFT JOIN (
        SELECT data ->> 'delivery_id' AS delivery_id
        FROM kit.event_log
        WHERE type = 'DeliveryGivenUp') AS e ON e.delivery_id = d.delivery_id::text
    WHERE d.state = 'failed' AND e.delivery_id IS NULL AND w.disabled_at IS NULL
    LIMIT 5
"""

_VERSIONS_OF_ENDPOINTS: Final = """
    SELECT count(*) OVER () AS offenders, w.endpoint_id::text AS subject,
        concat('version ', w.version, ', last seq ', coalesce(e.seq, 0)) AS detail
    FROM notifications.webhook_endpoints AS w
    LEFT JOIN (
        SELECT stream, max(seq) AS seq
        FROM kit.event_log
        GROUP BY stream) AS e ON e.stream = w.endpoint_id
    WHERE w.version IS DISTINCT FROM e.seq
    LIMIT 5
"""

_ORDERS_OF_ACCESS: Final = """
    SELECT count(*) OVER () AS offenders, a.id::text AS subject, concat(a.what, ' for order ', a.order_id) AS detail
    FROM (
        SELECT 'link' AS what, link_id AS id, order_id FROM access.customer_links
        UNION ALL
        SELECT 'code', code_id, order_id FROM access.customer_codes) AS a
    WHERE NOT EXISTS (SELECT 1 FROM orders.orders AS o WHERE o.order_id = a.order_id)
    LIMIT 5
"""

_TRIES_OF_CODES: Final = """
    SELECT count(*) OVER () AS offenders, c.code_id::text AS subject,
        concat(c.attempts, ' tries, ', coalesce(e.tries, 0), ' of them logged') AS detail
    FROM access.customer_codes AS c
    LEFT JOIN (
        SELECT stream, count(*) FILTER (WHERE type <> 'CustomerCodeRequested') AS tries,
            count(*) FILTER (WHERE type = 'CustomerCodeRedeemed') AS redeemed
        FROM kit.event_log
        WHERE type IN ('CustomerCodeRequested', 'CustomerCodeRejected', 'CustomerCodeRedeemed')
        GROUP BY stream) AS e ON e.stream = c.code_id
    WHERE e.tries IS DISTINCT FROM c.attempts OR e.redeemed <> (c.used_at IS NOT NULL)::integer
    LIMIT 5
"""

NOTIFICATION_CHECKS: Final = (
    Check(name="deliveries_tell_events_of_the_feed", sql=_EVENTS_OF_DELIVERIES),
    Check(name="webhooks_go_to_known_endpoints", sql=_ENDPOINTS_OF_DELIVERIES),
    Check(name="given_up_deliveries_have_their_event", sql=_GIVEN_UP),
    Check(name="endpoints_are_at_their_last_seq", sql=_VERSIONS_OF_ENDPOINTS),
    Check(name="customers_are_let_in_to_existing_orders", sql=_ORDERS_OF_ACCESS),
    Check(name="codes_were_tried_as_often_as_was_logged", sql=_TRIES_OF_CODES),
)
