"""The part of the story in which customers change their minds and the shop lets them."""

from typing import Final

from aftercart.web.api.example import Example
from aftercart.web.api.example_bodies import WORK, eur, order, variant

_TABLE: Final = variant("TABLE-180", "180", "oak") | {
    "product": "table",
    "name": "Oak table 180",
    "price": eur(64900),
    "kind": "made_to_order",
}

CHANGES: Final[tuple[Example, ...]] = (
    Example(
        route="change_delivery_method",
        name="to_a_point_preview",
        summary="What would a pickup point mean?",
        query={"preview": ["true"]},
        body={"method": "mondial-relay-point", "pickup_point": "FR-20417"},
    ),
    Example(
        route="change_delivery_method",
        name="to_a_point",
        summary="Collect it at a pickup point",
        body={"method": "mondial-relay-point", "pickup_point": "FR-20417"},
    ),
    Example(
        route="change_pickup_point",
        name="another_point",
        summary="At another point, open day and night",
        body={"pickup_point": "FR-20533"},
    ),
    Example(
        route="change_delivery_method",
        name="to_the_door_again",
        summary="To the door after all, by express",
        body={"method": "chronopost-express", "address": WORK},
    ),
    Example(
        route="change_contact",
        name="another_number",
        summary="Another telephone number",
        body={"phone": "+33 6 98 76 54 32"},
    ),
    Example(
        route="change_payment_method",
        name="by_transfer",
        summary="Pay by bank transfer",
        body={"method": "bank_transfer"},
    ),
    Example(
        route="add_gift_message",
        name="with_love",
        summary="Words for the whole parcel",
        body={"message": "Happy birthday!"},
    ),
    Example(
        route="add_line",
        name="one_more_pair_preview",
        summary="What would another pair mean?",
        query={"preview": ["true"]},
        body={"sku": "RUN-41-BLACK", "quantity": 1},
    ),
    Example(
        route="add_line",
        name="one_more_pair",
        summary="Another pair, at a price an agent promised",
        body={
            "sku": "RUN-41-BLACK",
            "quantity": 1,
            "price": "override",
            "unit_price": eur(7990),
            "price_reason": "promised on the phone",
        },
    ),
    Example(
        route="swap_variant",
        name="the_other_size",
        summary="The other size; the answer shows what is left of all sizes",
        body={"line": 3, "sku": "RUN-42-BLACK"},
    ),
    Example(
        route="swap_variant",
        name="more_than_there_is",
        summary="A size that is not there in that number",
        status=422,
        body={"line": 1, "sku": "RUN-43-BLACK", "quantity": 500},
    ),
    Example(
        route="amend",
        name="several_as_one",
        summary="Another name and no line 4, as one",
        body={
            "operations": [
                {"operation": "cancel_lines", "lines": [{"line": 4}], "reason": "changed_mind"},
                {"operation": "change_contact", "name": "Ada Martin-Duval"},
            ]
        },
    ),
    Example(
        route="amend",
        name="none_of_them",
        summary="The second is not possible, so neither is made",
        status=422,
        body={
            "operations": [
                {"operation": "change_contact", "name": "Ada"},
                {"operation": "change_line_quantity", "line": 9, "quantity": 1},
            ]
        },
    ),
    Example(
        route="accept_split",
        name="nothing_waits",
        summary="Nothing of this order waits",
        status=409,
        body={},
    ),
    Example(
        route="hold_order",
        name="ask_first",
        summary="Stop it until somebody has asked",
        body={"reason": "manual", "note": "ask about the doorbell"},
    ),
    Example(
        route="read_stuck_orders",
        name="what_waits",
        summary="What waits, since when and why",
        query={"limit": ["5"]},
    ),
    Example(route="release_order", name="too_early", summary="It is on hold", status=409, body={}),
    Example(route="lift_hold", name="asked", summary="That is settled", body={"reason": "manual"}),
    Example(
        route="set_policy",
        name="grace",
        summary="Half an hour to change one's mind",
        body={
            "release": [{"mode": "after_grace", "minutes": 30}],
            "changes": [{"change": "change_contact", "agents_only": True, "channels": ["marketplace"]}],
        },
    ),
    Example(route="read_policy", name="policy", summary="What is in force"),
    Example(route="upsert_variants", name="a_table", summary="Something made to order", body={"variants": [_TABLE]}),
    Example(
        route="place_order",
        name="table_order",
        summary="A table that is made for its customer",
        status=201,
        headers={"Idempotency-Key": "checkout-4720"},
        body=order({"sku": "TABLE-180", "quantity": 1}, authorized=65390),
    ),
    Example(
        route="start_production",
        name="work_begins",
        summary="The workshop begins",
        body={"line": 1},
        of="table_order",
    ),
    Example(
        route="finish_production",
        name="work_ends",
        summary="The table is made",
        body={"line": 1},
        of="table_order",
    ),
    Example(
        route="order_again",
        name="another_table",
        summary="The same table again, to be paid",
        status=201,
        headers={"Idempotency-Key": "again-4720"},
        body={},
        of="table_order",
    ),
    Example(
        route="release_order",
        name="nothing_left",
        summary="All of it is with the floor already",
        status=409,
        body={},
        of="table_order",
    ),
)
