"""The chapter of the story in which a picker walks: bins, a wave, scans, and what is not where it should be."""

from typing import Final

from aftercart.web.api.example import Example
from aftercart.web.api.example_bodies import order

_WALKED: Final = "order_to_walk"

PICKING: Final[tuple[Example, ...]] = (
    Example(
        route="upsert_bins",
        name="three_bins",
        summary="Two aisles of the warehouse",
        body={
            "location": "LYON",
            "bins": [
                {"code": f"{name}-01", "aisle": aisle, "bay": 1, "level": 1, "x_m": 3.0 * aisle, "y_m": 1.0}
                for aisle, name in enumerate("ABC", start=1)
            ],
        },
    ),
    Example(
        route="put_away_stock",
        name="into_the_racks",
        summary="What arrived is laid into bins",
        body={
            "location": "LYON",
            "lines": [
                {"sku": "RUN-41-BLACK", "bin": "A-01", "quantity": 8},
                {"sku": "RUN-43-BLACK", "bin": "B-01", "quantity": 10},
            ],
        },
    ),
    Example(
        route="move_bin_stock",
        name="nearer_to_the_front",
        summary="Two pairs into another bin",
        body={
            "location": "LYON",
            "source": "B-01",
            "target": "C-01",
            "lines": [{"sku": "RUN-43-BLACK", "quantity": 2}],
        },
    ),
    Example(
        route="count_bin",
        name="cycle_count",
        summary="One pair fewer than the books say",
        body={"location": "LYON", "bin": "C-01", "lines": [{"sku": "RUN-43-BLACK", "quantity": 1}]},
    ),
    Example(route="list_bins", name="bins_of_lyon", summary="What lies where", query={"location": ["LYON"]}),
    Example(
        route="list_loose_stock",
        name="to_be_put_away",
        summary="What lies in no bin",
        query={"location": ["LYON"], "limit": ["5"]},
    ),
    Example(
        route="place_order",
        name=_WALKED,
        summary="Two sizes to choose from at home",
        status=201,
        headers={"Idempotency-Key": "checkout-4790"},
        body=order({"sku": "RUN-41-BLACK", "quantity": 2}, {"sku": "RUN-43-BLACK", "quantity": 1}, authorized=27460),
    ),
    Example(route="release_order", name="to_the_pickers", summary="At once", of=_WALKED, body={}),
    Example(
        route="create_pick_list",
        name="next_cart",
        summary="The next cart, please",
        status=201,
        body={"location": "LYON"},
    ),
    Example(
        route="build_wave",
        name="nothing_left_for_a_wave",
        summary="All that waits is on a list already",
        status=409,
        body={"location": "LYON", "orders": 200, "carrier": "Colissimo"},
    ),
    Example(route="start_pick_list", name="walk", summary="Paul takes it", body={"picker": "Paul"}),
    Example(
        route="scan_bin",
        name="a_bin_of_others",
        summary="A bin in which nothing is to be fetched",
        status=409,
        body={"bin": "Z-99"},
    ),
    Example(route="scan_bin", name="the_lock", summary="The first bin: the lock", body={"bin": "A-01"}),
    Example(
        route="scan_item",
        name="the_wrong_size",
        summary="Something that is not to be taken here",
        status=409,
        body={"code": "RUN-43-BLACK"},
    ),
    Example(route="scan_item", name="one_pair", summary="Into its tote", body={"code": "RUN-41-BLACK"}),
    Example(
        route="report_short",
        name="torn_box",
        summary="The other one cannot be sent",
        body={"code": "RUN-41-BLACK", "reason": "damaged"},
    ),
    Example(route="read_pick_list", name="what_is_left", summary="What is left"),
    Example(route="finish_pick_list", name="at_the_pack_station", summary="To the pack station"),
    Example(route="abandon_pick_list", name="too_late_to_stop", summary="A list that has ended", status=409),
    Example(route="list_pick_lists", name="lists_of_lyon", summary="The newest lists", query={"location": ["LYON"]}),
    Example(route="list_waves", name="waves_of_lyon", summary="The newest waves", query={"location": ["LYON"]}),
)
