"""What a customer's page shows besides the order itself: what happened to it, and what its locations are called."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

import msgspec

from aftercart.kit.database import Database
from aftercart.views.timeline import RecordedEvent


class PageFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The order's events from the first on, and the names of all locations by their codes."""

    events: tuple[RecordedEvent, ...]
    location_names: Mapping[str, str]


_decode: Final = msgspec.json.Decoder(PageFacts).decode


async def find_page_facts(database: Database, order_id: UUID) -> PageFacts:
    """Returns what the page of an order needs, in one round trip."""
    return _decode((await database.rows(_FIND, {"stream": order_id}))[0][0])


_FIND: Final = """
    SELECT json_build_object(
        'events', (
            SELECT coalesce(json_agg(json_build_object(
                'seq', e.seq, 'type', e.type, 'at', e.at, 'actor', e.actor, 'data', e.data) ORDER BY e.seq), '[]')
            FROM kit.event_log AS e
            WHERE e.stream = %(stream)s),
        'location_names', (
            SELECT coalesce(json_object_agg(k.code, k.name), '{}')
            FROM inventory.locations AS k))::text
"""
