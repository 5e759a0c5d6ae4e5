"""What customers change after they ordered, at the rates of real life: the same for the same file, share and seed.

Most think again within minutes. What they want is drawn for each invoice by itself, so that another policy, or a file
that is longer, asks for the same changes of the same orders.
"""

import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from aftercart.importing.model import ArticleLine, Invoice
from aftercart.importing.orders import address_of
from aftercart.importing.retail_file import RetailFile
from aftercart.orders.decisions.add_gift_message import AddGiftMessage
from aftercart.orders.decisions.add_line import AddLine
from aftercart.orders.decisions.cancel_lines import CancelLines, LineToCancel
from aftercart.orders.decisions.cancel_order import CancelOrder
from aftercart.orders.decisions.change_contact import ChangeContact
from aftercart.orders.decisions.change_delivery_address import ChangeDeliveryAddress
from aftercart.orders.decisions.swap_variant import SwapVariant
from aftercart.orders.model import CancellationReason, ChangeKind, OrderChange

WITHIN: Final = (
    (0.70, timedelta(minutes=1), timedelta(minutes=30)),
    (0.20, timedelta(minutes=30), timedelta(hours=6, minutes=30)),
    (0.10, timedelta(hours=6, minutes=30), timedelta(days=7)),
)
"""Which share of changes comes how long after the order; within each part the moments are drawn log-uniformly."""
MIX: Final[Mapping[ChangeKind, float]] = {
    ChangeKind.CHANGE_DELIVERY_ADDRESS: 0.30,
    ChangeKind.CANCEL_ORDER: 0.20,
    ChangeKind.ADD_LINE: 0.15,
    ChangeKind.CANCEL_LINES: 0.10,
    ChangeKind.SWAP_VARIANT: 0.10,
    ChangeKind.CHANGE_CONTACT: 0.10,
    ChangeKind.ADD_GIFT_MESSAGE: 0.05,
}
"""Assumed: how often each change is asked for. One that an order has no use for becomes one of the others."""
_NOBODY: Final = UUID(int=0)
_ADDED_UNITS_MAX: Final = 12


class PlannedEdit(msgspec.Struct, frozen=True, kw_only=True):
    """What the customer of an invoice will ask for, ``after`` so long; ``command`` names no order yet."""

    number: str
    at: datetime
    after: timedelta
    kind: ChangeKind
    command: OrderChange

    def of_order(self, order_id: UUID) -> OrderChange:
        """Returns the command about that order."""
        return msgspec.structs.replace(self.command, order_id=order_id)


def plan_edits(retail: RetailFile, *, share: float, seed: int) -> tuple[PlannedEdit, ...]:
    """Returns one edit for about ``share`` of the invoices, in the order of their time."""
    sisters = _sisters_of(retail)
    edits: list[PlannedEdit] = []
    for index, invoice in enumerate(retail.invoices):
        # Chance by name, not by turn: an invoice more or less changes nothing for the others.
        chance = random.Random(f"{seed} {invoice.number}")  # noqa: S311 - the same edits on every machine
        if chance.random() < share:
            after = _moment(chance)
            kind, command = _wish(invoice, chance, sisters=sisters, earlier=retail.invoices[: index + 1])
            edits.append(
                PlannedEdit(
                    number=invoice.number, at=invoice.invoiced_at + after, after=after, kind=kind, command=command
                )
            )
    return tuple(sorted(edits, key=lambda edit: (edit.at, edit.number)))


def _moment(chance: random.Random) -> timedelta:
    (_, soonest, latest) = chance.choices(WITHIN, weights=[share for share, _, _ in WITHIN])[0]
    seconds = math.exp(chance.uniform(math.log(soonest.total_seconds()), math.log(latest.total_seconds())))
    return timedelta(seconds=round(seconds))


def _sisters_of(retail: RetailFile) -> Mapping[str, Sequence[str]]:
    """Returns the other variants of the same product, by SKU."""
    families: defaultdict[str, list[str]] = defaultdict(list)
    for variant in retail.variants:
        families[variant.product].append(variant.sku)
    return {sku: [one for one in family if one != sku] for family in families.values() for sku in family}


def _wish(
    invoice: Invoice, chance: random.Random, *, sisters: Mapping[str, Sequence[str]], earlier: Sequence[Invoice]
) -> tuple[ChangeKind, OrderChange]:
    kinds = list(MIX)
    while True:
        kind = chance.choices(kinds, weights=[MIX[one] for one in kinds])[0]
        if kind is ChangeKind.SWAP_VARIANT:
            command = _swap(invoice, chance, sisters)
        elif kind is ChangeKind.ADD_LINE:
            command = _addition(chance, earlier)
        else:
            command = _SIMPLE[kind](invoice, chance)
        if command is not None:
            return kind, command
        kinds.remove(kind)


def _swap(invoice: Invoice, chance: random.Random, sisters: Mapping[str, Sequence[str]]) -> SwapVariant | None:
    lines = [(number, sisters[line.sku]) for number, line in _numbered(invoice) if sisters[line.sku]]
    if not lines:
        return None
    number, others = chance.choice(lines)
    return SwapVariant(order_id=_NOBODY, line=number, sku=chance.choice(others))


def _addition(chance: random.Random, earlier: Sequence[Invoice]) -> AddLine:
    """Returns something else: what somebody bought before, so that it is no article of the future."""
    line = chance.choice(chance.choice(earlier).lines)
    return AddLine(order_id=_NOBODY, sku=line.sku, quantity=chance.randint(1, min(line.quantity, _ADDED_UNITS_MAX)))


def _move(invoice: Invoice, chance: random.Random) -> ChangeDeliveryAddress:
    address = address_of(invoice.customer, invoice.country)
    moved = msgspec.structs.replace(address, line1=f"{chance.randint(1, 199)} Other Street")
    return ChangeDeliveryAddress(order_id=_NOBODY, address=moved)


def _fewer_lines(invoice: Invoice, chance: random.Random) -> CancelLines | None:
    if len(invoice.lines) == 1:
        return None
    number, _ = chance.choice(list(_numbered(invoice)))
    return CancelLines(
        order_id=_NOBODY, lines=(LineToCancel(line=number),), reason=CancellationReason.ORDERED_BY_MISTAKE
    )


def _cancellation(_invoice: Invoice, chance: random.Random) -> CancelOrder:
    reason = chance.choice((CancellationReason.CHANGED_MIND, CancellationReason.ORDERED_BY_MISTAKE))
    return CancelOrder(order_id=_NOBODY, reason=reason)


def _contact(invoice: Invoice, chance: random.Random) -> ChangeContact:
    return ChangeContact(
        order_id=_NOBODY, name=f"Customer {invoice.customer}", phone=f"+44 20 {chance.randint(0, 10**7):07}"
    )


def _gift(invoice: Invoice, _chance: random.Random) -> AddGiftMessage:
    return AddGiftMessage(order_id=_NOBODY, message=f"With love from customer {invoice.customer}")


def _numbered(invoice: Invoice) -> Iterable[tuple[int, ArticleLine]]:
    return enumerate(invoice.lines, start=1)


_SIMPLE: Final[Mapping[ChangeKind, Callable[[Invoice, random.Random], OrderChange | None]]] = {
    ChangeKind.CHANGE_DELIVERY_ADDRESS: _move,
    ChangeKind.CANCEL_LINES: _fewer_lines,
    ChangeKind.CANCEL_ORDER: _cancellation,
    ChangeKind.CHANGE_CONTACT: _contact,
    ChangeKind.ADD_GIFT_MESSAGE: _gift,
}
