"""Deciding what orders are packed with from now on."""

from collections.abc import Sequence
from typing import Annotated

import msgspec

from aftercart.fulfillment.events import PackingSet
from aftercart.fulfillment.model import Carton, Insert, Packing
from aftercart.kit.commands import Command
from aftercart.kit.refusal import Invalid

CARTONS_MAX = 100
INSERTS_MAX = 100
SIDE_MM_MAX = 5_000
GRAMS_MAX = 1_000_000


class SetPacking(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Set the cartons, the inserts, or both; what is not given stays as it is."""

    cartons: Annotated[tuple[Carton, ...], msgspec.Meta(max_length=CARTONS_MAX)] | None = None
    inserts: Annotated[tuple[Insert, ...], msgspec.Meta(max_length=INSERTS_MAX)] | None = None


class PackingRef(msgspec.Struct, frozen=True, kw_only=True):
    """The version of the packing that is in force."""

    version: int


def set_packing(command: SetPacking, current: Packing) -> tuple[tuple[PackingSet, ...], int]:
    """Returns the event, none when all of it is so already, and the version in force; raises ``Invalid``."""
    cartons = current.cartons if command.cartons is None else command.cartons
    inserts = current.inserts if command.inserts is None else command.inserts
    _check_cartons(cartons)
    _require_once("inserts", [one.code for one in inserts])
    if (cartons, inserts) == (current.cartons, current.inserts):
        return (), current.version
    packing = Packing(version=current.version + 1, cartons=cartons, inserts=inserts)
    return (PackingSet(packing=packing),), packing.version


def _check_cartons(cartons: Sequence[Carton]) -> None:
    _require_once("cartons", [one.code for one in cartons])
    for index, carton in enumerate(cartons):
        at = f"cartons[{index}]"
        if not carton.code:
            raise Invalid(param=f"{at}.code", expected="at least one character", got=carton.code)
        if not all(1 <= side <= SIDE_MM_MAX for side in carton.inner_mm):
            raise Invalid(param=f"{at}.inner_mm", expected=f"a number from 1 to {SIDE_MM_MAX}", got=carton.inner_mm)
        if not 0 <= carton.weight_grams <= GRAMS_MAX:
            expected = f"a number from 0 to {GRAMS_MAX}"
            raise Invalid(param=f"{at}.weight_grams", expected=expected, got=carton.weight_grams)
        if not 1 <= carton.load_grams_max <= GRAMS_MAX:
            expected = f"a number from 1 to {GRAMS_MAX}"
            raise Invalid(param=f"{at}.load_grams_max", expected=expected, got=carton.load_grams_max)


def _require_once(param: str, codes: Sequence[str]) -> None:
    for index, code in enumerate(codes):
        if code in codes[:index]:
            raise Invalid(param=f"{param}[{index}].code", expected="each code once", got=code)
