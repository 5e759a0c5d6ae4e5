"""Discounts stay, are computed anew, or are taken back while their minimum is not met."""

import msgspec
from hypothesis import given as for_all
from hypothesis import strategies as st
from tests.scenario import ORDER_ID, facts, line, order

from aftercart.orders.decisions.change_line_quantity import ChangeLineQuantity, change_line_quantity
from aftercart.orders.evolve import evolve
from aftercart.orders.model import Order, Pricing, Promotion, PromotionKind, PromotionMode
from aftercart.orders.rules.promotions import repriced_by
from aftercart.orders.rules.totals import totals_of

TEN_PERCENT = Promotion(code="TEN", kind=PromotionKind.PERCENTAGE, value=1000, minimum_minor=3000)
FIVE_OFF = Promotion(code="FIVE", kind=PromotionKind.AMOUNT, value=500, minimum_minor=2000)
STOCK = facts({"A@W1": 1000, "B@W1": 1000})


def discounted(first: int, second: int, promotion: Promotion = TEN_PERCENT, discount: int = 400) -> Order:
    lines = [
        line(1, "A", first, discount_minor=discount // 2, promotion=promotion.code),
        line(2, "B", second, discount_minor=discount - discount // 2, promotion=promotion.code),
    ]
    return order(f"1 A W1 reserved {first}", f"2 B W1 reserved {second}", lines=lines, promotions=(promotion,))


def with_quantity(before: Order, number: int, quantity: int, mode: PromotionMode) -> Order:
    command = ChangeLineQuantity(order_id=ORDER_ID, line=number, quantity=quantity, pricing=Pricing(promotions=mode))
    for event in change_line_quantity(command, before, facts=STOCK):
        before = evolve(before, event, order_id=ORDER_ID)
    return before


def test_by_default_every_unit_keeps_its_share() -> None:
    assert totals_of(with_quantity(discounted(2, 2), 1, 1, PromotionMode.KEEP)).discount_minor == 300


def test_a_percentage_is_computed_anew_on_what_is_wanted() -> None:
    recomputed = PromotionMode.RECOMPUTE
    assert totals_of(with_quantity(discounted(2, 2), 1, 1, recomputed)).discount_minor == 300
    assert totals_of(with_quantity(discounted(2, 2), 1, 8, recomputed)).discount_minor == 1000
    below_minimum = with_quantity(with_quantity(discounted(2, 2), 1, 1, recomputed), 2, 1, recomputed)
    assert totals_of(below_minimum).discount_minor == 0


def test_an_amount_is_spread_over_what_is_wanted_as_long_as_its_minimum_is_met() -> None:
    before = discounted(2, 1, FIVE_OFF, discount=500)
    assert totals_of(with_quantity(before, 1, 1, PromotionMode.RECOMPUTE)).discount_minor == 500
    alone = msgspec.structs.replace(before, promotions=(msgspec.structs.replace(FIVE_OFF, minimum_minor=2001),))
    assert totals_of(with_quantity(alone, 1, 1, PromotionMode.RECOMPUTE)).discount_minor == 0


def test_a_discount_is_taken_back_below_the_minimum_and_given_back_above_it() -> None:
    less = with_quantity(discounted(2, 1), 1, 1, PromotionMode.CLAW_BACK)
    assert (less.lines[0].clawed_back, totals_of(less).discount_minor) == (True, 0)
    more = with_quantity(less, 1, 2, PromotionMode.CLAW_BACK)
    assert totals_of(more) == totals_of(discounted(2, 1))


def test_a_discount_that_comes_from_no_promotion_stays() -> None:
    lines = [line(1, "A", 2, discount_minor=100)]
    before = order("1 A W1 reserved 2", lines=lines, promotions=(TEN_PERCENT,))
    for mode in PromotionMode:
        assert repriced_by(before, mode) == ()


@for_all(
    quantities=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    way=st.lists(st.tuples(st.integers(1, 2), st.integers(1, 9)), max_size=6),
    mode=st.sampled_from(PromotionMode),
    promotion=st.sampled_from([TEN_PERCENT, FIVE_OFF]),
)
def test_the_way_to_an_order_does_not_matter(
    quantities: tuple[int, int], way: list[tuple[int, int]], mode: PromotionMode, promotion: Promotion
) -> None:
    start = discounted(5, 5, promotion)
    # Every promotion begins as its mode would have it, as it would after any first change.
    begun = with_quantity(with_quantity(start, 1, 6, mode), 1, 5, mode)
    straight = begun
    for number, quantity in enumerate(quantities, 1):
        straight = with_quantity(straight, number, quantity, mode)
    round_about = begun
    for number, quantity in (*way, *enumerate(quantities, 1)):
        round_about = with_quantity(round_about, number, quantity, mode)
    if quantities != (5, 5):
        assert totals_of(straight) == totals_of(round_about)
