"""What is packed with: cartons that can exist, each code once, and inserts that go along once."""

from typing import Any

import msgspec
import pytest
from tests.fulfillment.desk import Desk
from tests.scenario import order, variant

from aftercart.fulfillment.decisions.close_parcel import CloseParcel
from aftercart.fulfillment.decisions.finish_preparing import FinishPreparing
from aftercart.fulfillment.decisions.set_packing import SetPacking, set_packing
from aftercart.fulfillment.events import PackingSet
from aftercart.fulfillment.model import Packing
from aftercart.fulfillment.rules.packing import inserts_for, proposed_carton
from aftercart.kit.refusal import Invalid

SMALL = {"code": "S", "inner_mm": (200, 200, 100), "weight_grams": 120, "load_grams_max": 5_000}
LARGE = {"code": "L", "inner_mm": (400, 300, 200), "weight_grams": 300, "load_grams_max": 20_000}
CANDLE = {"code": "CANDLE", "kind": "gift", "names": {"en": "A candle", "fr": "Une bougie"}, "value_minor_min": 2_000}
READ_ME = {
    "code": "READ",
    "kind": "leaflet",
    "names": {"en": "How to", "fr": "Mode d'emploi"},
    "products": ["product-B"],
}


def decided(current: Packing = Packing(), **wish: Any) -> tuple[tuple[PackingSet, ...], int]:  # noqa: B008 - frozen
    return set_packing(msgspec.convert(wish, SetPacking), current)


def packing(**wish: Any) -> Packing:
    ((event,), _) = decided(**wish)
    return event.packing


def desk_with(in_use: Packing, *ledger: str) -> Desk:
    desk = Desk(order(*ledger))
    desk.packing = in_use
    desk.variants = {sku: variant(sku) for sku in ("A", "B")}
    return desk


def test_what_is_not_given_stays_as_it_is() -> None:
    first = packing(cartons=[SMALL])
    ((event,), version) = decided(first, inserts=[CANDLE])
    assert (event.packing.cartons, version) == (first.cartons, 2)
    assert decided(event.packing, cartons=[SMALL]) == ((), 2)


@pytest.mark.parametrize(
    ("wish", "param"),
    [
        ({"cartons": [SMALL, SMALL]}, "cartons[1].code"),
        ({"cartons": [SMALL | {"code": ""}]}, "cartons[0].code"),
        ({"cartons": [SMALL | {"inner_mm": (0, 1, 1)}]}, "cartons[0].inner_mm"),
        ({"cartons": [SMALL | {"weight_grams": -1}]}, "cartons[0].weight_grams"),
        ({"cartons": [LARGE, SMALL | {"load_grams_max": 0}]}, "cartons[1].load_grams_max"),
        ({"inserts": [CANDLE, CANDLE]}, "inserts[1].code"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(wish: dict[str, Any], param: str) -> None:
    with pytest.raises(Invalid) as refused:
        decided(**wish)
    assert refused.value.param == param


def test_the_smallest_carton_is_proposed_and_what_stays_empty_is_recorded() -> None:
    in_use = packing(cartons=[LARGE, SMALL])
    desk = desk_with(in_use, "1 A W1 picked 2")
    parcel = desk.packs("A", "A")
    proposal = proposed_carton(in_use, parcel.contents, desk.variants)
    assert proposal.carton is not None
    assert proposal.carton.code == "S"
    desk.does(CloseParcel, parcel=1, carton="S")
    # Two pieces of 100 x 100 x 50 mm in 200 x 200 x 100 mm.
    assert (desk.parcels[0].void_bps, desk.parcels[0].weight_grams) == (7_500, 120 + 2 * 500)


@pytest.mark.parametrize(("command", "where"), [(CloseParcel, {"parcel": 1}), (FinishPreparing, {"location": "W1"})])
def test_only_a_carton_in_use_is_taken(command: type[Any], where: dict[str, Any]) -> None:
    desk = desk_with(packing(cartons=[SMALL]), "1 A W1 picked 2")
    desk.packs("A")
    with pytest.raises(Invalid) as refused:
        desk.would(command, carton="XXL", **where)
    assert refused.value.param == "carton"


def test_an_insert_goes_along_once_and_only_where_it_matches() -> None:
    in_use = packing(inserts=[CANDLE, READ_ME])
    desk = desk_with(in_use, "1 A W1 picked 2")
    assert [one.code for one in inserts_for(in_use, desk.order, ())] == ["CANDLE"]
    desk.packs("A")
    with pytest.raises(Invalid) as refused:
        desk.would(CloseParcel, parcel=1, inserts=("CANDLE", "NOTHING"))
    assert refused.value.param == "inserts[1]"
    desk.does(CloseParcel, parcel=1, inserts=("CANDLE",))
    assert inserts_for(in_use, desk.order, desk.parcels) == ()
    assert [one.code for one in inserts_for(in_use, order("1 B W1 picked 1"), ())] == ["READ"]
