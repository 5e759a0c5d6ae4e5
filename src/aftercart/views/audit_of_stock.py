"""What must hold of stock: against the ledger of units, against movements, against supply."""

from typing import Final

from aftercart.views.audit_check import Check

_RESERVED: Final = """
    SELECT count(*) OVER () AS offenders, concat(coalesce(s.sku, h.sku), ' at ', coalesce(s.location, h.location))
            AS subject,
        concat(coalesce(s.reserved, 0), ' reserved, ', coalesce(h.units, 0), ' held by orders') AS detail
    FROM inventory.stock AS s
    FULL JOIN (
        SELECT u.sku, u.location, sum(u.quantity) AS units
        FROM orders.units AS u
        WHERE u.stage = ANY(%(holding_stages)s) AND NOT EXISTS (
            SELECT 1 FROM orders.lines AS l
            WHERE l.order_id = u.order_id AND l.line = u.line AND l.made_to_order AND u.stage = ANY(%(unmade_stages)s))
        GROUP BY u.sku, u.location) AS h ON h.sku = s.sku AND h.location = s.location
    WHERE coalesce(s.reserved, 0) <> coalesce(h.units, 0)
    LIMIT 5
"""

_BACKORDERED: Final = """
    SELECT count(*) OVER () AS offenders, concat(coalesce(s.sku, w.sku), ' at ', coalesce(s.location, w.location))
            AS subject,
        concat(coalesce(s.backordered, 0), ' backordered, ', coalesce(w.units, 0), ' waited for by orders') AS detail
    FROM inventory.stock AS s
    FULL JOIN (
        SELECT u.sku, u.location, sum(u.quantity) AS units
        FROM orders.units AS u
        WHERE u.stage = 'backordered' AND NOT EXISTS (
            SELECT 1 FROM orders.lines AS l
            WHERE l.order_id = u.order_id AND l.line = u.line AND l.made_to_order)
        GROUP BY u.sku, u.location) AS w ON w.sku = s.sku AND w.location = s.location
    WHERE coalesce(s.backordered, 0) <> coalesce(w.units, 0)
    LIMIT 5
"""

_INCOMING: Final = """
    SELECT count(*) OVER () AS offenders, concat(coalesce(s.sku, a.sku), ' at ', coalesce(s.location, a.location))
            AS subject,
        concat(coalesce(s.incoming, '[]'), ' is stored, ', coalesce(a.incoming, '[]'), ' is announced') AS detail
    FROM inventory.stock AS s
    FULL JOIN (
        SELECT sku, location, jsonb_agg(
            jsonb_build_object(
                'reference', reference, 'expected_date', expected_date, 'quantity', ordered - received)
            ORDER BY expected_date, reference COLLATE "C") AS incoming
        FROM inventory.supply
        WHERE NOT closed AND received < ordered
        GROUP BY sku, location) AS a ON a.sku = s.sku AND a.location = s.location
    WHERE s.incoming IS DISTINCT FROM a.incoming
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
        OR safety < 0 OR quarantined < 0 OR backordered < 0
    LIMIT 5
"""

_MOVEMENTS: Final = """
    SELECT count(*) OVER () AS offenders, m.document::text AS subject,
        concat(m.quantity, ' of ', m.sku, ' at ', m.location) AS detail
    FROM inventory.movements AS m
    WHERE NOT EXISTS (SELECT 1 FROM kit.event_log AS e WHERE e.stream = m.document)
    LIMIT 5
"""

_IN_HAND: Final = """
    SELECT count(*) OVER () AS offenders, concat(coalesce(s.sku, h.sku), ' at ', coalesce(s.location, h.location))
            AS subject,
        concat(coalesce(s.in_hand, 0), ' in hand, ', coalesce(h.units, 0), ' fetched for orders') AS detail
    FROM inventory.stock AS s
    FULL JOIN (
        SELECT sku, location, sum(quantity) AS units
        FROM orders.units
        WHERE stage = ANY(%(in_hand_stages)s)
        GROUP BY sku, location) AS h ON h.sku = s.sku AND h.location = s.location
    WHERE coalesce(s.in_hand, 0) <> coalesce(h.units, 0)
    LIMIT 5
"""

_BINS: Final = """
    SELECT count(*) OVER () AS offenders,
        concat(coalesce(b.sku, m.sku), ' in ', coalesce(b.bin, m.bin), ' at ', coalesce(b.location, m.location))
            AS subject,
        concat(coalesce(b.quantity, 0), ' in the bin, movements add up to ', coalesce(m.units, 0)) AS detail
    FROM inventory.bin_stock AS b
    FULL JOIN (
        SELECT sku, location, bin, sum(quantity) AS units
        FROM inventory.bin_movements
        GROUP BY sku, location, bin) AS m ON m.sku = b.sku AND m.location = b.location AND m.bin = b.bin
    WHERE coalesce(b.quantity, 0) <> coalesce(m.units, 0)
    LIMIT 5
"""

CHECKS: Final = (
    Check(name="reserved_is_what_orders_hold", sql=_RESERVED),
    Check(name="backordered_is_what_orders_wait_for", sql=_BACKORDERED),
    Check(name="incoming_is_what_supply_announces", sql=_INCOMING),
    Check(name="on_hand_is_the_sum_of_movements", sql=_ON_HAND),
    Check(name="in_hand_is_what_orders_have_fetched", sql=_IN_HAND),
    Check(name="bins_are_the_sum_of_their_movements", sql=_BINS),
    Check(name="stock_is_within_its_bounds", sql=_STOCK),
    Check(name="movements_have_their_document", sql=_MOVEMENTS),
)
