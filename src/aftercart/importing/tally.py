"""Counting while the past is played: which invoices became orders, what was missing, what was served later."""

from collections import Counter
from typing import Final

import msgspec

from aftercart.importing.deliveries import Delivery
from aftercart.importing.model import Invoice
from aftercart.inventory.model import Stage
from aftercart.kit.refusal import Refusal
from aftercart.orders.model import Order
from aftercart.orders.rules.stock_for_lines import InsufficientStock, MissingStock

REFUSED_EARLIER: Final = "refused_in_an_earlier_run"
"""The reason of a refusal is not stored, so an import that continues can only tell that there was one."""


class Tally:
    """The running totals of one import. ``answered_lines`` and all stock-outs are of this run, the rest of all runs."""

    def __init__(self) -> None:
        self.placed: list[Invoice] = []
        self.refused: dict[str, list[Invoice]] = {}
        self.placed_earlier = 0
        self.answered_orders = 0
        self.answered_lines = 0
        self.stock_outs: Counter[str] = Counter()
        self.waiting_lines = 0
        self.served_lines = 0
        self.served_units = 0
        self.deliveries = 0
        self.units_received = 0
        self.reservations_refused: Counter[str] = Counter()

    def note_placed_earlier(self, invoice: Invoice) -> None:
        """Counts an order that was placed before this run."""
        self.placed.append(invoice)
        self.placed_earlier += 1

    def note_refused_earlier(self, invoice: Invoice) -> None:
        """Counts an order that was refused before this run."""
        self.refused.setdefault(REFUSED_EARLIER, []).append(invoice)

    def note_placed(self, invoice: Invoice, order: Order) -> None:
        """Counts an order placed just now, and its lines that wait for stock."""
        self.placed.append(invoice)
        self._note_answer(invoice)
        waiting = {entry.line: entry.sku for entry in order.units if entry.stage is Stage.BACKORDERED}
        self.waiting_lines += len(waiting)
        self.stock_outs.update(waiting.values())

    def note_refused(self, invoice: Invoice, refusal: Refusal) -> None:
        """Counts an order refused just now, and its lines that stock was missing for."""
        self.refused.setdefault(refusal.code, []).append(invoice)
        self._note_answer(invoice)
        if isinstance(refusal, InsufficientStock):
            missing = {entry.sku for entry in msgspec.convert(refusal.values["missing"], tuple[MissingStock, ...])}
            self.stock_outs.update(line.sku for line in invoice.lines if line.sku in missing)

    def note_served(self, before: Order, after: Order) -> None:
        """Counts the lines that wait no longer, and the units they waited for, once stock was reserved."""
        (lines_before, units_before), (lines_after, units_after) = _waiting(before), _waiting(after)
        self.served_lines += lines_before - lines_after
        self.served_units += units_before - units_after

    def note_delivery(self, delivery: Delivery) -> None:
        """Counts goods that are in stock, since this run or an earlier one."""
        self.deliveries += 1
        self.units_received += sum(line.quantity for line in delivery.receipt.lines)

    def _note_answer(self, invoice: Invoice) -> None:
        self.answered_orders += 1
        self.answered_lines += len(invoice.lines)


def _waiting(order: Order) -> tuple[int, int]:
    waiting = [entry.quantity for entry in order.units if entry.stage is Stage.BACKORDERED]
    return len(waiting), sum(waiting)
