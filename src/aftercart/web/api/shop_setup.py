"""What the shop sells, where it keeps it, and through which channels: the documents its own systems send."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

import msgspec

from aftercart.catalog.decisions.upsert_variants import UpsertVariants
from aftercart.inventory.decisions.adjust_stock import AdjustStock, NotEnoughOnHand
from aftercart.inventory.decisions.count_bin import CountBin
from aftercart.inventory.decisions.count_stock import CountStock
from aftercart.inventory.decisions.move_bin_stock import MoveBinStock, NotEnoughInBin
from aftercart.inventory.decisions.put_away_stock import NotEnoughLoose, PutAwayStock
from aftercart.inventory.decisions.quarantine_stock import NotEnoughInQuarantine, NotEnoughToPutAside, QuarantineStock
from aftercart.inventory.decisions.receive_stock import ReceiveStock
from aftercart.inventory.decisions.set_safety_stock import SetSafetyStock
from aftercart.inventory.decisions.upsert_bins import UpsertBins
from aftercart.inventory.decisions.upsert_locations import UpsertLocations
from aftercart.inventory.decisions.upsert_supply import TooManySupplies, UpsertSupply
from aftercart.inventory.rules.document_lines import TooMuchOnHand
from aftercart.kit.commands import Command
from aftercart.kit.refusal import Invalid
from aftercart.orders.decisions.upsert_channels import UpsertChannels
from aftercart.shipping.decisions.upsert_delivery_methods import UpsertDeliveryMethods
from aftercart.shipping.decisions.upsert_pickup_points import UpsertPickupPoints
from aftercart.web.api.call import Call
from aftercart.web.api.headers import idempotency_key
from aftercart.web.api.order_commands import REPLAYED
from aftercart.web.api.reply import Reply
from aftercart.web.api.route import DOCUMENT_BYTES_MAX, Answered, Route


class UpsertAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """How many entries were new, changed, or already as described."""

    created: int
    updated: int
    unchanged: int


class DocumentAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The id of the stock document, under which its event and movements are found."""

    document: str


def _carrying(command_type: type[Command]) -> Callable[[Call], Awaitable[Reply]]:
    decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(command_type)

    async def submit(call: Call) -> Reply:
        command = await call.body(decoder)
        call.refuse_query()
        key = idempotency_key(call.headers.get(b"idempotency-key"))
        answer = await call.shop.submit(command, call.actor, key=key)
        return Reply(200, answer.result, headers=(REPLAYED,) if answer.replayed else ())

    return submit


_UPSERT: Final = (UpsertAnswer, "How many were new, changed, or already as described")
_DOCUMENT: Final = (DocumentAnswer, "The document was recorded")

_COMMANDS: Final[tuple[tuple[str, str, type[Command], str, str, tuple[Any, str], tuple[Any, ...]], ...]] = (
    ("upsert_variants", "/v1/variants", UpsertVariants, "Catalog", "Add or change variants", _UPSERT, ()),
    ("upsert_locations", "/v1/locations", UpsertLocations, "Stock", "Add or change locations", _UPSERT, ()),
    ("upsert_channels", "/v1/channels", UpsertChannels, "Orders", "Add or change channels", _UPSERT, ()),
    (
        "upsert_delivery_methods",
        "/v1/delivery-methods",
        UpsertDeliveryMethods,
        "Delivery",
        "Add or change delivery methods",
        _UPSERT,
        (),
    ),
    (
        "upsert_pickup_points",
        "/v1/pickup-points",
        UpsertPickupPoints,
        "Delivery",
        "Add or change pickup points",
        _UPSERT,
        (),
    ),
    (
        "receive_stock",
        "/v1/stock/receive",
        ReceiveStock,
        "Stock",
        "Put a delivery into stock",
        _DOCUMENT,
        (TooMuchOnHand,),
    ),
    (
        "adjust_stock",
        "/v1/stock/adjust",
        AdjustStock,
        "Stock",
        "Correct stock by a difference",
        _DOCUMENT,
        (NotEnoughOnHand, TooMuchOnHand),
    ),
    ("count_stock", "/v1/stock/count", CountStock, "Stock", "Record a physical count", _DOCUMENT, ()),
    ("set_safety_stock", "/v1/stock/safety", SetSafetyStock, "Stock", "Keep units from being promised", _DOCUMENT, ()),
    (
        "quarantine_stock",
        "/v1/stock/quarantine",
        QuarantineStock,
        "Stock",
        "Put units aside, or give them back",
        _DOCUMENT,
        (NotEnoughToPutAside, NotEnoughInQuarantine),
    ),
    ("upsert_bins", "/v1/bins", UpsertBins, "Picking", "Add or change bins", _UPSERT, ()),
    (
        "put_away_stock",
        "/v1/bins/put-away",
        PutAwayStock,
        "Picking",
        "Lay into bins what lies in none",
        _DOCUMENT,
        (NotEnoughLoose,),
    ),
    (
        "move_bin_stock",
        "/v1/bins/move",
        MoveBinStock,
        "Picking",
        "Move units from one bin into another",
        _DOCUMENT,
        (NotEnoughInBin,),
    ),
    ("count_bin", "/v1/bins/count", CountBin, "Picking", "Record what was found in a bin", _DOCUMENT, ()),
    (
        "upsert_supply",
        "/v1/supply",
        UpsertSupply,
        "Stock",
        "Announce or change supply",
        _UPSERT,
        (TooManySupplies,),
    ),
)

ROUTES: Final = tuple(
    Route(
        name=name,
        method="POST",
        path=path,
        tag=tag,
        summary=summary,
        description=(command.__doc__ or "").strip(),
        handle=_carrying(command),
        command=command,
        body=command,
        key="optional",
        answers=(Answered(status=200, meaning=answer[1], shape=answer[0]),),
        refusals=(*refusals, Invalid),
        bytes_max=DOCUMENT_BYTES_MAX,
    )
    for name, path, command, tag, summary, answer, refusals in _COMMANDS
)
