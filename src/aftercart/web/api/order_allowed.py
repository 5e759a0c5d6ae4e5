"""What may still be changed of an order, by the rule that the changes themselves obey."""

from datetime import datetime, tzinfo
from uuid import UUID

import msgspec

from aftercart.orders.handlers import asker_of
from aftercart.orders.model import ChangeKind, Order
from aftercart.orders.queries import load_policy
from aftercart.orders.rules.allowed_changes import allowed_changes
from aftercart.orders.rules.facts import Circumstances
from aftercart.sentences import Language, refusal_sentence
from aftercart.web.api.amounts import Amount
from aftercart.web.api.call import Call


class AllowedChangeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One change of the order, or of one ``line``: allowed until at least ``until``, or not, because of ``reason``.

    ``fee`` is what it costs whoever asks; ``instead`` is what may be possible where this is not. With ``intercept``
    whatever it takes out lies in a hand or a parcel: it is pulled out before that leaves, and put back.
    """

    change: ChangeKind
    line: int | None
    allowed: bool
    reason: str | None
    detail: str | None
    until: datetime | None
    fee: Amount
    instead: tuple[ChangeKind, ...]
    intercept: bool


class AllowedChangesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What may still be changed of the order as it is at ``version``."""

    order: UUID
    version: int
    changes: list[AllowedChangeAnswer]


async def circumstances(call: Call) -> Circumstances:
    """Returns who asks, when, and under which policy."""
    policy = await load_policy(call.shop.database)
    return Circumstances(now=call.shop.clock.now(), asker=asker_of(call.actor), policy=policy)


def allowed_answers(
    order: Order, given: Circumstances, *, language: Language, zone: tzinfo
) -> list[AllowedChangeAnswer]:
    """Returns every change as the API tells it, moments of sentences in ``zone``."""
    return [
        AllowedChangeAnswer(
            change=one.change,
            line=one.line,
            allowed=one.refusal is None,
            reason=None if one.refusal is None else one.refusal.code,
            detail=None if one.refusal is None else refusal_sentence(one.refusal, language, zone=zone),
            until=one.until,
            fee=Amount(minor_units=one.fee_minor, currency=order.currency),
            instead=one.instead,
            intercept=one.intercept,
        )
        for one in allowed_changes(order, given)
    ]
