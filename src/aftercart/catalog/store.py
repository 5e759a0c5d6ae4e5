"""Variants in PostgreSQL."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import msgspec

from aftercart.catalog.model import Variant, VariantKey
from aftercart.kit.state import Change, Kind, Statement


def _lock(keys: Sequence[VariantKey]) -> Statement:
    return Statement(_LOCK, {"skus": [key.sku for key in keys]})


def _load(keys: Sequence[VariantKey]) -> Statement:
    return Statement(_LOAD, {"skus": [key.sku for key in keys]})


def _read(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[VariantKey, Variant]]:
    for (row,) in rows:
        variant = msgspec.json.decode(row, type=Variant)
        yield VariantKey(variant.sku), variant


def _save(changes: Sequence[Change]) -> Iterable[Statement]:
    rows = msgspec.json.encode([change.after for change in changes]).decode()
    return (Statement(_SAVE, {"rows": rows}),)


_LOCK: Final = """
    SELECT sku FROM catalog.variants WHERE sku = ANY(%(skus)s) ORDER BY sku FOR UPDATE
"""

_LOAD: Final = """
    SELECT json_build_object(
        'sku', sku, 'product', product, 'name', name, 'options', options, 'price_minor', price_minor,
        'currency', currency, 'tax_rate_bps', tax_rate_bps, 'gtin', gtin, 'weight_grams', weight_grams,
        'dimensions_mm', dimensions_mm, 'kind', kind, 'substitutes', substitutes, 'components', components,
        'available_from', available_from, 'advantage', advantage, 'production_days', production_days,
        'version', version)::text
    FROM catalog.variants
    WHERE sku = ANY(%(skus)s)
"""

_SAVE: Final = """
    INSERT INTO catalog.variants (
        sku, product, name, options, price_minor, currency, tax_rate_bps, gtin, weight_grams, dimensions_mm, kind,
        substitutes, components, available_from, advantage, production_days, version)
    SELECT
        sku, product, name, options, price_minor, currency, tax_rate_bps, gtin, weight_grams, dimensions_mm, kind,
        substitutes, components, available_from, advantage, production_days, version
    FROM json_to_recordset(%(rows)s) AS r (
        sku text, product text, name text, options jsonb, price_minor bigint, currency text, tax_rate_bps integer,
        gtin text, weight_grams integer, dimensions_mm jsonb, kind text, substitutes jsonb, components jsonb,
        available_from date, advantage jsonb, production_days integer, version integer)
    ORDER BY sku
    ON CONFLICT (sku) DO UPDATE SET
        product = excluded.product, name = excluded.name, options = excluded.options,
        price_minor = excluded.price_minor, currency = excluded.currency, tax_rate_bps = excluded.tax_rate_bps,
        gtin = excluded.gtin, weight_grams = excluded.weight_grams, dimensions_mm = excluded.dimensions_mm,
        kind = excluded.kind, substitutes = excluded.substitutes, components = excluded.components,
        available_from = excluded.available_from, advantage = excluded.advantage,
        production_days = excluded.production_days, version = excluded.version
"""

VARIANTS: Final = Kind(key=VariantKey, rank=20, lock=_lock, load=_load, read=_read, save=_save)
