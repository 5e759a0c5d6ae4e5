-- How a customer without an account reaches their order: links by mail, and codes that prove whose mailbox it is.
-- Tokens and codes are derived from the server's secret, so nothing that lets somebody in stands here.
CREATE TABLE access.customer_links (
    order_id uuid NOT NULL,
    link_id uuid NOT NULL,
    token_hash text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (order_id, link_id),
    CONSTRAINT one_link_per_token UNIQUE (token_hash),
    CONSTRAINT a_link_ends_after_it_began CHECK (expires_at > created_at)
);

CREATE TABLE access.customer_codes (
    order_id uuid NOT NULL,
    code_id uuid NOT NULL,
    purpose text NOT NULL,
    code_hash text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    attempts integer NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (order_id, code_id),
    CONSTRAINT code_purpose_is_known CHECK (purpose IN ('sign_in', 'confirm_change')),
    CONSTRAINT a_code_ends_after_it_began CHECK (expires_at > created_at),
    CONSTRAINT a_code_is_tried_at_most_five_times CHECK (attempts >= 0 AND attempts <= 5),
    CONSTRAINT a_code_is_used_by_a_try_in_time CHECK (used_at IS NULL OR (attempts > 0 AND used_at < expires_at))
);
CREATE INDEX customer_codes_by_time ON access.customer_codes (order_id, created_at);
