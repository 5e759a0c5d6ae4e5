import random
from collections.abc import Sequence

import pytest
from tests.importing.retail_lines import Line, line, orders

from aftercart.importing.comparison import RELEASES, UNTIL_RELEASED, PolicyResult, play_under, policy_for
from aftercart.importing.edits import PlannedEdit, plan_edits
from aftercart.importing.orders import HOURLY_CAPACITY_ORDERS
from aftercart.importing.promises import Cause
from aftercart.importing.retail_file import sort_out
from aftercart.orders.model import ChangeKind, ReleaseMode

IMMEDIATELY, AFTER_GRACE, UNTIL_CUTOFF = RELEASES

pytestmark = pytest.mark.anyio


async def play(
    url: str, lines: Sequence[Line], release: object, edits: Sequence[PlannedEdit] | None = None
) -> PolicyResult:
    retail = sort_out(lines)
    asked = plan_edits(retail, share=0.6, seed=5) if edits is None else edits
    return await play_under(
        url, retail, next(one for one in RELEASES if one is release), asked, on_lines=lambda _lines: None
    )


async def test_more_of_the_same_edits_are_in_time_where_orders_are_released_later(
    database_url: str, second_database_url: str
) -> None:
    at_once = await play(database_url, orders(weeks=4), IMMEDIATELY)
    later = await play(second_database_url, orders(weeks=4), AFTER_GRACE)
    # What is canceled sells again, so an order more or less finds its goods, and its customer something to change.
    assert abs(at_once.edits.asked - later.edits.asked) <= 2
    assert 20 < at_once.edits.accepted + 20 < later.edits.accepted
    soon = later.edits.by_time["within 5 minutes"]
    assert 0 < soon.accepted == soon.asked
    for result in (at_once, later):
        edits, promises = result.edits, result.promises
        assert edits.asked == edits.accepted + sum(edits.refused.values())
        for parts in (edits.by_time, edits.by_kind):
            assert sum(part.asked for part in parts.values()) == edits.asked
            assert sum(part.accepted for part in parts.values()) == edits.accepted
        assert promises.promised == promises.kept + promises.broken + promises.moved + promises.open
        assert promises.promised + promises.withdrawn <= promises.orders == result.orders
        # Nothing closes the way to reach a customer before the parcel leaves.
        reached = edits.by_kind[ChangeKind.CHANGE_CONTACT.value]
        assert reached.asked == reached.accepted


async def test_an_order_that_is_released_at_once_is_changed_no_more(database_url: str) -> None:
    lines = [line(quantity="6")]
    (edit,) = plan_edits(sort_out(lines), share=1.0, seed=2)
    assert edit.kind in UNTIL_RELEASED
    result = await play(database_url, lines, IMMEDIATELY, edits=[edit])
    assert result.edits.refused == {"order_already_released": 1}
    assert (result.promises.kept, result.promises.promised) == (1, 1)


async def test_the_policies_differ_in_nothing_but_the_release() -> None:
    policies = [policy_for(release) for release in RELEASES]
    assert {policy.changes for policy in policies} == {policies[0].changes}
    assert [policy.release[0].mode for policy in policies if policy.release] == list(ReleaseMode)


def rush(seed: int) -> list[Line]:
    """Returns some days with far more orders than the floors can do, at any minute of the day."""
    chance = random.Random(seed)
    return [
        line(
            str(700_000 + number),
            code=f"2000{chance.randint(0, 9)}",
            quantity=str(chance.randint(1, 5)),
            at=f"2011-03-{chance.randint(22, 24):02} {chance.randint(0, 23):02}:{chance.randint(0, 59):02}:00",
            customer=f"{chance.randint(12_000, 12_040)}.0",
            country=chance.choice(("United Kingdom", "EIRE")),
        )
        for number in range(300)
    ]


@pytest.mark.parametrize("seed", [1, 2])
async def test_until_the_cutoff_no_order_with_all_its_units_and_no_hold_misses_its_truck(
    database_url: str, seed: int
) -> None:
    print(f"seed {seed}")
    result = await play(database_url, rush(seed), UNTIL_CUTOFF)
    assert result.promises.kept > 200
    assert max(load.busiest_orders for load in result.floor) >= HOURLY_CAPACITY_ORDERS
    assert Cause.LATE.value not in result.promises.broken_by
