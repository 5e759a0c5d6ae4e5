"""Bringing directories in, chunk by chunk: each chunk is one command, and so is there as a whole or not at all."""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

import msgspec

from aftercart.kit.commands import Actor, Command, Lane, UpsertResult
from aftercart.shipping.decisions.upsert_pickup_points import PickupPointDefinition, UpsertPickupPoints
from aftercart.shipping.decisions.upsert_postcodes import PostcodeDefinition, UpsertPostcodes
from aftercart.shop import Shop, open_shop

CHUNK: Final = 1_000
T = TypeVar("T")

Said = Callable[[int, int], None]
"""``said(done, of)`` hears how many entries are in the shop."""


async def import_pickup_points(url: str, points: Sequence[PickupPointDefinition], *, said: Said) -> UpsertResult:
    """Brings pickup points into the shop at ``url`` (migrated already); started again it changes nothing twice.

    Raises ``Overloaded`` or ``Fault``; the chunks before are in the shop then.
    """
    async with open_shop(url) as shop:
        actor = Actor(name="import pickup-points", role="integrator")
        return await _submit(shop, actor, points, lambda chunk: UpsertPickupPoints(points=chunk), said=said)


async def import_postcodes(url: str, postcodes: Sequence[PostcodeDefinition], *, said: Said) -> UpsertResult:
    """Brings postcodes into the directory of the shop at ``url``, as ``import_pickup_points`` does."""
    async with open_shop(url) as shop:
        actor = Actor(name="import postcodes", role="integrator")
        return await _submit(shop, actor, postcodes, lambda chunk: UpsertPostcodes(postcodes=chunk), said=said)


async def _submit(
    shop: Shop, actor: Actor, entries: Sequence[T], command_of: Callable[[tuple[T, ...]], Command], *, said: Said
) -> UpsertResult:
    created = updated = unchanged = 0
    for start in range(0, len(entries), CHUNK):
        chunk = tuple(entries[start : start + CHUNK])
        answer = await shop.submit(command_of(chunk), actor, lane=Lane.BACKGROUND)
        result = msgspec.json.decode(answer.result, type=UpsertResult)
        created, updated = created + result.created, updated + result.updated
        unchanged += result.unchanged
        said(start + len(chunk), len(entries))
    return UpsertResult(created=created, updated=updated, unchanged=unchanged)
