"""Looking again at when an order has what it waits for, and what that means for its promise."""

from uuid import UUID

from aftercart.kit.commands import Command
from aftercart.orders.events import ExpectationMoved, PromiseMoved
from aftercart.orders.evolve import evolve
from aftercart.orders.model import Order
from aftercart.orders.rules.aftermath import settle
from aftercart.orders.rules.awaited import expected_again
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.told_date import told_date


class ReviewPromise(Command, frozen=True, kw_only=True):
    """See when this order has what it waits for of a SKU at a location; asked by reactions, and by the clock.

    Other orders wait for ``units_ahead`` there, and come first.
    """

    order_id: UUID
    sku: str
    location: str
    units_ahead: int = 0


def review_promise(
    command: ReviewPromise, order: Order, *, facts: Facts
) -> tuple[ExpectationMoved | PromiseMoved, ...]:
    """Returns what became of the promise, nothing when the order does not wait there or nothing is new."""
    place = (command.sku, command.location)
    awaited = next((one for one in order.awaited if (one.sku, one.location) == place), None)
    if awaited is None:
        return ()
    expected = expected_again(order, awaited, facts, units_ahead=command.units_ahead)
    if expected == awaited:
        return ()
    moved = ExpectationMoved(
        sku=command.sku,
        location=command.location,
        previous_date=awaited.expected_date,
        expected_date=expected.expected_date,
    )
    settled = settle(order, moved, facts, news=(expected,))
    before, after = told_date(order), told_date(evolve(order, settled, order_id=order.order_id))
    if before == after:
        return (settled,)
    event = PromiseMoved(
        sku=command.sku,
        location=command.location,
        expected_date=expected.expected_date,
        previous_date=before,
        promised_date=after,
    )
    return (settle(order, event, facts, news=(expected,)),)
