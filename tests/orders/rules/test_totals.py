"""What an order costs: exact to the cent, and the same whatever way led there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.scenario import line, order, units

from aftercart.inventory.model import Stage
from aftercart.kit.money import allocate
from aftercart.orders.model import OrderLine
from aftercart.orders.rules.totals import TaxPart, Totals, discount_of, totals_from, totals_of


def part(rate_bps: int, gross_minor: int, tax_minor: int) -> TaxPart:
    return TaxPart(rate_bps=rate_bps, gross_minor=gross_minor, tax_minor=tax_minor)


GOLDEN = {
    "one line": (
        [line(1, "A", 2, unit_price_minor=1990)],
        0,
        Totals(items_minor=3980, discount_minor=0, delivery_minor=0, total_minor=3980, taxes=(part(2000, 3980, 663),)),
    ),
    "delivery is taxed as the goods it carries": (
        [line(1, "A", 1, unit_price_minor=1000), line(2, "B", 1, unit_price_minor=1000, tax_rate_bps=550)],
        491,
        Totals(
            items_minor=2000,
            discount_minor=0,
            delivery_minor=491,
            total_minor=2491,
            # 491 in two equal shares: the odd cent goes to the lower rate, which comes first.
            taxes=(part(550, 1246, 65), part(2000, 1245, 208)),
        ),
    ),
    "a discount lowers the tax": (
        [line(1, "A", 3, unit_price_minor=1000, discount_minor=100)],
        0,
        Totals(
            items_minor=3000, discount_minor=100, delivery_minor=0, total_minor=2900, taxes=(part(2000, 2900, 483),)
        ),
    ),
    "tax is rounded once per rate": (
        [line(number, "A", 1, unit_price_minor=3) for number in (1, 2, 3, 4)],
        0,
        # Four times 0.5 cents rounded apart would be 4 cents.
        Totals(items_minor=12, discount_minor=0, delivery_minor=0, total_minor=12, taxes=(part(2000, 12, 2),)),
    ),
    "a gift still has its delivery to be paid": (
        [line(1, "A", 1, unit_price_minor=500, discount_minor=500)],
        240,
        Totals(items_minor=500, discount_minor=500, delivery_minor=240, total_minor=240, taxes=(part(2000, 240, 40),)),
    ),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_the_totals_of_known_orders(name: str) -> None:
    lines, delivery_minor, expected = GOLDEN[name]
    ledger = units(*(f"{one.line} {one.sku} W1 reserved {one.ordered}" for one in lines))
    assert totals_from(lines, ledger, delivery_minor=delivery_minor) == expected


def test_nothing_wanted_costs_nothing_delivery_included() -> None:
    delivery = {"method": "colissimo-home", "address": None, "pickup_point": None, "price_minor": 490}
    canceled = order("1 A W1 canceled 2", delivery=delivery | {"promised_date": None})
    assert totals_of(canceled) == Totals(items_minor=0, discount_minor=0, delivery_minor=0, total_minor=0, taxes=())


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in {Stage.CANCELED, Stage.INTERCEPTED}])
def test_every_unit_still_wanted_is_paid_wherever_it_is(stage: Stage) -> None:
    assert totals_of(order(f"1 A W1 {stage.value} 2", "1 A W1 canceled 1")).total_minor == 2000


def test_what_is_intercepted_is_not_paid() -> None:
    assert totals_of(order("1 A W1 picked 2", "1 A W1 intercepted 1")) == totals_of(
        order("1 A W1 picked 2", "1 A W1 canceled 1")
    )


@st.composite
def discounted_lines(draw: st.DrawFn, number: int = 1) -> OrderLine:
    ordered = draw(st.integers(1, 40))
    unit_price = draw(st.integers(0, 5000))
    return line(
        number,
        "A",
        ordered + draw(st.integers(0, 5)),
        unit_price_minor=unit_price,
        tax_rate_bps=draw(st.sampled_from([0, 210, 550, 1000, 2000])),
        discount_minor=draw(st.integers(0, unit_price * ordered)),
        discount_units=ordered,
    )


@given(discounted_lines(), st.integers(0, 60))
def test_the_discount_of_some_units_is_the_sum_of_their_shares(discounted: OrderLine, quantity: int) -> None:
    shares = allocate(discounted.discount_minor, [1] * discounted.discount_units)
    assert discount_of(discounted, quantity) == sum(shares[:quantity])


@given(discounted_lines())
def test_a_unit_never_costs_less_than_nothing(discounted: OrderLine) -> None:
    prices = [
        discounted.unit_price_minor * quantity - discount_of(discounted, quantity)
        for quantity in range(discounted.ordered + 1)
    ]
    assert prices == sorted(prices)


@given(st.data(), st.integers(1, 6), st.integers(0, 2000))
def test_every_total_adds_up_to_the_cent(data: st.DataObject, count: int, delivery_minor: int) -> None:
    lines = [data.draw(discounted_lines(number)) for number in range(1, count + 1)]
    live = [data.draw(st.integers(0, one.ordered)) for one in lines]
    entries = (
        *(f"{one.line} A W1 reserved {quantity}" for one, quantity in zip(lines, live, strict=True)),
        *(f"{one.line} A W1 canceled {one.ordered - quantity}" for one, quantity in zip(lines, live, strict=True)),
    )
    totals = totals_from(lines, units(*entries), delivery_minor=delivery_minor)
    wanted = list(zip(lines, live, strict=True))
    assert totals.items_minor == sum(one.unit_price_minor * quantity for one, quantity in wanted)
    assert totals.discount_minor == sum(discount_of(one, quantity) for one, quantity in wanted)
    assert totals.delivery_minor == (delivery_minor if any(live) else 0)
    assert totals.total_minor == totals.items_minor - totals.discount_minor + totals.delivery_minor >= 0
    assert sum(tax.gross_minor for tax in totals.taxes) == totals.total_minor
    assert [tax.rate_bps for tax in totals.taxes] == sorted({one.tax_rate_bps for one, quantity in wanted if quantity})
    assert all(0 <= tax.tax_minor <= tax.gross_minor for tax in totals.taxes)
