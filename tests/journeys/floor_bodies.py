"""What is asked of the floor when it is tried out who may ask: mostly of work that does not exist."""

from typing import Any, Final

from tests.shop_over_http import WAREHOUSE

from aftercart.fulfillment.decisions.abandon_pick_list import AbandonPickList
from aftercart.fulfillment.decisions.close_parcel import CloseParcel
from aftercart.fulfillment.decisions.create_pick_list import CreatePickList
from aftercart.fulfillment.decisions.finish_pick_list import FinishPickList
from aftercart.fulfillment.decisions.finish_preparing import FinishPreparing
from aftercart.fulfillment.decisions.hand_over_parcel import HandOverParcel
from aftercart.fulfillment.decisions.open_parcel import OpenParcel
from aftercart.fulfillment.decisions.pack_item import PackItem
from aftercart.fulfillment.decisions.pick_units import PickUnits
from aftercart.fulfillment.decisions.put_units_back import PutUnitsBack
from aftercart.fulfillment.decisions.record_label import RequestLabel
from aftercart.fulfillment.decisions.reopen_parcel import ReopenParcel
from aftercart.fulfillment.decisions.report_short import ReportShort
from aftercart.fulfillment.decisions.set_packing import SetPacking
from aftercart.fulfillment.decisions.start_pick_list import StartPickList
from aftercart.fulfillment.decisions.start_preparing import StartPreparing
from aftercart.fulfillment.decisions.take_item import TakeItem
from aftercart.fulfillment.decisions.track_parcel import TrackParcel
from aftercart.fulfillment.decisions.unpack_item import UnpackItem
from aftercart.fulfillment.decisions.void_parcel import VoidParcel
from aftercart.inventory.decisions.count_bin import CountBin
from aftercart.inventory.decisions.move_bin_stock import MoveBinStock
from aftercart.inventory.decisions.put_away_stock import PutAwayStock
from aftercart.inventory.decisions.upsert_bins import UpsertBins
from aftercart.kit.commands import Command

SKU: Final = "CLOCHE"
NO_LIST: Final = "01a20000-0000-7000-8000-000000000000"
BINS: Final = {
    "location": WAREHOUSE,
    "bins": [{"code": code, "aisle": 1, "bay": 1, "level": 0, "x_m": 0, "y_m": 0} for code in ("A-01", "A-02")],
}
_ITEM: Final[dict[str, Any]] = {"code": SKU}
_TRACKED: Final = {
    "tracking_number": "INCONNU",
    "event": "LIV",
    "status": "delivered",
    "at": "2026-03-06T10:12:00+01:00",
}
FLOOR_BODIES: Final[dict[type[Command], dict[str, Any]]] = {
    StartPreparing: {},
    FinishPreparing: {},
    OpenParcel: {},
    PackItem: _ITEM,
    UnpackItem: _ITEM,
    CloseParcel: {},
    ReopenParcel: {},
    VoidParcel: {},
    PutUnitsBack: _ITEM,
    HandOverParcel: {"handover": "soir"},
    RequestLabel: {},
    TrackParcel: _TRACKED,
    SetPacking: {"inserts": []},
    UpsertBins: BINS,
    PutAwayStock: {"location": WAREHOUSE, "lines": [{"sku": SKU, "bin": "A-01", "quantity": 1}]},
    MoveBinStock: {
        "location": WAREHOUSE,
        "source": "A-01",
        "target": "A-02",
        "lines": [{"sku": SKU, "quantity": 1}],
    },
    CountBin: {"location": WAREHOUSE, "bin": "A-01", "lines": [{"sku": SKU, "quantity": 0}]},
    CreatePickList: {"location": WAREHOUSE},
    StartPickList: {},
    PickUnits: {"bin": "A-01"},
    TakeItem: _ITEM,
    ReportShort: _ITEM | {"reason": "damaged"},
    AbandonPickList: {},
    FinishPickList: {},
}
FLOOR_READS: Final = {
    "fulfillment": (
        "/v1/fulfillment-orders",
        "/v1/parcels",
        "/v1/pick-lists",
        "/v1/waves",
        f"/v1/bins?location={WAREHOUSE}",
        f"/v1/bins/loose?location={WAREHOUSE}",
    ),
}
NOT_READ: Final = {"walking", "tracking"}
"""What is asked for before a command is given, not for a read of its own."""
