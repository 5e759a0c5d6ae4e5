-- Who may call the API: one row per key, only the hash of the secret is kept.
CREATE SCHEMA access;

CREATE TABLE access.api_keys (
    key_id uuid PRIMARY KEY,
    secret_hash text NOT NULL,
    role text NOT NULL,
    label text NOT NULL,
    order_id uuid,
    created_at timestamptz NOT NULL,
    CONSTRAINT one_key_per_secret UNIQUE (secret_hash),
    CONSTRAINT role_is_known CHECK (role IN (
        'admin', 'manager', 'agent', 'picker', 'packer', 'store', 'partner', 'integrator', 'customer')),
    CONSTRAINT only_customers_are_bound_to_an_order CHECK (order_id IS NULL OR role = 'customer')
);
