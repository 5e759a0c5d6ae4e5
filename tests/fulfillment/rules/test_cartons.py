"""The proposed carton is large and strong enough, none smaller would do, and what does not fit is named with why."""

import csv
import gzip
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercart.fulfillment.model import Carton
from aftercart.fulfillment.rules.cartons import CartonProposal, LeftOut, LeftOutReason, PackItem, propose_carton
from aftercart.fulfillment.rules.filling import Size, volume_of

REAL_SIZES = Path(__file__).parents[4] / "shared" / "data" / "product-dimensions.csv.gz"
EDGES = st.integers(0, 60)


def carton(code: str, *inner_mm: int, load_grams_max: int = 30_000) -> Carton:
    length, width, height = inner_mm
    grams = (length * width + width * height + height * length) // 1_000
    return Carton(code=code, inner_mm=(length, width, height), weight_grams=grams, load_grams_max=load_grams_max)


def item(sku: str, *dimensions_mm: int, quantity: int = 1, weight_grams: int = 100) -> PackItem:
    length, width, height = dimensions_mm
    return PackItem(sku=sku, quantity=quantity, dimensions_mm=(length, width, height), weight_grams=weight_grams)


SMALL, MEDIUM, LARGE = carton("S", 200, 150, 80), carton("M", 350, 250, 180), carton("L", 600, 400, 400)
CARTONS = (SMALL, MEDIUM, LARGE)

ITEMS = st.lists(
    st.builds(item, st.sampled_from("ABCDEFGH"), EDGES, EDGES, EDGES, quantity=st.integers(1, 9)),
    max_size=8,
    unique_by=lambda one: one.sku,
)
CHOICES = st.lists(
    st.builds(carton, st.sampled_from("STUVWXYZ"), *[st.integers(1, 120)] * 3, load_grams_max=st.integers(50, 3_000)),
    max_size=6,
    unique_by=lambda one: one.code,
)


def held(items: Sequence[PackItem], proposal: CartonProposal) -> Iterator[tuple[PackItem, int]]:
    left_out = Counter({one.sku: one.quantity for one in proposal.left_out})
    for one in items:
        yield one, one.quantity - left_out[one.sku]


@given(ITEMS, CHOICES)
def test_the_carton_is_large_and_strong_enough_for_what_it_holds(items: list[PackItem], cartons: list[Carton]) -> None:
    proposal = propose_carton(items, cartons)
    volume = sum(volume_of(one.dimensions_mm) * quantity for one, quantity in held(items, proposal))
    grams = sum(one.weight_grams * quantity for one, quantity in held(items, proposal))
    if proposal.carton is None:
        assert (volume, grams, proposal.weight_grams) == (0, 0, 0)
        return
    room = volume_of(proposal.carton.inner_mm)
    assert 0 < volume <= room
    assert grams <= proposal.carton.load_grams_max
    assert proposal.weight_grams == grams + proposal.carton.weight_grams
    assert proposal.void_bps == (room - volume) * 10_000 // room


@given(ITEMS, CHOICES)
def test_no_smaller_carton_would_hold_everything(items: list[PackItem], cartons: list[Carton]) -> None:
    proposal = propose_carton(items, cartons)
    smaller = [
        one
        for one in cartons
        if proposal.carton is None or proposal.left_out or volume_of(one.inner_mm) < volume_of(proposal.carton.inner_mm)
    ]
    for one in smaller:
        assert propose_carton(items, [one]).left_out or not items


@given(ITEMS, CHOICES, st.randoms(use_true_random=False))
def test_the_proposal_depends_on_no_order(items: list[PackItem], cartons: list[Carton], random: Random) -> None:
    other_items, other_cartons = list(items), list(cartons)
    random.shuffle(other_items)
    random.shuffle(other_cartons)
    assert propose_carton(other_items, other_cartons) == propose_carton(items, cartons)


