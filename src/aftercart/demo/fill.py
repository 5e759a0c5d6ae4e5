"""Fills a shop with the demo, through the same commands that any caller gives."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from aftercart.catalog.decisions.upsert_variants import UpsertVariants, VariantDefinition
from aftercart.demo.orders import Story, command_of, demo_stories
from aftercart.demo.places import CHANNELS, LOCATIONS
from aftercart.demo.products import PRODUCTS, demo_variants
from aftercart.demo.relays import demo_pickup_points, demo_postcodes
from aftercart.demo.stock import Purchase, opening_stock, purchases, safety_stock
from aftercart.inventory.decisions.receive_stock import ReceiveStock
from aftercart.inventory.decisions.upsert_locations import UpsertLocations
from aftercart.kit.commands import Actor
from aftercart.orders.decisions.upsert_channels import UpsertChannels
from aftercart.shipping.decisions.upsert_pickup_points import UpsertPickupPoints
from aftercart.shipping.decisions.upsert_postcodes import UpsertPostcodes
from aftercart.shop import Shop

DEMO: Final = Actor(name="demo", role="integrator")
"""The demo acts as a machine that brings orders from elsewhere: these may say when they were placed."""


_BEFORE_A_CHANGE: Final = timedelta(minutes=12)


class DemoSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What the demo consists of; ``already_filled`` when it was there and nothing was done."""

    products: int
    variants: int
    locations: int
    channels: int
    orders: int
    already_filled: bool


async def fill_demo(shop: Shop) -> DemoSummary:
    """Fills the shop with the demo's catalog, places, stock and orders; a second time changes nothing.

    One that was interrupted goes on where it was. What was changed by hand since then is left as it is.
    """
    today = shop.clock.now().date()
    variants = demo_variants(today)
    stories = demo_stories(variants)
    filled = await shop.database.rows(_FIND_PLACED, {"references": [stories[-1].reference]})
    if not filled:
        await _open(shop, variants)
        await _purchase(shop, purchases(variants, today=today))
        await _place_all(shop, variants, stories)
    return DemoSummary(
        products=len(PRODUCTS),
        variants=len(variants),
        locations=len(LOCATIONS),
        channels=len(CHANNELS),
        orders=len(stories),
        already_filled=bool(filled),
    )


async def _open(shop: Shop, variants: Sequence[VariantDefinition]) -> None:
    await shop.submit(UpsertVariants(variants=tuple(variants)), DEMO)
    await shop.submit(UpsertLocations(locations=LOCATIONS), DEMO)
    await shop.submit(UpsertChannels(channels=CHANNELS), DEMO)
    await shop.submit(UpsertPostcodes(postcodes=demo_postcodes()), DEMO)
    await shop.submit(UpsertPickupPoints(points=demo_pickup_points()), DEMO)
    receipts = tuple(opening_stock(variants))
    await _receive(shop, receipts)
    for wish in safety_stock(receipts):
        await shop.submit(wish, DEMO, key=f"safety {wish.location}")


async def _receive(shop: Shop, receipts: Sequence[ReceiveStock]) -> None:
    references = [receipt.reference for receipt in receipts]
    received = {reference for (reference,) in await shop.database.rows(_FIND_RECEIVED, {"references": references})}
    for receipt in receipts:
        # An idempotency key is forgotten after two days; the reference in the ledger stays.
        if receipt.reference not in received:
            await shop.submit(receipt, DEMO, key=receipt.reference)


async def _purchase(shop: Shop, purchased: Sequence[Purchase]) -> None:
    references = [purchase.reference for purchase in purchased]
    told = dict(await shop.database.rows(_FIND_TOLD, {"references": references}))
    for purchase in purchased:
        for number, wish in enumerate(purchase.announcements):
            if number >= told.get(purchase.reference, 0):
                await shop.submit(wish, DEMO, key=f"{purchase.reference} {number}")
    await _receive(shop, [purchase.arrived for purchase in purchased if purchase.arrived is not None])


async def _place_all(shop: Shop, variants: Sequence[VariantDefinition], stories: Sequence[Story]) -> None:
    catalog = {variant.sku: variant for variant in variants}
    references = [story.reference for story in stories]
    placed = dict(await shop.database.rows(_FIND_PLACED, {"references": references}))
    for story in stories:
        placed_at = shop.clock.now() - timedelta(hours=story.hours_ago)
        order_id = placed.get(story.reference) or await _place(shop, story, catalog, placed_at)
        for number, change in enumerate(story.changes):
            changed_at = placed_at + (number + 1) * _BEFORE_A_CHANGE
            await shop.submit(change(order_id), DEMO, key=f"{story.reference} change {number}", now=changed_at)


async def _place(shop: Shop, story: Story, catalog: Mapping[str, VariantDefinition], placed_at: datetime) -> UUID:
    wish = command_of(story, catalog=catalog, placed_at=placed_at)
    answer = await shop.submit(wish, DEMO, now=placed_at)
    return answer.after.order_id


_FIND_PLACED: Final = """
    SELECT reference, order_id FROM orders.orders WHERE reference = ANY(%(references)s)
"""

# Every announcement after the first one made another version of some line.
_FIND_TOLD: Final = """
    SELECT reference, max(version) FROM inventory.supply WHERE reference = ANY(%(references)s) GROUP BY reference
"""

_FIND_RECEIVED: Final = """
    SELECT DISTINCT reference FROM inventory.movements WHERE reference = ANY(%(references)s)
"""
