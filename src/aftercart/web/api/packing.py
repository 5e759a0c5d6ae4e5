"""What the merchant packs with: cartons and inserts, and the carton that is proposed for a parcel."""

from typing import Any, Final

import msgspec

from aftercart.catalog.model import VariantKey
from aftercart.fulfillment.decisions.set_packing import SetPacking
from aftercart.fulfillment.model import Packing
from aftercart.fulfillment.queries import load_packing
from aftercart.fulfillment.rules.cartons import LeftOut
from aftercart.fulfillment.rules.packing import proposed_carton
from aftercart.kit.refusal import Invalid
from aftercart.permissions import authorize_read
from aftercart.web.api.call import Call
from aftercart.web.api.floor_answers import NoSuchParcel, load_order_and_parcels, parcel_in_path, submit
from aftercart.web.api.order_commands import REPLAYED, encode
from aftercart.web.api.reply import Reply
from aftercart.web.api.route import Answered, Route

_decoder: Final[msgspec.json.Decoder[Any]] = msgspec.json.Decoder(SetPacking)


class PackingVersionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The version of the packing that is in force now; it grows by one with each that differs."""

    version: int


class CartonProposalAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The smallest ``carton`` for what lies in a parcel (none: nothing can be packed), and what it weighs then.

    ``void_bps`` is how much of it stays empty, in hundredths of a percent; ``left_out`` needs another carton.
    """

    carton: str | None
    weight_grams: int
    void_bps: int
    left_out: tuple[LeftOut, ...]


async def set_packing(call: Call) -> Reply:
    """Sets cartons, inserts or both."""
    command = await call.body(_decoder)
    call.refuse_query()
    answer = await submit(call, command)
    return Reply(200, answer.result, headers=(REPLAYED,) if answer.replayed else ())


async def read(call: Call) -> Reply:
    """Reads the packing in force."""
    call.refuse_query()
    authorize_read(call.actor, "fulfillment")
    return Reply(200, encode(await load_packing(call.shop.database)))


async def read_proposal(call: Call) -> Reply:
    """Reads which carton is proposed for a parcel as it is now."""
    call.refuse_query()
    authorize_read(call.actor, "fulfillment")
    order_id, number = await parcel_in_path(call)
    _, parcels = await load_order_and_parcels(call, order_id)
    parcel = next((one for one in parcels if one.parcel == number), None)
    if parcel is None:
        raise NoSuchParcel
    skus = {one.sku for one in parcel.contents}
    state = await call.shop.bus.read([VariantKey(sku) for sku in skus])
    variants = {sku: variant for sku in skus if (variant := state.find(VariantKey(sku))) is not None}
    proposal = proposed_carton(await load_packing(call.shop.database), parcel.contents, variants)
    answer = CartonProposalAnswer(
        carton=None if proposal.carton is None else proposal.carton.code,
        weight_grams=proposal.weight_grams,
        void_bps=proposal.void_bps,
        left_out=proposal.left_out,
    )
    return Reply(200, encode(answer))


ROUTES: Final = (
    Route(
        name="set_packing",
        method="POST",
        path="/v1/packing",
        tag="Floor",
        summary="Decide on cartons, gifts and samples",
        description="What is not given stays as it is. An insert goes along once, with the first parcel that takes it.",
        handle=set_packing,
        command=SetPacking,
        body=SetPacking,
        key="optional",
        answers=(Answered(status=200, meaning="The version in force", shape=PackingVersionAnswer),),
        refusals=(Invalid,),
    ),
    Route(
        name="read_packing",
        method="GET",
        path="/v1/packing",
        tag="Floor",
        summary="Read the cartons and inserts in use",
        handle=read,
        answers=(Answered(status=200, meaning="What is in force", shape=Packing),),
    ),
    Route(
        name="read_carton_proposal",
        method="GET",
        path="/v1/parcels/{parcel}/carton-proposal",
        tag="Floor",
        summary="Read which carton holds what lies in a parcel",
        handle=read_proposal,
        answers=(Answered(status=200, meaning="The smallest carton", shape=CartonProposalAnswer),),
        refusals=(NoSuchParcel,),
    ),
)
