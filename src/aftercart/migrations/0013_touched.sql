-- When the first of an order's goods was taken in hand, so that a change that comes too late is told by how much.
SET LOCAL lock_timeout = '5s';

ALTER TABLE orders.orders ADD COLUMN touched_at timestamptz;
