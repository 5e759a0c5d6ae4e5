from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from tests.importing.retail_lines import orders

from aftercart.importing.edits import MIX, PlannedEdit, plan_edits
from aftercart.importing.retail_file import RetailFile, first_orders, sort_out
from aftercart.orders.decisions.swap_variant import SwapVariant
from aftercart.orders.model import ChangeKind

MANY_WEEKS = 200


@pytest.fixture(scope="module")
def many() -> RetailFile:
    return sort_out(orders(MANY_WEEKS))


@pytest.fixture(scope="module")
def edits(many: RetailFile) -> tuple[PlannedEdit, ...]:
    return plan_edits(many, share=0.5, seed=1)


def test_the_same_seed_asks_for_the_same_and_another_one_for_something_else(
    many: RetailFile, edits: tuple[PlannedEdit, ...]
) -> None:
    assert plan_edits(many, share=0.5, seed=1) == edits
    assert plan_edits(many, share=0.5, seed=2) != edits


def test_a_part_of_the_file_asks_for_the_same_part_of_the_edits(
    many: RetailFile, edits: tuple[PlannedEdit, ...]
) -> None:
    half = first_orders(many, len(many.invoices) // 2)
    numbers = {invoice.number for invoice in half.invoices}
    assert plan_edits(half, share=0.5, seed=1) == tuple(edit for edit in edits if edit.number in numbers)


def test_edits_come_at_the_rates_of_real_life(many: RetailFile, edits: tuple[PlannedEdit, ...]) -> None:
    assert 0.47 < len(edits) / len(many.invoices) < 0.53
    within_half_an_hour = sum(edit.after <= timedelta(minutes=30) for edit in edits) / len(edits)
    later = sum(edit.after > timedelta(hours=6, minutes=30) for edit in edits) / len(edits)
    assert 0.67 < within_half_an_hour < 0.73
    assert 0.08 < later < 0.12
    assert {edit.kind for edit in edits} == set(MIX)
    assert [edit.at for edit in edits] == sorted(edit.at for edit in edits)
    assert max(Counter(edit.number for edit in edits).values()) == 1


def test_edits_are_about_what_was_bought(many: RetailFile, edits: tuple[PlannedEdit, ...]) -> None:
    invoices = {invoice.number: invoice for invoice in many.invoices}
    products = {variant.sku: variant.product for variant in many.variants}
    for edit in edits:
        invoice = invoices[edit.number]
        assert edit.at == invoice.invoiced_at + edit.after
        if edit.kind is ChangeKind.SWAP_VARIANT:
            assert isinstance(edit.command, SwapVariant)
            bought = invoice.lines[edit.command.line - 1].sku
            assert products[edit.command.sku] == products[bought]
            assert edit.command.sku != bought
    order_id = uuid4()
    assert edits[0].of_order(order_id).order_id == order_id


def test_nobody_edits_without_a_share(many: RetailFile) -> None:
    assert plan_edits(many, share=0.0, seed=1) == ()
    assert len(plan_edits(many, share=1.0, seed=1)) == len(many.invoices)
