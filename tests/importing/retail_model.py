"""What an import must come to, computed plainly: one stock for each article, orders and deliveries one by one."""

from collections import Counter, defaultdict, deque

from aftercart.importing.deliveries import Delivery, plan_deliveries
from aftercart.importing.model import Invoice
from aftercart.importing.orders import WEB, channel_of
from aftercart.importing.retail_file import RetailFile


class Expected:
    """The invoices that become orders, those that are refused, and how many lines meet a stock-out."""

    def __init__(self, retail: RetailFile) -> None:
        self.placed: set[str] = set()
        self.refused: set[str] = set()
        self.stock_out_lines = 0
        self.available: Counter[str] = Counter()
        self._waiting: defaultdict[str, deque[int]] = defaultdict(deque)
        steps = [
            *((delivery.arrives_at, 0, delivery) for delivery in plan_deliveries(retail.invoices)),
            *((invoice.invoiced_at, 1, invoice) for invoice in retail.invoices),
        ]
        for _, _, step in sorted(steps, key=lambda one: one[:2]):
            if isinstance(step, Delivery):
                self._receive(step)
            else:
                self._order(step)

    @property
    def waiting_units(self) -> int:
        """Returns how many units wait at the end."""
        return sum(sum(units) for units in self._waiting.values())

    def _receive(self, delivery: Delivery) -> None:
        for line in delivery.receipt.lines:
            left, waiting = line.quantity, self._waiting[line.sku]
            while left and waiting:
                given = min(left, waiting[0])
                left -= given
                waiting[0] -= given
                if not waiting[0]:
                    waiting.popleft()
            self.available[line.sku] += left

    def _order(self, invoice: Invoice) -> None:
        wanted: Counter[str] = Counter()
        for line in invoice.lines:
            wanted[line.sku] += line.quantity
        missing = {sku for sku, units in wanted.items() if self.available[sku] < units}
        if missing and channel_of(invoice) == WEB:
            self.stock_out_lines += sum(line.sku in missing for line in invoice.lines)
            self.refused.add(invoice.number)
            return
        self.placed.add(invoice.number)
        for line in invoice.lines:
            given = min(line.quantity, self.available[line.sku])
            self.available[line.sku] -= given
            if given < line.quantity:
                self.stock_out_lines += 1
                self._waiting[line.sku].append(line.quantity - given)
