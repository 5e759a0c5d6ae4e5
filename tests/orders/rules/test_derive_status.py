"""The order in one word, for every kind of order there is."""

from itertools import chain, combinations

import pytest
from tests.scenario import NOW, units

from aftercart.inventory.model import Stage
from aftercart.orders.model import Hold, HoldReason, Status
from aftercart.orders.rules.derive_status import derive_status

TABLE = [
    # stages, holds, status
    ("canceled", "", "canceled"),
    ("canceled lost", "", "canceled"),
    ("canceled", "manual", "canceled"),
    ("intercepted", "", "canceled"),
    ("intercepted reserved", "", "confirmed"),
    ("intercepted picked", "", "in_preparation"),
    ("intercepted shipped", "", "shipped"),
    ("reserved", "", "confirmed"),
    ("reserved canceled", "", "confirmed"),
    ("reserved", "payment", "awaiting_payment"),
    ("reserved", "payment manual", "awaiting_payment"),
    ("backordered", "payment", "awaiting_payment"),
    ("reserved", "manual", "on_hold"),
    ("reserved", "fraud_review", "on_hold"),
    ("reserved", "address", "on_hold"),
    ("reserved", "customer_choice", "on_hold"),
    ("backordered", "missing_stock", "on_hold"),
    ("backordered", "", "backordered"),
    ("backordered reserved", "", "backordered"),
    ("backordered released", "", "backordered"),
    ("released", "", "released"),
    ("released reserved", "", "released"),
    ("released", "manual", "on_hold"),
    ("picked", "", "in_preparation"),
    ("packed", "", "in_preparation"),
    ("in_production", "", "in_preparation"),
    ("picked reserved backordered", "manual", "in_preparation"),
    ("shipped", "", "shipped"),
    ("shipped delivered", "", "shipped"),
    ("shipped canceled", "", "shipped"),
    ("shipped returned", "", "shipped"),
    ("shipped reserved", "manual", "partly_shipped"),
    ("delivered packed", "", "partly_shipped"),
    ("returned backordered", "", "partly_shipped"),
    ("delivered", "", "delivered"),
    ("delivered returned", "", "delivered"),
    ("delivered lost canceled", "", "delivered"),
    ("returned", "", "returned"),
    ("returned canceled", "", "returned"),
]


def status_of(stages: str, holds: str = "") -> Status:
    ledger = units(*(f"1 A W1 {stage} 1" for stage in stages.split()))
    return derive_status(
        ledger, [Hold(reason=HoldReason(reason), since=NOW, expires_at=None) for reason in holds.split()]
    )


@pytest.mark.parametrize(("stages", "holds", "status"), TABLE)
def test_the_status_of(stages: str, holds: str, status: str) -> None:
    assert status_of(stages, holds) is Status(status)


def test_every_status_an_order_can_have_now_is_in_the_table() -> None:
    assert {status for _, _, status in TABLE} == {status.value for status in Status} - {"completed"}


def test_every_combination_of_stages_has_a_status_and_holds_matter_only_before_the_floor() -> None:
    everything = chain.from_iterable(combinations(Stage, size) for size in range(1, len(Stage) + 1))
    for stages in everything:
        named = " ".join(stage.value for stage in stages)
        free, held = status_of(named), status_of(named, "manual")
        assert held in {free, Status.ON_HOLD}
        assert (held is Status.ON_HOLD) == (free in {Status.BACKORDERED, Status.CONFIRMED, Status.RELEASED})
