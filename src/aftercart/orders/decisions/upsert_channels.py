"""Adding channels, or changing what they do when stock is missing."""

from collections.abc import Callable
from typing import Annotated

import msgspec

from aftercart.kit.commands import Command
from aftercart.kit.refusal import Invalid
from aftercart.orders.events import ChannelsUpserted
from aftercart.orders.model import Channel, MissingStockPolicy


class ChannelDefinition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A channel as its owner describes it."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    missing_stock: MissingStockPolicy = MissingStockPolicy.REFUSE


class UpsertChannels(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Add these channels, or bring those that exist to what is described here."""

    channels: Annotated[tuple[ChannelDefinition, ...], msgspec.Meta(min_length=1, max_length=100)]


def upsert_channels(
    command: UpsertChannels, find_channel: Callable[[str], Channel | None]
) -> tuple[tuple[ChannelsUpserted, ...], tuple[int, int, int]]:
    """Returns the event for what is new or different, and how many were created, updated, unchanged."""
    changed: list[Channel] = []
    created = 0
    seen: set[str] = set()
    for index, definition in enumerate(command.channels):
        if definition.code in seen:
            raise Invalid(param=f"channels[{index}].code", expected="each code once per call", got=definition.code)
        seen.add(definition.code)
        current = find_channel(definition.code)
        if current is None:
            created += 1
            changed.append(Channel(code=definition.code, missing_stock=definition.missing_stock, version=1))
        elif current.missing_stock is not definition.missing_stock:
            version = current.version + 1
            changed.append(Channel(code=definition.code, missing_stock=definition.missing_stock, version=version))
    events = (ChannelsUpserted(channels=tuple(changed)),) if changed else ()
    return events, (created, len(changed) - created, len(command.channels) - len(changed))
