-- Variants as an order management system needs them: what is sold, at what price and tax, how heavy and how large.
CREATE SCHEMA catalog;

CREATE TABLE catalog.variants (
    sku text PRIMARY KEY,
    product text NOT NULL,
    name text NOT NULL,
    options jsonb NOT NULL,
    price_minor bigint NOT NULL,
    currency text NOT NULL,
    tax_rate_bps integer NOT NULL,
    gtin text,
    weight_grams integer NOT NULL,
    dimensions_mm jsonb NOT NULL,
    kind text NOT NULL,
    substitutes jsonb NOT NULL,
    version integer NOT NULL,
    CONSTRAINT price_is_not_negative CHECK (price_minor >= 0),
    CONSTRAINT tax_rate_is_below_one CHECK (tax_rate_bps >= 0 AND tax_rate_bps < 10000),
    CONSTRAINT weight_is_not_negative CHECK (weight_grams >= 0),
    CONSTRAINT variant_kind_is_known CHECK (kind IN ('stocked', 'made_to_order', 'preorder'))
);
-- "The other size": all variants of one product.
CREATE INDEX variants_by_product ON catalog.variants (product);
