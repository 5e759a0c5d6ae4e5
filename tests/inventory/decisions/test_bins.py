"""Bins: described, filled with what lies loose, emptied into each other, and counted."""

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from hypothesis import given as example
from hypothesis import strategies as st
from tests.story import given

from aftercart.catalog.model import VariantKind
from aftercart.inventory.decisions.count_bin import CountBin, count_bin
from aftercart.inventory.decisions.move_bin_stock import MoveBinStock, NotEnoughInBin, move_bin_stock
from aftercart.inventory.decisions.put_away_stock import NotEnoughLoose, PutAwayStock, put_away_stock
from aftercart.inventory.decisions.upsert_bins import UpsertBins, upsert_bins
from aftercart.inventory.events import BinCounted, BinDelta, BinStockMoved, BinsUpserted, CountedInBin, StockPutAway
from aftercart.inventory.model import Bin, BinQuantity, Stock
from aftercart.inventory.rules.bin_changes import loose_units, on_hand_variance, with_units
from aftercart.inventory.rules.bin_documents import Shelves
from aftercart.kit.refusal import Invalid

PLACE: dict[str, Any] = {"code": "A-01", "aisle": 1, "bay": 2, "level": 0, "x_m": 3.0, "y_m": 1.5}
A_01 = Bin(location="W1", **PLACE)


def shelves(bins: Mapping[str, int] | None = None, **stock: int) -> Shelves:
    """Ten units of ``A`` on hand, of which so many lie in these bins; ``A-01`` and ``B-01`` are known."""
    lying = tuple(BinQuantity(bin=code, quantity=quantity) for code, quantity in (bins or {}).items())
    return Shelves(
        knows_location="W1".__eq__,
        kind_of={"A": VariantKind.STOCKED}.get,
        stock_of=lambda sku: msgspec.structs.replace(Stock(sku=sku, location="W1", on_hand=10), **stock),
        bins_of=lambda _: lying,
        knows_bin={"A-01", "B-01"}.__contains__,
    )


def put_away(quantity: int, *, code: str = "A-01", sku: str = "A") -> PutAwayStock:
    lines = [{"sku": sku, "bin": code, "quantity": quantity}]
    return msgspec.convert({"location": "W1", "lines": lines}, PutAwayStock)


def move(quantity: int, source: str, target: str) -> MoveBinStock:
    lines = [{"sku": "A", "quantity": quantity}]
    return msgspec.convert({"location": "W1", "source": source, "target": target, "lines": lines}, MoveBinStock)


def count(quantity: int, *, code: str = "A-01") -> CountBin:
    return msgspec.convert({"location": "W1", "bin": code, "lines": [{"sku": "A", "quantity": quantity}]}, CountBin)


class TestUpsertBins:
    def test_new_bins_and_changed_ones_are_told_and_others_are_not(self) -> None:
        known = {"A-01": A_01, "A-02": msgspec.structs.replace(A_01, code="A-02", x_m=9.0)}
        command = msgspec.convert(
            {"location": "W1", "bins": [PLACE, PLACE | {"code": "A-02"}, PLACE | {"code": "A-03"}]}, UpsertBins
        )
        events, result = upsert_bins(command, knows_location="W1".__eq__, find_bin=known.get)
        changed = tuple(msgspec.structs.replace(A_01, code=code) for code in ("A-02", "A-03"))
        assert events == (BinsUpserted(bins=changed),)
        assert (result.created, result.updated, result.unchanged) == (1, 1, 1)

    @pytest.mark.parametrize(
        ("wish", "param"),
        [
            ({"location": "W9", "bins": [PLACE]}, "location"),
            ({"location": "W1", "bins": [PLACE, PLACE]}, "bins[1].code"),
        ],
    )
    def test_what_cannot_be_is_refused(self, wish: dict[str, Any], param: str) -> None:
        with pytest.raises(Invalid) as refusal:
            upsert_bins(msgspec.convert(wish, UpsertBins), knows_location="W1".__eq__, find_bin=lambda _: None)
        assert refusal.value.param == param