@given(ITEMS, CHOICES)
def test_asking_for_what_had_no_room_comes_to_an_end(items: list[PackItem], cartons: list[Carton]) -> None:
    by_sku = {one.sku: one for one in items}
    waiting = items
    while waiting:
        proposal = propose_carton(waiting, cartons)
        rest = [
            PackItem(
                sku=one.sku,
                quantity=one.quantity,
                dimensions_mm=by_sku[one.sku].dimensions_mm,
                weight_grams=by_sku[one.sku].weight_grams,
            )
            for one in proposal.left_out
            if one.reason is LeftOutReason.NO_ROOM
        ]
        assert sum(one.quantity for one in rest) < sum(one.quantity for one in waiting)
        waiting = rest


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([item("BOOK", 190, 140, 30)], SMALL),
        ([item("BOOK", 30, 190, 140, quantity=2)], SMALL),  # turned, one on the other
        ([item("BOOK", 190, 140, 30, quantity=3)], MEDIUM),
        ([item("POSTER", 390, 30, 30)], LARGE),
        ([item("ANVIL", 50, 50, 50, weight_grams=30_000)], SMALL),
    ],
)
def test_the_smallest_is_proposed(items: list[PackItem], expected: Carton) -> None:
    proposal = propose_carton(items, CARTONS)
    assert (proposal.carton, proposal.left_out) == (expected, ())


def test_what_does_not_fit_is_named_with_why() -> None:
    items = [
        item("CUP", 90, 90, 90),
        item("SKI", 1_700, 90, 60),
        item("MYSTERY", 0, 90, 60),
        item("SAFE", 300, 300, 300, weight_grams=40_000),
        item("CHEST", 500, 390, 390, quantity=2),
    ]
    proposal = propose_carton(items, CARTONS)
    assert proposal.carton == LARGE
    assert {one.sku: (one.reason, one.quantity) for one in proposal.left_out} == {
        "SKI": (LeftOutReason.TOO_LARGE, 1),
        "MYSTERY": (LeftOutReason.UNMEASURED, 1),
        "SAFE": (LeftOutReason.TOO_HEAVY, 1),
        "CHEST": (LeftOutReason.NO_ROOM, 1),
    }


def test_of_things_too_heavy_together_some_are_left_for_another_carton() -> None:
    proposal = propose_carton([item("IRON", 50, 50, 50, quantity=5, weight_grams=8_000)], CARTONS)
    assert proposal.left_out == (LeftOut(sku="IRON", quantity=2, reason=LeftOutReason.NO_ROOM),)


def test_what_a_carton_cannot_hold_takes_no_weight_from_what_it_can() -> None:
    cube, tube = carton("CUBE", 400, 200, 200, load_grams_max=10_000), carton("TUBE", 1_000, 100, 100)
    items = [item("LAMP", 190, 190, 190, quantity=2, weight_grams=2_000), item("POLE", 900, 90, 90, weight_grams=9_000)]
    proposal = propose_carton(items, (cube, tube))
    assert proposal.carton == cube
    assert proposal.left_out == (LeftOut(sku="POLE", quantity=1, reason=LeftOutReason.NO_ROOM),)


def test_without_a_carton_nothing_can_be_packed() -> None:
    assert propose_carton([item("CUP", 90, 90, 90)], ()).carton is None
    assert propose_carton((), CARTONS) == CartonProposal(carton=None, weight_grams=0, void_bps=0, left_out=())


def real_products() -> list[tuple[Size, int]]:
    with gzip.open(REAL_SIZES, "rt", encoding="utf-8") as text:
        names = ("product_length_cm", "product_width_cm", "product_height_cm", "product_weight_g")
        rows = [[row[name] for name in names] for row in csv.DictReader(text)]
    numbers = [[int(float(field)) for field in row] for row in rows if all(row)]
    return [((10 * length, 10 * width, 10 * height), grams) for length, width, height, grams in numbers]


def test_real_products_find_their_cartons() -> None:
    if not REAL_SIZES.exists():
        pytest.skip(f"the real sizes are not there: no {REAL_SIZES.name} in shared/data beside the checkout")
    products, random = real_products(), Random(1)
    print("seed 1")
    cartons = (*CARTONS, carton("XS", 150, 100, 60), carton("ML", 450, 350, 250), carton("XL", 800, 600, 500))
    found: Counter[str] = Counter()
    for _ in range(300):
        bought = random.choices(products, k=random.randint(1, 4))
        items = [item(f"SKU{place}", *size, weight_grams=grams) for place, (size, grams) in enumerate(bought)]
        proposal = propose_carton(items, cartons)
        found["several" if proposal.carton is None or proposal.left_out else proposal.carton.code] += 1
    print(dict(found))
    assert found["several"] < 30
    assert len(found) >= 5
