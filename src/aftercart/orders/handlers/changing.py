"""How orders are changed: the rows each command needs and the decision it calls."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from aftercart.catalog.model import VariantKey
from aftercart.inventory.model import StockKey
from aftercart.kit.commands import Command, Context, Handler
from aftercart.kit.state import Event, Key, State
from aftercart.orders.decisions.accept_split import AcceptSplit, accept_split
from aftercart.orders.decisions.add_gift_message import AddGiftMessage, add_gift_message
from aftercart.orders.decisions.add_line import AddLine, add_line
from aftercart.orders.decisions.cancel_lines import CancelLines, cancel_lines
from aftercart.orders.decisions.cancel_order import CancelOrder, ExpirePaymentHold, cancel_order, expire_payment_hold
from aftercart.orders.decisions.change_contact import ChangeContact, change_contact
from aftercart.orders.decisions.change_delivery_address import ChangeDeliveryAddress, change_delivery_address
from aftercart.orders.decisions.change_delivery_method import ChangeDeliveryMethod, change_delivery_method
from aftercart.orders.decisions.change_line_quantity import ChangeLineQuantity, change_line_quantity
from aftercart.orders.decisions.change_payment_method import ChangePaymentMethod, change_payment_method
from aftercart.orders.decisions.change_pickup_point import ChangePickupPoint, change_pickup_point
from aftercart.orders.decisions.finish_production import FinishProduction, finish_production
from aftercart.orders.decisions.hold_order import HoldOrder, hold_order
from aftercart.orders.decisions.lift_hold import ExpireHold, LiftHold, expire_hold, lift_hold
from aftercart.orders.decisions.release_order import ReleaseOrder, release_order
from aftercart.orders.decisions.report_missing_units import ReportMissingUnits, report_missing_units
from aftercart.orders.decisions.reserve_backorder import ReserveBackorder, reserve_backorder
from aftercart.orders.decisions.review_promise import ReviewPromise, review_promise
from aftercart.orders.decisions.start_production import StartProduction, start_production
from aftercart.orders.decisions.swap_variant import SwapVariant, swap_variant
from aftercart.orders.handlers.circumstances import facts_to_change, facts_to_reroute, facts_without_units
from aftercart.orders.handlers.finding import Decide, on_order, order_needs, order_root
from aftercart.orders.model import Order, OrderKey
from aftercart.orders.rules.awaited import waiting_units
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.pricing import first_ordered
from aftercart.orders.rules.unit_ledger import skus_of
from aftercart.orders.scouts import scout_of
from aftercart.orders.scouts.serving import common_facts
from aftercart.shipping.rules.whereabouts import postcode_key


class Change(NamedTuple):
    """How one command on an order is decided, and with which facts."""

    decide: Callable[..., Sequence[Event]]
    gather: Callable[[Any, Order, State, Context], Facts]
    facts: Callable[[Any], Iterable[Key[Any]]] = common_facts


def _nothing_new(_command: Any, order: Order, state: State, context: Context) -> Facts:
    return facts_without_units(order, state, context)


def _news_of_sku(command: ReviewPromise, order: Order, state: State, context: Context) -> Facts:
    if waiting_units(order)[command.sku, command.location]:
        return _more_of_sku(command, order, state, context)
    return facts_without_units(order, state, context, known=(command.sku,))


def _more_of_line(command: Any, order: Order, state: State, context: Context) -> Facts:
    lines = [line for line in order.lines if line.line == command.line]
    # What a bundle consisted of when it was bought, not what the catalog says now.
    skus = [sku for line in lines for sku, _ in skus_of(line)]
    return facts_to_change(order, state, context, skus=skus, known=[line.sku for line in lines])


def _more_of_sku(command: Any, order: Order, state: State, context: Context) -> Facts:
    return facts_to_change(order, state, context, skus=(command.sku,))


def _other_variant(command: SwapVariant, order: Order, state: State, context: Context) -> Facts:
    lines = [line for line in order.lines if line.line == command.line]
    known = [one.sku for line in lines for one in (line, first_ordered(order, line))]
    return facts_to_change(order, state, context, skus=(command.sku,), known=known)


def _other_address(command: ChangeDeliveryAddress, order: Order, state: State, context: Context) -> Facts:
    delivery = msgspec.structs.replace(order.delivery, address=command.address)
    return facts_to_reroute(order, delivery, state, context)


def _other_method(command: ChangeDeliveryMethod, order: Order, state: State, context: Context) -> Facts:
    address = command.address or (order.delivery.address if command.pickup_point is None else None)
    delivery = msgspec.structs.replace(
        order.delivery, method=command.method, address=address, pickup_point=command.pickup_point
    )
    return facts_to_reroute(order, delivery, state, context)


def _other_point(command: ChangePickupPoint, order: Order, state: State, context: Context) -> Facts:
    delivery = msgspec.structs.replace(order.delivery, pickup_point=command.pickup_point)
    return facts_to_reroute(order, delivery, state, context)


def _facts_with_sku(command: Any) -> Iterable[Key[Any]]:
    return *common_facts(command), VariantKey(command.sku)


def _facts_with_address(command: Any) -> Iterable[Key[Any]]:
    yield from common_facts(command)
    if command.address is not None:
        yield postcode_key(command.address.country.upper(), command.address.postcode)


CHANGES: Final[dict[type[Command], Change]] = {
    ChangeDeliveryAddress: Change(change_delivery_address, _other_address, _facts_with_address),
    ChangeDeliveryMethod: Change(change_delivery_method, _other_method, _facts_with_address),
    ChangePickupPoint: Change(change_pickup_point, _other_point),
    ChangeContact: Change(change_contact, _nothing_new),
    ChangePaymentMethod: Change(change_payment_method, _nothing_new),
    AddGiftMessage: Change(add_gift_message, _nothing_new),
    AddLine: Change(add_line, _more_of_sku, _facts_with_sku),
    ChangeLineQuantity: Change(change_line_quantity, _more_of_line),
    SwapVariant: Change(swap_variant, _other_variant, _facts_with_sku),
    CancelLines: Change(cancel_lines, _nothing_new),
    CancelOrder: Change(cancel_order, _nothing_new),
    ExpirePaymentHold: Change(expire_payment_hold, _nothing_new),
    ReserveBackorder: Change(reserve_backorder, _more_of_sku),
    ReviewPromise: Change(review_promise, _news_of_sku),
    HoldOrder: Change(hold_order, _nothing_new),
    LiftHold: Change(lift_hold, _nothing_new),
    ExpireHold: Change(expire_hold, _nothing_new),
    AcceptSplit: Change(accept_split, _nothing_new),
    ReleaseOrder: Change(release_order, _nothing_new),
    StartProduction: Change(start_production, _nothing_new),
    FinishProduction: Change(finish_production, _nothing_new),
}


def deciding(change: Change) -> Decide:
    """Returns the decision with its facts gathered."""

    def decide(command: Any, order: Order, state: State, context: Context) -> Sequence[Event]:
        return change.decide(command, order, facts=change.gather(command, order, state, context))

    return decide


def _report(command: ReportMissingUnits, order: Order, state: State, context: Context) -> Sequence[Event]:
    stock = state.find(StockKey(command.sku, command.location))
    short = 0 if stock is None else stock.short
    return report_missing_units(command, order, short=short, facts=facts_without_units(order, state, context))


def _report_needs(command: ReportMissingUnits, _facts: State) -> tuple[Key[Any], ...]:
    return OrderKey(command.order_id), StockKey(command.sku, command.location)


HANDLERS: Final = (
    *(
        Handler(
            command=command,
            facts=change.facts,
            needs=order_needs,
            scout=scout_of(command),
            root=order_root,
            decide=on_order(deciding(change)),
        )
        for command, change in CHANGES.items()
    ),
    Handler(
        command=ReportMissingUnits,
        facts=common_facts,
        needs=_report_needs,
        root=order_root,
        decide=on_order(_report),
    ),
)
