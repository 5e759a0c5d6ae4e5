"""The chapter of the story in which hands prepare an order and pack it."""

from typing import Final

from aftercart.web.api.example import Example

_TABLE: Final = "table_order"

FLOOR: Final[tuple[Example, ...]] = (
    Example(
        route="set_packing",
        name="cartons_and_a_gift",
        summary="Two cartons, and candles for large orders",
        body={
            "cartons": [
                {"code": "M", "inner_mm": [400, 300, 200], "weight_grams": 300, "load_grams_max": 20000},
                {"code": "XL", "inner_mm": [2000, 1000, 300], "weight_grams": 2500, "load_grams_max": 40000},
            ],
            "inserts": [
                {
                    "code": "CANDLES",
                    "kind": "gift",
                    "names": {"en": "Two candles", "fr": "Deux bougies"},
                    "value_minor_min": 50000,
                }
            ],
        },
    ),
    Example(route="read_packing", name="what_there_is_to_pack_with", summary="What is in use"),
    Example(
        route="set_packing",
        name="a_carton_without_room",
        summary="A carton that holds nothing",
        status=422,
        body={"cartons": [{"code": "S", "inner_mm": [0, 0, 0], "weight_grams": 100, "load_grams_max": 1000}]},
    ),
    Example(
        route="list_fulfillment_orders",
        name="to_be_fetched",
        summary="What is to be fetched in Lyon",
        query={"location": ["LYON"], "work": ["pick"]},
    ),
    Example(
        route="read_fulfillment_order", name="work_on_the_table", summary="One order's work", of=_TABLE, place="LYON"
    ),
    Example(
        route="read_fulfillment_order",
        name="work_nowhere",
        summary="Nothing of it is there",
        status=404,
        of=_TABLE,
        place="PARIS-11",
    ),
    Example(
        route="open_parcel",
        name="too_early_to_pack",
        summary="Nothing was fetched yet",
        status=409,
        of=_TABLE,
        place="LYON",
    ),
    Example(route="start_preparing", name="hands_on_it", summary="Fetch it", of=_TABLE, place="LYON"),
    Example(route="open_parcel", name="a_parcel", summary="Begin to pack", of=_TABLE, place="LYON"),
    Example(
        route="pack_item",
        name="the_wrong_shoe",
        summary="Something that does not belong there",
        status=409,
        of=_TABLE,
        place="1",
        body={"code": "RUN-41-BLACK"},
    ),
    Example(
        route="pack_item",
        name="the_table",
        summary="The second check",
        of=_TABLE,
        place="1",
        body={"code": "TABLE-180"},
    ),
    Example(route="read_carton_proposal", name="which_carton", summary="Which carton holds it?", of=_TABLE, place="1"),
    Example(
        route="unpack_item", name="out_again", summary="Out again", of=_TABLE, place="1", body={"code": "TABLE-180"}
    ),
    Example(route="void_parcel", name="another_carton", summary="That carton is too small", of=_TABLE, place="1"),
    Example(
        route="finish_preparing",
        name="all_in_one",
        summary="All that was fetched, in one parcel",
        of=_TABLE,
        place="LYON",
        body={"carton": "XL", "weight_grams": 31500},
    ),
    Example(route="reopen_parcel", name="look_again", summary="One more look", of=_TABLE, place="2"),
    Example(
        route="close_parcel",
        name="closed",
        summary="Close it",
        of=_TABLE,
        place="2",
        body={"carton": "XL", "inserts": ["CANDLES"]},
    ),
    Example(route="request_label", name="one_is_enough", summary="The carrier is being asked", of=_TABLE, place="2"),
    Example(
        route="hand_over_parcel",
        name="without_a_label",
        summary="Nobody would know where it goes",
        status=409,
        of=_TABLE,
        place="2",
        body={"handover": "2026-03-05-evening"},
    ),
    Example(
        route="put_units_back",
        name="nothing_taken_back",
        summary="Nobody took anything back",
        status=409,
        of=_TABLE,
        place="LYON",
        body={"code": "TABLE-180"},
    ),
    Example(route="read_parcel", name="one_parcel", summary="A parcel", of=_TABLE, place="2"),
    Example(
        route="list_parcels",
        name="waiting_for_the_truck",
        summary="What waits for its carrier",
        query={"location": ["LYON"], "status": ["closed"]},
    ),
    Example(
        route="track_parcel",
        name="of_another_shop",
        summary="A parcel that is not ours",
        status=404,
        body={
            "tracking_number": "8J00000000000",
            "event": "LIV-1",
            "status": "delivered",
            "at": "2026-03-06T10:12:00+01:00",
        },
    ),
)
