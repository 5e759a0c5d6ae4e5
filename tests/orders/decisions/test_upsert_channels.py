"""Channels are added, or changed in what they do when stock is missing."""

from collections.abc import Callable
from typing import Any

import msgspec
from tests.scenario import BACKORDERS
from tests.story import given

from aftercart.kit.refusal import Invalid
from aftercart.orders.decisions.upsert_channels import UpsertChannels, upsert_channels
from aftercart.orders.events import ChannelsUpserted
from aftercart.orders.model import Channel, MissingStockPolicy

Known = dict[str, Channel]


def upsert(*channels: tuple[str, str]) -> UpsertChannels:
    described: list[Any] = [{"code": code, "missing_stock": policy} for code, policy in channels]
    return msgspec.convert({"channels": described}, UpsertChannels)


def decide(command: UpsertChannels) -> Callable[[Known], tuple[ChannelsUpserted, ...]]:
    return lambda known: upsert_channels(command, known.get)[0]


def channel(code: str, policy: str, version: int) -> Channel:
    return Channel(code=code, missing_stock=MissingStockPolicy(policy), version=version)


def test_a_new_channel_begins_at_version_one() -> None:
    nothing: Known = {}
    given(nothing).when(decide(upsert(("web", "refuse")))).then(
        ChannelsUpserted(channels=(channel("web", "refuse", 1),))
    )


def test_a_changed_channel_gets_the_next_version_and_the_others_are_not_mentioned() -> None:
    known = {"web": BACKORDERS, "shop": channel("shop", "refuse", 4)}
    command = upsert(("web", "refuse"), ("shop", "refuse"))
    given(known).when(decide(command)).then(ChannelsUpserted(channels=(channel("web", "refuse", 2),)))
    assert upsert_channels(command, known.get)[1] == (0, 1, 1)


def test_channels_that_are_as_described_change_nothing() -> None:
    given({"web": BACKORDERS}).when(decide(upsert(("web", "backorder")))).then()


def test_a_channel_refuses_missing_stock_unless_told_otherwise() -> None:
    command = msgspec.convert({"channels": [{"code": "web"}]}, UpsertChannels)
    assert command.channels[0].missing_stock is MissingStockPolicy.REFUSE


def test_a_channel_named_twice_is_refused() -> None:
    command = upsert(("web", "refuse"), ("web", "backorder"))
    given({"web": BACKORDERS}).when(decide(command)).then_refused(Invalid, param="channels[1].code", got="web")
