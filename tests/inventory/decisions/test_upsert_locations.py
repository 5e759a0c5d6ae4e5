"""Places are added, or brought to what their owner describes."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from tests.scenario import LYON, W1, W2, location
from tests.story import given

from aftercart.inventory.decisions.upsert_locations import UpsertLocations, upsert_locations
from aftercart.inventory.events import LocationsUpserted
from aftercart.inventory.model import Location
from aftercart.kit.refusal import Invalid

Known = dict[str, Location]
NOTHING: Known = {}


def described(place: Location, **changes: object) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(place)
    del told["version"]
    return told | changes


def upsert(*places: dict[str, Any]) -> UpsertLocations:
    return msgspec.convert({"locations": list(places)}, UpsertLocations)


def decide(*places: dict[str, Any]) -> Callable[[Known], tuple[LocationsUpserted, ...]]:
    return lambda known: upsert_locations(upsert(*places), known.get)[0]


def test_new_places_begin_at_version_one() -> None:
    given(NOTHING).when(decide(described(W1), described(W2))).then(LocationsUpserted(locations=(W1, W2)))


def test_a_changed_place_gets_the_next_version_and_the_others_are_not_mentioned() -> None:
    changed = location("W1", cutoff="15:30", version=2)
    places = (described(W1, cutoff="15:30"), described(W2))
    given({"W1": W1, "W2": W2}).when(decide(*places)).then(LocationsUpserted(locations=(changed,)))
    assert upsert_locations(upsert(*places), {"W1": W1}.get)[1] == (1, 1, 0)
    assert upsert_locations(upsert(*places), {"W1": W1, "W2": W2}.get)[1] == (0, 1, 1)


def test_places_that_are_as_described_change_nothing() -> None:
    given({"W1": W1}).when(decide(described(W1))).then()


def test_working_days_in_another_order_and_an_untidy_address_change_nothing() -> None:
    untidy = {**msgspec.to_builtins(LYON), "line1": " 5  quai Perrache"}
    given({"W1": W1}).when(decide(described(W1, working_days=[5, 4, 3, 2, 1], address=untidy))).then()


def test_a_place_tells_where_it_lies_when_it_is_open_and_what_it_keeps() -> None:
    lies = {"latitude": 49.12, "longitude": 6.18}
    told: dict[str, Any] = {
        "coordinates": lies,
        "opens": "06:30",
        "closed_dates": ["2026-12-24", "2026-05-02"],
        "holiday_region": "FR-57",
        "floor_units": 2,
        "parcel_cost_minor": 410,
    }
    metz = location("W1", **(told | {"closed_dates": ["2026-05-02", "2026-12-24"]}))
    given(NOTHING).when(decide(described(W1, **told))).then(LocationsUpserted(locations=(metz,)))
    given({"W1": metz}).when(decide(described(W1, **told))).then()


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"code": "W1"}, "locations[1].code"),
        ({"timezone": "Europe/Atlantis"}, "locations[1].timezone"),
        ({"working_days": [1, 1]}, "locations[1].working_days"),
        ({"closed_dates": ["2026-05-01", "2026-05-01"]}, "locations[1].closed_dates"),
        ({"opens": "14:00"}, "locations[1].opens"),
        ({"cutoff": "07:30"}, "locations[1].opens"),
        ({"address": {**msgspec.to_builtins(LYON), "postcode": "0"}}, "locations[1].address.postcode"),
    ],
)
def test_a_place_that_cannot_be_is_refused_with_its_field(changes: dict[str, Any], param: str) -> None:
    given(NOTHING).when(decide(described(W1), described(W2, **changes))).then_refused(Invalid, param=param)


@pytest.mark.parametrize("field", ["opens", "cutoff"])
@pytest.mark.parametrize("text", ["24:00", "7:30", "12:60", "noon"])
def test_opening_and_cutoff_are_times_of_day(field: str, text: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        upsert(described(W1, **{field: text}))


@pytest.mark.parametrize("region", ["FR", "FR57", "fr-57", "FR-57\n", "FR-5700"])
def test_a_region_is_written_as_iso_3166_2_has_it(region: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        upsert(described(W1, holiday_region=region))
