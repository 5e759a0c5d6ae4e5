from collections import Counter

from tests.importing.retail_lines import line, orders

from aftercart.importing.deliveries import plan_deliveries
from aftercart.importing.retail_file import RetailFile, sort_out
from aftercart.inventory.decisions.receive_stock import QUANTITY_MAX


def sold_and_delivered(retail: RetailFile) -> tuple[Counter[str], Counter[str]]:
    sold: Counter[str] = Counter()
    for invoice in retail.invoices:
        for entry in invoice.lines:
            sold[entry.sku] += entry.quantity
    delivered: Counter[str] = Counter()
    for delivery in plan_deliveries(retail.invoices):
        for entry in delivery.receipt.lines:
            delivered[entry.sku] += entry.quantity
    return sold, delivered


def test_what_is_sold_is_delivered_no_more_and_no_less() -> None:
    sold, delivered = sold_and_delivered(sort_out(orders()))
    assert sold == delivered


def test_a_huge_order_is_delivered_in_lines_a_receipt_may_have() -> None:
    sold, delivered = sold_and_delivered(sort_out([line(quantity=str(QUANTITY_MAX)), line(quantity="7")]))
    assert sold == delivered == Counter({"10001": QUANTITY_MAX + 7})


def test_deliveries_arrive_on_mondays_the_opening_stock_before_the_first_order() -> None:
    retail = sort_out(orders())
    deliveries = plan_deliveries(retail.invoices)
    assert {delivery.arrives_at.isoweekday() for delivery in deliveries} == {1}
    assert deliveries[0].arrives_at < retail.invoices[0].invoiced_at
    assert [one.arrives_at for one in deliveries] == sorted(one.arrives_at for one in deliveries)
    assert len({delivery.receipt.reference for delivery in deliveries}) == len(deliveries)


def test_the_supply_is_the_same_in_every_run() -> None:
    assert plan_deliveries(sort_out(orders()).invoices) == plan_deliveries(sort_out(orders()).invoices)


def test_nothing_sold_needs_no_supply() -> None:
    assert plan_deliveries(()) == ()
