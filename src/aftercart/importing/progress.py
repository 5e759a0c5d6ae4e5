"""How far an import is: what became of every invoice and delivery so far, in this run or an earlier one."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from aftercart.importing.edit_answers import EditAnswer
from aftercart.importing.model import Invoice
from aftercart.importing.notebook import Refused, find_placed, find_refused
from aftercart.importing.orders import order_of
from aftercart.kit.commands import Answer, Command
from aftercart.kit.database import Database
from aftercart.kit.outcomes import command_id_of_key, fingerprint_of
from aftercart.orders.handlers import OrderRef


class Progress:
    """What became of the invoices, by number, and which documents of stock and supply are known by their ids.

    ``order_ids`` and ``edit_answers`` are of this run; ``refused_commands`` counts what the clock and reactions asked
    for in vain, by reason. ``played_until`` is the moment at which time stopped, once it did.
    """

    def __init__(self, *, placed: set[str], refused: dict[str, Refused], documents: set[UUID]) -> None:
        self.placed = placed
        self.refused = refused
        self.documents = documents
        self.placed_earlier = len(placed)
        self.answered_orders = 0
        self.answered_lines = 0
        self.played_until: datetime | None = None
        self.order_ids: dict[str, UUID] = {}
        self.edit_answers: list[EditAnswer] = []
        self.refused_commands: Counter[str] = Counter()

    def knows(self, invoice: Invoice) -> bool:
        """Tells whether the invoice was placed or refused already."""
        return invoice.number in self.placed or invoice.number in self.refused

    def note_order(self, invoice: Invoice, answer: Answer) -> None:
        """Notes which order an invoice has become in this run."""
        self.order_ids[invoice.number] = msgspec.json.decode(answer.result, type=OrderRef).order_id

    def note_answer(self, invoice: Invoice, refused: Refused | None) -> None:
        """Notes what became of an invoice in this run: an order, unless it was refused."""
        self.answered_orders += 1
        self.answered_lines += len(invoice.lines)
        if refused is None:
            self.placed.add(invoice.number)
        else:
            self.refused[invoice.number] = refused


def document_id(importer: str, document: Command) -> UUID:
    """Returns the command id of a document: the same goods never arrive twice, however often they are imported."""
    return command_id_of_key(importer, f"document {fingerprint_of(document)}")


async def find_progress(database: Database, invoices: Sequence[Invoice], document_ids: Iterable[UUID]) -> Progress:
    """Finds out what earlier runs did. An invoice that was corrected since counts as unknown: the shop is asked."""
    placed = await find_placed(database)
    refused = await find_refused(database)
    streams = await database.rows(_FIND_DOCUMENTS, {"streams": list(document_ids)})
    progress = Progress(placed=set(), refused={}, documents={stream for (stream,) in streams})
    for invoice in invoices:
        number = invoice.number
        if number not in placed and number not in refused:
            continue
        fingerprint = fingerprint_of(order_of(invoice))
        if placed.get(number) == fingerprint:
            progress.placed.add(number)
        elif number in refused and refused[number].fingerprint == fingerprint:
            progress.refused[number] = refused[number]
    progress.placed_earlier = len(progress.placed)
    return progress


# Not the outcomes: those are forgotten after two days, the event log is not.
_FIND_DOCUMENTS: Final = """
    SELECT stream FROM kit.event_log WHERE stream = ANY(%(streams)s) AND seq = 1
"""