class TestPutAwayStock:
    def test_what_lies_loose_goes_into_a_bin(self) -> None:
        laid = StockPutAway(location="W1", lines=(BinDelta(sku="A", bin="A-01", delta=4),))
        given(shelves({"B-01": 5}, in_hand=1)).when(lambda it: put_away_stock(put_away(4), shelves=it)).then(laid)

    def test_what_lies_in_bins_or_is_in_hand_is_not_put_away_again(self) -> None:
        told = given(shelves({"B-01": 5}, in_hand=2)).when(lambda it: put_away_stock(put_away(4), shelves=it))
        told.then_refused(NotEnoughLoose, sku="A", loose=3)

    @pytest.mark.parametrize(
        ("command", "param"),
        [(put_away(1, code="Z-99"), "lines[0].bin"), (put_away(1, sku="X"), "lines[0].sku")],
    )
    def test_what_is_unknown_is_refused(self, command: PutAwayStock, param: str) -> None:
        given(shelves()).when(lambda it: put_away_stock(command, shelves=it)).then_refused(Invalid, param=param)


class TestMoveBinStock:
    def test_units_leave_one_bin_and_come_into_the_other(self) -> None:
        lines = (BinDelta(sku="A", bin="A-01", delta=-3), BinDelta(sku="A", bin="B-01", delta=3))
        moved = BinStockMoved(location="W1", lines=lines)
        given(shelves({"A-01": 3})).when(lambda it: move_bin_stock(move(3, "A-01", "B-01"), shelves=it)).then(moved)

    def test_no_more_than_lies_there(self) -> None:
        told = given(shelves({"A-01": 2})).when(lambda it: move_bin_stock(move(3, "A-01", "B-01"), shelves=it))
        told.then_refused(NotEnoughInBin, sku="A", bin="A-01", quantity=2)

    @pytest.mark.parametrize(
        ("source", "target", "param"), [("A-01", "A-01", "target"), ("Z", "A-01", "source"), ("A-01", "Z", "target")]
    )
    def test_between_two_known_bins(self, source: str, target: str, param: str) -> None:
        told = given(shelves({"A-01": 2})).when(lambda it: move_bin_stock(move(1, source, target), shelves=it))
        told.then_refused(Invalid, param=param)


class TestCountBin:
    @pytest.mark.parametrize(
        ("bins", "found", "bin_delta", "delta"),
        [
            ({"A-01": 6, "B-01": 4}, 5, -1, -1),  # lost
            ({"A-01": 6, "B-01": 4}, 8, 2, 2),  # found
            ({"A-01": 6}, 8, 2, 0),  # put there without a scan: it had lain loose
            ({"A-01": 6}, 11, 5, 1),  # and one more
            ({"A-01": 12}, 9, -3, -1),  # two were missing from the books already
        ],
    )
    def test_what_the_books_explain_is_not_found_or_lost(
        self, bins: Mapping[str, int], found: int, bin_delta: int, delta: int
    ) -> None:
        counted = CountedInBin(sku="A", counted=found, bin_delta=bin_delta, delta=delta, short=0)
        expected = BinCounted(location="W1", bin="A-01", lines=(counted,))
        given(shelves(bins)).when(lambda it: count_bin(count(found), shelves=it)).then(expected)

    def test_what_is_reserved_and_not_there_is_short(self) -> None:
        event = given(shelves({"A-01": 10}, reserved=9)).when(lambda it: count_bin(count(6), shelves=it))
        assert event.event(BinCounted).lines[0].short == 3

    def test_an_unknown_bin_is_refused(self) -> None:
        given(shelves()).when(lambda it: count_bin(count(1, code="Z"), shelves=it)).then_refused(Invalid, param="bin")


@example(
    on_hand=st.integers(0, 20),
    in_hand=st.integers(0, 5),
    others=st.integers(0, 15),
    before=st.integers(0, 15),
    found=st.integers(0, 25),
)
def test_a_count_never_makes_stock_negative_and_brings_the_books_nearer(
    on_hand: int, in_hand: int, others: int, before: int, found: int
) -> None:
    bins, _ = with_units(with_units((), "B-01", others)[0], "A-01", before)
    stock = Stock(sku="A", location="W1", on_hand=max(on_hand, in_hand), in_hand=in_hand)
    delta = on_hand_variance(stock, bins, found - before)
    after = msgspec.structs.replace(stock, on_hand=stock.on_hand + delta)
    counted, moved = with_units(bins, "A-01", found - before)
    assert after.on_hand >= 0
    assert moved == found - before
    assert abs(loose_units(after, counted)) <= abs(loose_units(stock, bins))


def test_hands_are_right_where_the_books_have_less() -> None:
    assert with_units((BinQuantity(bin="A", quantity=2),), "A", -3) == ((), -2)
