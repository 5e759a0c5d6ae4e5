"""The carrier sells a label once for each key, takes it back until it has the parcel, and tells what became of it."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.integrations.sandbox.carrier.parcels import TO_A_POINT, recipient, request
from tests.scenario import NOW

from aftercart.integrations.sandbox.carrier.client import SandboxCarrier
from aftercart.integrations.sandbox.carrier.desk import EVENTS_MAX, Desk
from aftercart.integrations.sandbox.carrier.journal import Bought, Journal, JournalInUse, read_journal
from aftercart.integrations.sandbox.carrier.tracking_numbers import is_tracking_number
from aftercart.kit.clock import SimulatedClock
from aftercart.shipping.ports import (
    Carrier,
    LabelRefusedByCarrier,
    LabelRefusedReason,
    LabelRequest,
    ParcelHandedOver,
    TrackingEvent,
    UnknownParcel,
)


def sold(folder: Path) -> Counter[str]:
    """Return how many labels were billed under each key."""
    return Counter(entry.request.key for entry in read_journal(folder) if isinstance(entry, Bought))


async def refusal(carrier: Carrier, asked: LabelRequest) -> tuple[str, LabelRefusedReason]:
    with pytest.raises(LabelRefusedByCarrier) as refused:
        await carrier.buy_label(asked)
    return refused.value.param, refused.value.reason


async def all_events(carrier: Carrier) -> list[TrackingEvent]:
    """Return all events, page after page as they are told."""
    told: list[TrackingEvent] = []
    page: Sequence[TrackingEvent]
    page, after = await carrier.tracking_events("")
    while page:
        told += page
        page, after = await carrier.tracking_events(after)
    return told


async def test_a_key_is_sold_one_label_however_often_and_at_once_it_is_asked_for(
    carrier: SandboxCarrier, folder: Path
) -> None:
    labels = await asyncio.gather(*(carrier.buy_label(request()) for _ in range(20)))
    assert is_tracking_number(labels[0].tracking_number)
    assert labels == [labels[0]] * 20
    assert await carrier.find_label("label-1") == labels[0]
    assert sold(folder) == {"label-1": 1}


async def test_other_keys_get_other_numbers(carrier: SandboxCarrier) -> None:
    labels = [await carrier.buy_label(request(key)) for key in ("a", "b", "é/?&=#%", "..")]
    assert len({label.tracking_number for label in labels}) == 4
    assert [await carrier.find_label(key) for key in ("a", "b", "é/?&=#%", "..")] == labels


@pytest.mark.parametrize("changes", [{"weight_grams": 1_001}, {"recipient": recipient(line1="2 rue de la Paix")}])
async def test_a_key_is_good_for_one_request(changes: dict[str, Any], carrier: SandboxCarrier, folder: Path) -> None:
    label = await carrier.buy_label(request())
    assert await refusal(carrier, request(**changes)) == ("key", LabelRefusedReason.KEY_REUSED)
    assert await carrier.buy_label(request()) == label
    assert sold(folder) == {"label-1": 1}


async def test_a_refusal_names_the_field_and_uses_up_nothing(carrier: SandboxCarrier, folder: Path) -> None:
    bad = request(recipient=recipient(postcode="99123"))
    assert await refusal(carrier, bad) == ("recipient.address.postcode", LabelRefusedReason.BAD_ADDRESS)
    assert await carrier.find_label("label-1") is None
    assert sold(folder) == {}
    await carrier.buy_label(request())


async def test_a_label_is_given_back_once_and_for_all(carrier: SandboxCarrier, folder: Path) -> None:
    await carrier.buy_label(request())
    for _ in range(2):
        await carrier.void_label("label-1")
    assert await carrier.find_label("label-1") is None
    assert await refusal(carrier, request()) == ("key", LabelRefusedReason.VOIDED)
    assert sold(folder) == {"label-1": 1}


async def test_a_request_that_comes_after_its_key_was_voided_comes_to_nothing(
    carrier: SandboxCarrier, folder: Path
) -> None:
    await carrier.void_label("label-1")
    assert await refusal(carrier, request()) == ("key", LabelRefusedReason.VOIDED)
    assert sold(folder) == {}


async def test_a_parcel_that_was_handed_over_cannot_be_called_back(carrier: SandboxCarrier) -> None:
    label = await carrier.buy_label(request())
    for _ in range(2):
        await carrier.announce_handover([label.tracking_number, label.tracking_number])
    with pytest.raises(ParcelHandedOver):
        await carrier.void_label("label-1")
    assert await carrier.find_label("label-1") == label
    assert [event.status.value for event in await all_events(carrier)] == ["announced", "in_transit"]


@pytest.mark.parametrize("unknown", ["CB473124829FR", "voided"])
async def test_a_handover_with_an_unknown_parcel_is_none_at_all(unknown: str, carrier: SandboxCarrier) -> None:
    good = await carrier.buy_label(request())
    voided = await carrier.buy_label(request("voided"))
    await carrier.void_label("voided")
    number = voided.tracking_number if unknown == "voided" else unknown
    with pytest.raises(UnknownParcel, match=number):
        await carrier.announce_handover([good.tracking_number, number])
    await carrier.void_label("label-1")


def test_what_happened_is_told_when_it_has_happened_and_in_pages_that_never_change(
    folder: Path, clock: SimulatedClock
) -> None:
    with Journal(folder) as journal:
        desk = Desk(journal, clock)
        numbers = [desk.buy(request(f"key-{number}")).tracking_number for number in range(300)]
        desk.hand_over(numbers)
        first, after = desk.events(0)
        assert (len(first), after) == (EVENTS_MAX, EVENTS_MAX), "announced and in transit"
        clock.advance_to(clock.now() + timedelta(days=6))
        pages = [desk.events(place)[0] for place in range(0, 1_500, EVENTS_MAX)]
    told = [event for page in pages for event in page]
    assert pages[0] == first
    assert len(told) == 300 * 4
    assert len({event.event_id for event in told}) == len(told)
    assert all(event.at <= clock.now() for event in told)
    assert [event.at for event in told] == sorted(event.at for event in told)
    of_one = [event.status.value for event in told if event.tracking_number == numbers[7]]
    assert of_one == ["announced", "in_transit", "out_for_delivery", "delivered"]


async def test_nothing_is_skipped_that_is_planned_for_a_moment_that_was_asked_about(
    carrier: SandboxCarrier, clock: SimulatedClock
) -> None:
    seen: list[TrackingEvent] = []
    after = ""
    for number in range(5):
        label = await carrier.buy_label(request(f"key-{number}"))
        page, after = await carrier.tracking_events(after)
        seen += page
        await carrier.announce_handover([label.tracking_number])
        page, after = await carrier.tracking_events(after)
        seen += page
    assert [event.status.value for event in seen] == ["announced", "in_transit"] * 5
    assert await carrier.tracking_events(after) == ((), after)
    assert clock.now() == seen[-1].at


async def test_a_messy_parcel_is_told_of_twice_and_in_the_wrong_order(
    carrier: SandboxCarrier, clock: SimulatedClock
) -> None:
    label = await carrier.buy_label(request(**TO_A_POINT, marks="+messy"))
    await carrier.announce_handover([label.tracking_number])
    clock.advance_to(clock.now() + timedelta(days=30))
    told = await all_events(carrier)
    assert [event.status.value for event in told] == [
        "announced", "available_at_point", "delivered", "in_transit", "delivered",
    ]  # fmt: skip
    assert told[2] == told[4]
    assert told[3].at < told[2].at


async def test_a_voided_parcel_is_not_told_of(carrier: SandboxCarrier) -> None:
    await carrier.buy_label(request())
    await carrier.void_label("label-1")
    assert await all_events(carrier) == []


async def test_two_carriers_never_keep_one_journal(port: int, folder: Path) -> None:
    assert port
    with pytest.raises(JournalInUse):
        Journal(folder)


def test_a_line_that_was_cut_off_is_forgotten(folder: Path) -> None:
    entry = Bought(request=request(), tracking_number="CB473124829FR", price_minor=520, at=NOW)
    with Journal(folder) as journal:
        journal.write([entry])
    with (folder / "journal.jsonl").open("ab") as file:
        file.write(msgspec.json.encode(entry)[:-9])
    with Journal(folder) as journal:
        assert journal.entries == [entry]
        journal.write([entry])
    assert read_journal(folder) == [entry, entry]
