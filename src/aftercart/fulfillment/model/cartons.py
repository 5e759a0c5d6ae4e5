"""A carton: what parcels are packed into."""

import msgspec


class Carton(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One kind of carton. ``inner_mm`` is what it holds, ``weight_grams`` its own weight when empty."""

    code: str
    inner_mm: tuple[int, int, int]
    weight_grams: int
    load_grams_max: int
