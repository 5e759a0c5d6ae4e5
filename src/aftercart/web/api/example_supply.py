"""The part of the story that is about goods to come, and about goods that are kept back."""

from typing import Final

from aftercart.web.api.example import Example

SUPPLY_STORY: Final = (
    Example(
        route="upsert_supply",
        name="purchase_order",
        summary="Goods that were ordered, for next week",
        body={
            "supplies": [
                {
                    "reference": "PO-2026-021",
                    "location": "LYON",
                    "supplier": "Chaussures Vial",
                    "expected_date": "2026-03-09",
                    "lines": [
                        {"sku": "RUN-41-BLACK", "quantity": 40},
                        {"sku": "RUN-42-BLACK", "quantity": 60},
                        {"sku": "RUN-43-BLACK", "quantity": 30, "expected_date": "2026-03-16"},
                    ],
                }
            ]
        },
    ),
    Example(
        route="upsert_supply",
        name="late_and_short",
        summary="They come later, and fewer",
        body={
            "supplies": [
                {
                    "reference": "PO-2026-021",
                    "location": "LYON",
                    "supplier": "Chaussures Vial",
                    "expected_date": "2026-03-23",
                    "lines": [{"sku": "RUN-41-BLACK", "quantity": 25}],
                }
            ]
        },
    ),
    Example(
        route="receive_stock",
        name="last_of_a_purchase_order",
        summary="Some of it arrived, and no more will come",
        body={
            "location": "LYON",
            "reference": "PO-2026-021",
            "lines": [{"sku": "RUN-43-BLACK", "quantity": 4}],
            "completes": True,
        },
    ),
    Example(
        route="read_supply",
        name="still_to_come",
        summary="What is still to come",
        query={"location": ["LYON"], "outstanding": ["true"]},
    ),
    Example(
        route="read_supply",
        name="one_purchase_order",
        summary="What became of a purchase order, the first line of it",
        query={"reference": ["PO-2026-021"], "limit": ["1"]},
    ),
    Example(
        route="set_safety_stock",
        name="two_kept_back",
        summary="Two pairs are not to be promised",
        body={"location": "LYON", "lines": [{"sku": "RUN-41-BLACK", "safety": 2}]},
    ),
    Example(
        route="quarantine_stock",
        name="wet_box",
        summary="A box got wet and must be looked at",
        body={"location": "LYON", "reason": "wet box", "lines": [{"sku": "RUN-41-BLACK", "delta": 3}]},
    ),
    Example(
        route="quarantine_stock",
        name="too_many",
        summary="More than can be put aside",
        status=409,
        body={"location": "LYON", "reason": "wet box", "lines": [{"sku": "RUN-41-BLACK", "delta": 300}]},
    ),
)
