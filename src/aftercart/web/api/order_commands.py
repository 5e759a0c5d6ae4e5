"""What all commands on orders share: preview, quote, key, version, and the order as the answer."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import msgspec

from aftercart.kit.commands import Actor, Answer, Command, QuoteChanged
from aftercart.orders.decisions.place_order import PlaceOrder
from aftercart.orders.handlers import OrderNotFound, OrderRef
from aftercart.orders.model import Order, Status
from aftercart.orders.rules.consequences import Consequences, Intercepted, consequences_of
from aftercart.views.order_at_version import load_order_at_version
from aftercart.views.order_ids import load_order_id_of_reference
from aftercart.web.api.amounts import Amount
from aftercart.web.api.call import Call
from aftercart.web.api.customer_answer import order_answer_for
from aftercart.web.api.headers import expected_version, idempotency_key
from aftercart.web.api.order_allowed import AllowedChangeAnswer, allowed_answers, circumstances
from aftercart.web.api.order_answer import OrderAnswer, TotalsAnswer, totals_answer
from aftercart.web.api.problems import reply_with_problem
from aftercart.web.api.refusals import IdempotencyKeyMissing
from aftercart.web.api.reply import Header, Reply
from aftercart.web.api.route import Answered

encode: Final = msgspec.json.Encoder().encode
_decode_ref: Final = msgspec.json.Decoder(OrderRef).decode
REPLAYED: Final[Header] = (b"idempotency-replayed", b"true")


class PreviewQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``preview`` asks what the call would do, and changes nothing."""

    preview: bool = False


class SettlementAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What happens to the money: ``due`` is missing from the authorization, ``freed`` is not needed of it."""

    authorized: Amount
    due: Amount
    freed: Amount


class ConsequencesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a change means: the totals before (none for a new order) and after, the settlement, the promise.

    The order arrives between ``earliest_date`` and ``promised_date``; ``previous_date`` was promised before.
    ``intercepted`` units lie in a hand or a parcel: they are pulled out and put back.
    """

    before: TotalsAnswer | None
    after: TotalsAnswer
    settlement: SettlementAnswer
    previous_date: date | None
    earliest_date: date | None
    promised_date: date | None
    status: Status
    intercepted: tuple[Intercepted, ...]


class PreviewAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What the call would do now. ``quote``, sent with the real call, guards it against other consequences.

    ``changes`` is what could still be changed afterwards.
    """

    preview: bool
    quote: str | None
    consequences: ConsequencesAnswer
    order: OrderAnswer
    changes: list[AllowedChangeAnswer]


PREVIEWED: Final = Answered(
    status=200, meaning="With `?preview=true`: what the call would do", shape=PreviewAnswer, has_etag=True
)


Shown = Callable[[Order, Actor], OrderAnswer]


async def carry_out(
    call: Call,
    command: Command,
    *,
    status: int,
    quote: str | None,
    needs_key: bool = False,
    shown: Shown = order_answer_for,
) -> Reply:
    """Submits the command, or previews it with ``?preview=true``, and answers with the order as ``shown``.

    Raises ``IdempotencyKeyMissing`` for a command that ``needs_key`` and has none; a preview needs none.
    """
    query_string = call.request.scope["query_string"]
    version = expected_version(call.headers.get(b"if-match"))
    if query_string and call.query(PreviewQuery).preview:
        return await _preview(call, command, quote=quote, version=version, shown=shown)
    key = idempotency_key(call.headers.get(b"idempotency-key"))
    if needs_key and key is None:
        raise IdempotencyKeyMissing
    try:
        answer = await call.shop.submit(command, call.actor, key=key, quote=quote, expected_version=version)
    except QuoteChanged as refusal:
        return await _quote_changed(call, refusal, command)
    return await order_reply(call, answer, status=status, shown=shown)


async def order_reply(call: Call, answer: Answer, *, status: int, shown: Shown = order_answer_for) -> Reply:
    """Returns the order after the command; a repeated call gets the order as it was the first time."""
    order, replayed = await answered_order(call, answer)
    etag = (b"etag", b'"%d"' % order.version)
    headers = (etag, REPLAYED) if replayed else (etag,)
    return Reply(status, encode(shown(order, call.actor)), headers=headers)


async def answered_order(call: Call, answer: Answer) -> tuple[Order, bool]:
    """Returns the order an answer is about, and whether this command was carried out before."""
    if answer.after is not None:
        return answer.after, False
    ref = _decode_ref(answer.result)
    return await load_order_at_version(call.shop.database, ref.order_id, ref.version), True


def consequences_answer(consequences: Consequences, currency: str) -> ConsequencesAnswer:
    """Returns consequences with their currency."""

    def amount(minor_units: int) -> Amount:
        return Amount(minor_units=minor_units, currency=currency)

    settlement = consequences.settlement
    return ConsequencesAnswer(
        before=None if consequences.before is None else totals_answer(consequences.before, currency),
        after=totals_answer(consequences.after, currency),
        settlement=SettlementAnswer(
            authorized=amount(settlement.authorized_minor),
            due=amount(settlement.due_minor),
            freed=amount(settlement.freed_minor),
        ),
        previous_date=consequences.previous_date,
        earliest_date=consequences.earliest_date,
        promised_date=consequences.promised_date,
        status=Status(consequences.status),
        intercepted=consequences.intercepted,
    )


async def _preview(call: Call, command: Command, *, quote: str | None, version: int | None, shown: Shown) -> Reply:
    preview = await call.shop.preview(command, call.actor, quote=quote, expected_version=version)
    order: Order | None = preview.after
    consequences = preview.consequences
    if order is None or not isinstance(consequences, Consequences):
        order = await _order_placed_before(call, command)
        consequences = consequences_of(None, order)
    answer = PreviewAnswer(
        preview=True,
        quote=preview.quote,
        consequences=consequences_answer(consequences, order.currency),
        order=shown(order, call.actor),
        changes=allowed_answers(
            order, await circumstances(call), language=call.language, zone=call.shop.surroundings.zone
        ),
    )
    return Reply(200, encode(answer), headers=((b"etag", b'"%d"' % order.version),))


async def _order_placed_before(call: Call, command: Command) -> Order:
    """Returns the order that the same wish made before: only a placement with a reference can find its wish granted."""
    assert isinstance(command, PlaceOrder)
    assert command.reference is not None
    order_id = await load_order_id_of_reference(call.shop.database, command.channel, command.reference)
    return await load_order_at_version(call.shop.database, order_id, 1)


async def _quote_changed(call: Call, refusal: QuoteChanged, command: Command) -> Reply:
    consequences = refusal.values["consequences"]
    if not isinstance(consequences, Consequences):
        return reply_with_problem(refusal, call.language)
    currency = command.currency if isinstance(command, PlaceOrder) else await _currency_of(call, command)
    return reply_with_problem(refusal, call.language, consequences=consequences_answer(consequences, currency))


async def _currency_of(call: Call, command: Any) -> str:
    order = await call.orders.find(command.order_id)
    if order is None:
        raise OrderNotFound
    return order.currency
