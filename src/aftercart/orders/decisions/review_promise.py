"""Looking again at when an order has what it waits for, and what that means for its promise."""

from uuid import UUID

from aftercart.inventory.model import Stage, UnitMove
from aftercart.kit.commands import Command
from aftercart.orders.events import ExpectationMoved, PromiseMoved
from aftercart.orders.evolve import evolve
from aftercart.orders.model import Awaited, Order
from aftercart.orders.rules.aftermath import settle
from aftercart.orders.rules.awaited import expected_again, expected_elsewhere
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.told_date import told_date


class ReviewPromise(Command, frozen=True, kw_only=True):
    """See when this order has what it waits for of a SKU at a location; asked by reactions, and by the clock.

    Where nobody can say, it waits from now on at another location that may serve it and has supply to come for it.
    """

    order_id: UUID
    sku: str
    location: str


def review_promise(
    command: ReviewPromise, order: Order, *, facts: Facts
) -> tuple[ExpectationMoved | PromiseMoved, ...]:
    """Returns what became of the promise, nothing when the order does not wait there or nothing is new."""
    place = (command.sku, command.location)
    awaited = next((one for one in order.awaited if (one.sku, one.location) == place), None)
    if awaited is None:
        return ()
    expected = expected_again(order, awaited, facts)
    if expected.expected_date is None:
        expected = expected_elsewhere(order, awaited, facts) or expected
    if expected == awaited:
        return ()
    moves = _moves(order, awaited, expected.location)
    moved = ExpectationMoved(
        moves=moves,
        sku=command.sku,
        location=expected.location,
        previous_date=awaited.expected_date,
        expected_date=expected.expected_date,
    )
    settled = settle(order, moved, facts, news=(expected,))
    before, after = told_date(order), told_date(evolve(order, settled, order_id=order.order_id))
    if before == after:
        return (settled,)
    event = PromiseMoved(
        moves=moves,
        sku=command.sku,
        location=expected.location,
        expected_date=expected.expected_date,
        previous_date=before,
        promised_date=after,
    )
    return (settle(order, event, facts, news=(expected,)),)


def _moves(order: Order, awaited: Awaited, location: str) -> tuple[UnitMove, ...]:
    """Returns the moves of the units that wait for ``awaited`` to where they wait from now on."""
    if location == awaited.location:
        return ()
    return tuple(
        UnitMove(
            line=entry.line,
            sku=entry.sku,
            location=location,
            quantity=entry.quantity,
            source=Stage.BACKORDERED,
            target=Stage.BACKORDERED,
            origin=entry.location,
        )
        for entry in order.units
        if (entry.sku, entry.location, entry.stage) == (awaited.sku, awaited.location, Stage.BACKORDERED)
    )
