-- How goods travel: delivery methods with every version they had, pickup points, where postcodes are, and how many
-- orders are booked on the trucks of a location and on the slots of a method.
CREATE SCHEMA shipping;

-- Amounts are minor units of `currency`. The methods that are built in have no row until the shop describes them.
CREATE TABLE shipping.methods (
    code text NOT NULL,
    version integer NOT NULL,
    kind text NOT NULL,
    carrier text NOT NULL,
    names jsonb NOT NULL,
    currency text NOT NULL,
    rates jsonb NOT NULL,
    free_from jsonb NOT NULL,
    transit jsonb NOT NULL,
    delivery_days jsonb NOT NULL,
    slots jsonb NOT NULL,
    slot_ahead_days_max integer NOT NULL,
    slot_notice_minutes_min integer NOT NULL,
    timezone text NOT NULL,
    network text,
    weight_grams_max integer,
    active boolean NOT NULL,
    PRIMARY KEY (code, version),
    CONSTRAINT method_version_starts_at_one CHECK (version >= 1),
    CONSTRAINT method_kind_is_known CHECK (kind IN (
        'home_standard', 'home_express', 'scheduled_slot', 'pickup_point', 'store_pickup')),
    CONSTRAINT only_pickup_points_have_a_network CHECK ((kind = 'pickup_point') = (network IS NOT NULL)),
    CONSTRAINT method_has_a_rate CHECK (jsonb_array_length(rates) > 0)
);

-- The index orders points by degrees, which is near enough to begin with: who asks measures the way over the globe.
CREATE TABLE shipping.pickup_points (
    network text NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    address jsonb NOT NULL,
    country text NOT NULL GENERATED ALWAYS AS (address ->> 'country') STORED,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    opening_hours text NOT NULL,
    active boolean NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (network, code),
    CONSTRAINT pickup_point_is_on_earth CHECK (latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180)
);
CREATE INDEX pickup_points_by_place ON shipping.pickup_points USING gist (point(longitude, latitude)) WHERE active;

CREATE TABLE shipping.postcodes (
    country text NOT NULL,
    postcode text NOT NULL,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    PRIMARY KEY (country, postcode),
    CONSTRAINT postcode_is_on_earth CHECK (latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180)
);

-- One row per truck (`floor:LYON`, its cut-off) or slot (`slot:VAN`, its beginning) that was ever booked. `booked` is
-- how many orders each hour before the cut-off has, the last hour first. Busy rows are updated in their page.
CREATE TABLE shipping.capacity (
    resource text NOT NULL,
    at timestamptz NOT NULL,
    booked integer[] NOT NULL,
    PRIMARY KEY (resource, at),
    CONSTRAINT booked_is_not_negative CHECK (0 <= ALL (booked)),
    CONSTRAINT no_zero_comes_last CHECK (coalesce(booked[array_upper(booked, 1)] <> 0, true))
) WITH (fillfactor = 50);
CREATE INDEX capacity_by_time ON shipping.capacity (at);
