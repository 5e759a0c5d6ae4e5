"""Walking with a pick list: scan after scan, until its cart stands at the pack station."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Final
from uuid import UUID

import msgspec

from aftercart.fulfillment.decisions.abandon_pick_list import AbandonPickList
from aftercart.fulfillment.decisions.finish_pick_list import FinishPickList
from aftercart.fulfillment.decisions.pick_units import PickUnits
from aftercart.fulfillment.decisions.report_short import ReportShort
from aftercart.fulfillment.decisions.start_pick_list import PickerName, StartPickList
from aftercart.fulfillment.decisions.take_item import TakeItem
from aftercart.fulfillment.model import NO_BIN, ShortReason
from aftercart.fulfillment.rules.floor_refusals import (
    NotToTake,
    PickListNotFound,
    PickListNotOpen,
    PickListNotStarted,
    StillToFetch,
    WrongBin,
)
from aftercart.kit.refusal import Invalid
from aftercart.orders.model import QUANTITY_MAX, Code
from aftercart.permissions import authorize_read
from aftercart.picking import Done, end_list, report_short, scan_bin, take_item
from aftercart.web.api.call import Call
from aftercart.web.api.floor_answers import submit
from aftercart.web.api.headers import idempotency_key
from aftercart.web.api.order_commands import REPLAYED, encode
from aftercart.web.api.pick_list_answers import PickListAnswer, list_in_path, pick_list_answer, reply_with_list
from aftercart.web.api.reply import Reply
from aftercart.web.api.route import Answered, Route
from aftercart.web.api.scanning import scanned_sku

_ONE: Final = "/v1/pick-lists/{pick_list}"


class StartPickListBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who walks; without a name whoever the key belongs to."""

    picker: PickerName | None = None


class ScanBinBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The bin as scanned; ``null`` for what lies in none."""

    bin: Code | None


class ScanItemBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A SKU or GTIN as scanned, and of how many units; from this ``bin``, or whichever has them reached."""

    code: Code
    quantity: Annotated[int, msgspec.Meta(ge=1, le=QUANTITY_MAX)] = 1
    bin: Code | None = None


class ReportShortBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many units are not there, or cannot be sent."""

    code: Code
    reason: ShortReason
    quantity: Annotated[int, msgspec.Meta(ge=1, le=QUANTITY_MAX)] = 1
    bin: Code | None = None


class ForToteAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """So many units for one tote."""

    tote: int
    order: UUID
    quantity: int


class ItemAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """From which bin, and for which totes; and the list as it is then."""

    bin: str | None
    totes: list[ForToteAnswer]
    pick_list: PickListAnswer


async def start(call: Call) -> Reply:
    """Takes a list."""
    body = await call.body(_START)
    pick_list = list_in_path(call)
    answer = await submit(call, StartPickList(pick_list=pick_list, picker=body.picker or call.actor.name))
    return await reply_with_list(call, pick_list, replayed=answer.replayed)


async def reach(call: Call) -> Reply:
    """Reaches what is to be fetched from a bin."""
    body = await call.body(_SCAN_BIN)
    authorize_read(call.actor, "walking")
    at_work = await scan_bin(call.shop, call.actor, list_in_path(call), body.bin or NO_BIN)
    return Reply(200, encode(pick_list_answer(at_work)))


async def take(call: Call) -> Reply:
    """Takes checked units."""
    body = await call.body(_SCAN_ITEM)
    sku = await scanned_sku(call, body.code)
    command = TakeItem(pick_list=list_in_path(call), sku=sku, quantity=body.quantity, bin=body.bin)
    key = idempotency_key(call.headers.get(b"idempotency-key"))
    return _item_reply(await take_item(call.shop, call.actor, command, key=key))


async def go_without(call: Call) -> Reply:
    """Reports units short."""
    body = await call.body(_SHORT)
    sku = await scanned_sku(call, body.code)
    command = ReportShort(
        pick_list=list_in_path(call), sku=sku, short_reason=body.reason, quantity=body.quantity, bin=body.bin
    )
    key = idempotency_key(call.headers.get(b"idempotency-key"))
    return _item_reply(await report_short(call.shop, call.actor, command, key=key))


def _ending(command: type[AbandonPickList | FinishPickList]) -> Callable[[Call], Awaitable[Reply]]:
    async def end(call: Call) -> Reply:
        call.refuse_query()
        key = idempotency_key(call.headers.get(b"idempotency-key"))
        done = await end_list(call.shop, call.actor, command(pick_list=list_in_path(call)), key=key)
        headers = (REPLAYED,) if done.replayed else ()
        return Reply(200, encode(pick_list_answer(done.at_work)), headers=headers)

    return end


def _item_reply(done: Done) -> Reply:
    totes = {tote.order_id: tote.tote for tote in done.at_work.pick_list.totes}
    answer = ItemAnswer(
        bin=done.ref.bin or None,
        totes=[
            ForToteAnswer(tote=totes[one.order_id], order=one.order_id, quantity=one.quantity)
            for one in done.ref.orders
        ],
        pick_list=pick_list_answer(done.at_work),
    )
    return Reply(200, encode(answer), headers=(REPLAYED,) if done.replayed else ())


_START: Final = msgspec.json.Decoder(StartPickListBody)
_SCAN_BIN: Final = msgspec.json.Decoder(ScanBinBody)
_SCAN_ITEM: Final = msgspec.json.Decoder(ScanItemBody)
_SHORT: Final = msgspec.json.Decoder(ReportShortBody)
_AFTER: Final = (Answered(status=200, meaning="The list as it is then", shape=PickListAnswer),)

ROUTES: Final = (
    Route(
        name="start_pick_list",
        method="POST",
        path=f"{_ONE}/start",
        tag="Picking",
        summary="Walk with a pick list",
        handle=start,
        command=StartPickList,
        body=StartPickListBody,
        key="optional",
        answers=_AFTER,
        refusals=(PickListNotFound, PickListNotOpen, Invalid),
    ),
    Route(
        name="scan_bin",
        method="POST",
        path=f"{_ONE}/scan-bin",
        tag="Picking",
        summary="Scan a bin",
        description=(
            "This is the lock: from now on what lies here for the list is not taken back for free. Orders on hold are "
            "passed by. Scanning again reaches nothing twice."
        ),
        handle=reach,
        command=PickUnits,
        body=ScanBinBody,
        answers=_AFTER,
        refusals=(PickListNotFound, PickListNotStarted, WrongBin, Invalid),
    ),
    Route(
        name="scan_item",
        method="POST",
        path=f"{_ONE}/scan-item",
        tag="Picking",
        summary="Scan what is taken out of a bin",
        description="Says into which totes it goes. Something else, or too much, is refused with what was expected.",
        handle=take,
        command=TakeItem,
        body=ScanItemBody,
        key="optional",
        answers=(Answered(status=200, meaning="Into which totes it goes", shape=ItemAnswer),),
        refusals=(PickListNotFound, PickListNotStarted, NotToTake, Invalid),
    ),
    Route(
        name="report_short",
        method="POST",
        path=f"{_ONE}/report-short",
        tag="Picking",
        summary="Report what is not there",
        description=(
            "The latest promises go without: their units wait for stock again, and get it from another location that "
            "has some."
        ),
        handle=go_without,
        command=ReportShort,
        body=ReportShortBody,
        key="optional",
        answers=(Answered(status=200, meaning="Which orders go without", shape=ItemAnswer),),
        refusals=(PickListNotFound, PickListNotStarted, NotToTake, Invalid),
    ),
    Route(
        name="abandon_pick_list",
        method="POST",
        path=f"{_ONE}/abandon",
        tag="Picking",
        summary="Give a pick list up",
        description="What lies in totes stays there; what was only reached can be taken back for free again.",
        handle=_ending(AbandonPickList),
        command=AbandonPickList,
        key="optional",
        answers=_AFTER,
        refusals=(PickListNotFound, PickListNotOpen),
    ),
    Route(
        name="finish_pick_list",
        method="POST",
        path=f"{_ONE}/finish",
        tag="Picking",
        summary="Bring a cart to the pack station",
        handle=_ending(FinishPickList),
        command=FinishPickList,
        key="optional",
        answers=_AFTER,
        refusals=(PickListNotFound, PickListNotStarted, StillToFetch),
    ),
)
