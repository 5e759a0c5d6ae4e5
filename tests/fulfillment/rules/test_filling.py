"""What is placed in a carton really fits: inside, turned at right angles, and nothing where something else is."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercart.fulfillment.rules.filling import Boxes, Placed, Size, fill, volume_of

EDGES = st.integers(1, 60)
SIZES = st.tuples(EDGES, EDGES, EDGES)
BOXES = st.lists(st.builds(Boxes, size_mm=SIZES, quantity=st.integers(0, 30)), max_size=12)


def far_corner(block: Placed) -> Size:
    x, y, z = (
        near + edge * many for near, edge, many in zip(block.corner_mm, block.turned_mm, block.along, strict=True)
    )
    return x, y, z


def are_apart(one: Placed, other: Placed) -> bool:
    return any(
        one_end <= other_start or other_end <= one_start
        for one_start, one_end, other_start, other_end in zip(
            one.corner_mm, far_corner(one), other.corner_mm, far_corner(other), strict=True
        )
    )


@given(BOXES, st.tuples(*[st.integers(1, 200)] * 3))
def test_boxes_are_inside_apart_and_no_more_than_there_are(boxes: list[Boxes], inner_mm: Size) -> None:
    placed = fill(boxes, inner_mm)
    for block in placed:
        assert sorted(block.turned_mm) == sorted(boxes[block.kind].size_mm)
        assert min(block.corner_mm) >= 0
        assert all(end <= edge for end, edge in zip(far_corner(block), inner_mm, strict=True))
    assert all(are_apart(one, other) for one, other in combinations(placed, 2))
    for kind, one in enumerate(boxes):
        assert sum(block.quantity for block in placed if block.kind == kind) <= one.quantity


@given(SIZES, st.integers(1, 20), st.integers(1, 400))
def test_as_many_cubes_fit_as_can(inner_mm: Size, edge: int, quantity: int) -> None:
    possible = inner_mm[0] // edge * (inner_mm[1] // edge) * (inner_mm[2] // edge)
    placed = fill([Boxes(size_mm=(edge, edge, edge), quantity=quantity)], inner_mm)
    assert sum(block.quantity for block in placed) == min(possible, quantity)


@pytest.mark.parametrize(
    ("boxes", "inner_mm"),
    [
        ([(300, 10, 10)], (10, 300, 10)),  # turned
        ([(40, 40, 40), (20, 40, 40), (60, 20, 40)], (60, 60, 40)),  # without any room left
        ([(50, 50, 10)] * 3 + [(30, 50, 30)], (50, 50, 60)),
        ([(20, 10, 40), (30, 30, 20), (20, 20, 30)], (50, 30, 30)),  # not at the first try
    ],
)
def test_what_fits_with_little_to_spare_is_found(boxes: list[Size], inner_mm: Size) -> None:
    placed = fill([Boxes(size_mm=size, quantity=1) for size in boxes], inner_mm)
    assert sum(volume_of(block.turned_mm) * block.quantity for block in placed) == sum(map(volume_of, boxes))
