"""Supply is announced, changed and received: what was expected, what is expected, and what came of it."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import msgspec
import pytest
from tests.scenario import NEXT_WEEK, supply_line
from tests.story import given

from aftercart.catalog.model import VariantKind
from aftercart.inventory.decisions.receive_stock import ReceiveStock, receive_stock
from aftercart.inventory.decisions.upsert_supply import TooManySupplies, UpsertSupply, upsert_supply
from aftercart.inventory.events import Expected, StockReceived, SupplyChange, SupplyChanged
from aftercart.inventory.model import Incoming, Stock, SupplyLine, SupplyLineKey
from aftercart.inventory.rules.document_lines import LINES_MAX
from aftercart.inventory.rules.stock_changes import INCOMING_MAX
from aftercart.kit.commands import UpsertResult
from aftercart.kit.refusal import Invalid

Known = Sequence[SupplyLine]
NOTHING: Known = ()
KINDS = {
    "A": VariantKind.STOCKED,
    "B": VariantKind.PREORDER,
    "SET": VariantKind.BUNDLE,
    "TABLE": VariantKind.MADE_TO_ORDER,
}
LATER = date(2026, 3, 23)


def announced(*lines: tuple[str, int], **changes: Any) -> dict[str, Any]:
    """Returns purchase order ``PO-1`` of so many units of each SKU, for next week."""
    described = [{"sku": sku, "quantity": quantity} for sku, quantity in lines]
    return {"reference": "PO-1", "location": "W1", "expected_date": NEXT_WEEK, "lines": described, **changes}


def outcome(known: Known, supplies: Sequence[dict[str, Any]], stock: Stock | None = None) -> Any:
    by_key = {SupplyLineKey(line.sku, line.location, line.reference): line for line in known}
    return upsert_supply(
        msgspec.convert({"supplies": supplies}, UpsertSupply),
        knows_location={"W1", "W2"}.__contains__,
        kind_of=KINDS.get,
        stock_of=lambda key: stock or Stock(sku=key.sku, location=key.location),
        find_line=by_key.get,
    )


def upsert(*supplies: dict[str, Any], stock: Stock | None = None) -> Callable[[Known], tuple[SupplyChanged, ...]]:
    return lambda known: outcome(known, supplies, stock)[0]


def expected(quantity: int, on: date = NEXT_WEEK, *, outstanding: int | None = None) -> Expected:
    left = quantity if outstanding is None else outstanding
    return Expected(expected_date=on, quantity=quantity, outstanding=left)


def change(
    before: Expected | None, after: Expected, *, sku: str = "A", location: str = "W1", supplier: str | None = None
) -> SupplyChange:
    return SupplyChange(sku=sku, location=location, reference="PO-1", supplier=supplier, before=before, after=after)


def test_new_supply_is_announced_line_by_line() -> None:
    wish = announced(("A", 10), ("B", 5), supplier="Filature du Nord")
    wish["lines"][1]["expected_date"] = LATER
    event = SupplyChanged(
        lines=(
            change(None, expected(10), supplier="Filature du Nord"),
            change(None, expected(5, LATER), sku="B", supplier="Filature du Nord"),
        )
    )
    given(NOTHING).when(upsert(wish)).then(event)
    assert outcome(NOTHING, [wish])[1] == UpsertResult(created=2, updated=0, unchanged=0)


def test_one_reference_may_come_to_two_places() -> None:
    wishes = (announced(("A", 10)), announced(("A", 3), location="W2"))
    event = SupplyChanged(lines=(change(None, expected(10)), change(None, expected(3), location="W2")))
    given(NOTHING).when(upsert(*wishes)).then(event)


def test_supply_that_is_as_described_changes_nothing() -> None:
    given([supply_line()]).when(upsert(announced(("A", 10)))).then()
    assert outcome([supply_line()], [announced(("A", 10))])[1] == UpsertResult(created=0, updated=0, unchanged=1)


@pytest.mark.parametrize(
    ("wish", "before", "after"),
    [
        (announced(("A", 10), expected_date=LATER), expected(10), expected(10, LATER)),
        (announced(("A", 10), expected_date=date(2026, 3, 4)), expected(10), expected(10, date(2026, 3, 4))),
        (announced(("A", 6)), expected(10), expected(6)),
        (announced(("A", 14)), expected(10), expected(14)),
        (announced(("A", 0)), expected(10), expected(0)),
    ],
    ids=["late", "early", "short", "more", "canceled"],
)
def test_a_change_tells_what_was_expected_and_what_is(wish: Any, before: Expected, after: Expected) -> None:
    given([supply_line()]).when(upsert(wish)).then(SupplyChanged(lines=(change(before, after),)))


def test_lines_that_are_not_mentioned_stay_as_they_are() -> None:
    known = [supply_line(), supply_line(sku="B")]
    event = SupplyChanged(lines=(change(expected(10), expected(8), sku="B"),))
    given(known).when(upsert(announced(("B", 8)))).then(event)


@pytest.mark.parametrize(("quantity", "outstanding"), [(12, 8), (5, 1), (4, 0), (3, 0), (0, 0)])
def test_a_quantity_counts_what_has_arrived(quantity: int, outstanding: int) -> None:
    event = SupplyChanged(lines=(change(expected(10, outstanding=6), expected(quantity, outstanding=outstanding)),))
    given([supply_line(received=4)]).when(upsert(announced(("A", quantity)))).then(event)


def test_more_than_was_announced_is_no_reason_to_change_the_announcement() -> None:
    given([supply_line(received=15)]).when(upsert(announced(("A", 10)))).then()


def test_what_a_receipt_closed_stays_closed_until_something_else_is_described() -> None:
    closed = [supply_line(received=7, closed=True)]
    given(closed).when(upsert(announced(("A", 10)))).then()
    reopened = change(expected(10, outstanding=0), expected(10, LATER, outstanding=3))
    given(closed).when(upsert(announced(("A", 10), expected_date=LATER))).then(SupplyChanged(lines=(reopened,)))


def test_another_supplier_is_a_change_that_opens_nothing() -> None:
    told = change(expected(10, outstanding=0), expected(10, outstanding=0), supplier="Tissages Morel")
    wish = announced(("A", 10), supplier="Tissages Morel")
    given([supply_line(received=7, closed=True)]).when(upsert(wish)).then(SupplyChanged(lines=(told,)))


def test_what_was_canceled_before_anybody_heard_of_it_is_not_announced() -> None:
    given(NOTHING).when(upsert(announced(("A", 0)))).then()


@pytest.mark.parametrize(
    ("wishes", "param"),
    [
        ((announced(("A", 1)), announced(("A", 1), location="nowhere")), "supplies[1].location"),
        ((announced(("A", 1), ("X", 1)),), "supplies[0].lines[1].sku"),
        ((announced(("SET", 1)),), "supplies[0].lines[0].sku"),
        ((announced(("TABLE", 1)),), "supplies[0].lines[0].sku"),
        ((announced(("A", 1), ("A", 2)),), "supplies[0].lines[1].sku"),
        ((announced(("B", 1)), announced(("A", 1), ("B", 2))), "supplies[1].lines[1].sku"),
    ],
)
def test_supply_that_cannot_be_is_refused_with_its_field(wishes: tuple[dict[str, Any], ...], param: str) -> None:
    given(NOTHING).when(upsert(*wishes)).then_refused(Invalid, param=param)


def test_a_call_has_an_end() -> None:
    half = [(f"A{number}", 1) for number in range(LINES_MAX // 2 + 1)]
    too_many = (announced(*half), announced(*half, reference="PO-2"))
    given(NOTHING).when(upsert(*too_many)).then_refused(Invalid, param="supplies")


def test_only_so_many_supplies_of_a_sku_may_be_outstanding() -> None:
    waiting = tuple(
        Incoming(reference=f"PO-1{number:03}", expected_date=NEXT_WEEK, quantity=1) for number in range(INCOMING_MAX)
    )
    full = Stock(sku="A", location="W1", incoming=waiting)
    given(NOTHING).when(upsert(announced(("A", 1)), stock=full)).then_refused(TooManySupplies, sku="A", location="W1")
    known = [supply_line(reference="PO-1000", ordered=1)]
    exchanged = (announced(("A", 1)), announced(("A", 0), reference="PO-1000"))
    assert given(known).when(upsert(*exchanged, stock=full)).event(SupplyChanged)


def receive(*lines: tuple[str, int], completes: bool = False) -> Callable[[Known], StockReceived]:
    described = [{"sku": sku, "quantity": quantity} for sku, quantity in lines]
    wish = {"location": "W1", "reference": "PO-1", "lines": described, "completes": completes}
    return lambda known: receive_stock(
        msgspec.convert(wish, ReceiveStock),
        knows_location={"W1"}.__contains__,
        kind_of=KINDS.get,
        stock_of=lambda sku: Stock(sku=sku, location="W1"),
        supply_lines=known,
    )


def arrivals(known: Known, wish: Callable[[Known], StockReceived]) -> list[tuple[str, int, int, int]]:
    event = given(known).when(wish).event(StockReceived)
    return [(one.sku, one.quantity, one.outstanding, one.short) for one in event.supply]


def test_a_receipt_takes_off_what_was_announced_under_its_reference() -> None:
    known = [supply_line(received=2), supply_line(sku="B", ordered=5)]
    assert arrivals(known, receive(("A", 3))) == [("A", 3, 5, 0)]
    assert arrivals(known, receive(("A", 3), ("B", 5), ("A", 1))) == [("A", 4, 4, 0), ("B", 5, 0, 0)]
    assert given(NOTHING).when(receive(("A", 3))).event(StockReceived).supply == ()


def test_more_than_was_announced_is_welcome() -> None:
    assert arrivals([supply_line(received=8)], receive(("A", 5))) == [("A", 5, 0, 0)]
    assert arrivals([supply_line(received=12)], receive(("A", 5))) == [("A", 5, 0, 0)]


def test_the_last_receipt_of_a_supply_says_what_will_not_come() -> None:
    known = [supply_line(), supply_line(sku="B", ordered=5)]
    assert arrivals(known, receive(("A", 7), completes=True)) == [("A", 7, 0, 3), ("B", 0, 0, 5)]
    done = [supply_line(received=7, closed=True), supply_line(sku="B", received=10)]
    assert arrivals(done, receive(("A", 1), completes=True)) == [("A", 1, 0, 0)]
