"""Every wish there can be about an order: drawn for an order nobody knows yet, then told of a real one."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import strategies as st
from tests.scenario import LYON, NOW, ORDER_ID, PARIS

from aftercart.inventory.model import UNWANTED_STAGES
from aftercart.orders.decisions.accept_split import AcceptSplit
from aftercart.orders.decisions.add_gift_message import AddGiftMessage
from aftercart.orders.decisions.add_line import AddLine
from aftercart.orders.decisions.amend import Amend
from aftercart.orders.decisions.cancel_lines import CancelLines, LineToCancel
from aftercart.orders.decisions.change_contact import ChangeContact
from aftercart.orders.decisions.change_delivery_address import ChangeDeliveryAddress
from aftercart.orders.decisions.change_delivery_method import ChangeDeliveryMethod
from aftercart.orders.decisions.change_line_quantity import ChangeLineQuantity
from aftercart.orders.decisions.change_payment_method import ChangePaymentMethod
from aftercart.orders.decisions.change_pickup_point import ChangePickupPoint
from aftercart.orders.decisions.swap_variant import SwapVariant
from aftercart.orders.model import CancellationReason, Order, OrderChange, PriceMode, Pricing, PromotionMode

SIZES: Final = "ABC"
EVENING: Final = time(18)
PARIS_TIME: Final = ZoneInfo("Europe/Paris")

order_ids = st.just(ORDER_ID)
lines = st.integers(1, 12)
quantities = st.integers(1, 4)
skus = st.sampled_from(["A", "B", "C", "K", "P", "M"])
addresses = st.sampled_from([PARIS, LYON])
promotions = st.none() | st.sampled_from(PromotionMode)
pricings = st.builds(Pricing, promotions=promotions)
swap_pricings = st.builds(
    Pricing, promotions=promotions, price=st.sampled_from([None, PriceMode.KEEP_PAID, PriceMode.CURRENT])
)
lines_to_cancel = st.lists(
    st.builds(LineToCancel, line=lines, quantity=st.none() | quantities),
    min_size=1,
    max_size=2,
).map(tuple)

quantity_wishes = st.builds(
    ChangeLineQuantity, order_id=order_ids, line=lines, quantity=st.integers(1, 6), pricing=pricings
)
swaps = st.builds(
    SwapVariant,
    order_id=order_ids,
    line=lines,
    sku=st.sampled_from(SIZES),
    quantity=st.integers(1, 2),
    pricing=swap_pricings,
)
ways = st.one_of(
    st.builds(
        ChangeDeliveryMethod,
        order_id=order_ids,
        method=st.sampled_from(["colissimo-home", "chronopost-express"]),
        address=addresses,
    ),
    st.builds(
        ChangeDeliveryMethod,
        order_id=order_ids,
        method=st.just("mondial-relay-point"),
        pickup_point=st.sampled_from(["P1", "P2"]),
    ),
    st.builds(
        ChangeDeliveryMethod,
        order_id=order_ids,
        method=st.just("store-pickup"),
        pickup_point=st.sampled_from(["S1", "S2"]),
    ),
    st.builds(
        ChangeDeliveryMethod,
        order_id=order_ids,
        method=st.just("van"),
        address=addresses,
        slot=st.integers(2, 9).map(lambda days: NOW + timedelta(days=days)),
    ),
)
changes: st.SearchStrategy[OrderChange] = st.one_of(
    quantity_wishes,
    swaps,
    ways,
    st.builds(AddLine, order_id=order_ids, sku=skus, quantity=quantities, pricing=pricings),
    st.builds(
        CancelLines,
        order_id=order_ids,
        lines=lines_to_cancel,
        reason=st.just(CancellationReason.OTHER),
        promotions=promotions,
    ),
    st.builds(ChangeDeliveryAddress, order_id=order_ids, address=addresses),
    st.builds(ChangePickupPoint, order_id=order_ids, pickup_point=st.sampled_from(["P1", "P2", "S1", "S2"])),
    st.builds(ChangeContact, order_id=order_ids, name=st.sampled_from(["Ada L", "Ada Lovelace"])),
    st.builds(ChangePaymentMethod, order_id=order_ids, method=st.sampled_from(["card", "transfer"])),
    st.builds(AddGiftMessage, order_id=order_ids, message=st.sampled_from(["", "With love"]), line=st.none() | lines),
    st.builds(AcceptSplit, order_id=order_ids),
)
amendments = st.builds(Amend, order_id=order_ids, operations=st.lists(changes, min_size=1, max_size=4).map(tuple))


def told_of(wish: Any, order: Order, *, prefix: str, now: datetime) -> Any:
    """Returns the wish about a real order: about lines and SKUs that it has, and with a slot so many days from now."""
    match wish:
        case Amend():
            operations = tuple(told_of(one, order, prefix=prefix, now=now) for one in wish.operations)
            return Amend(order_id=order.order_id, operations=operations)
        case AddLine():
            changed: dict[str, Any] = {"sku": prefix + wish.sku}
        case SwapVariant():
            changed = _exchange(wish, order)
        case ChangeLineQuantity():
            changed = {"line": _of(order, wish.line)}
        case CancelLines():
            by_line = {_of(order, one.line): one for one in wish.lines}
            changed = {"lines": tuple(LineToCancel(line=line, quantity=one.quantity) for line, one in by_line.items())}
        case AddGiftMessage(line=int(line)):
            changed = {"line": _of(order, line)}
        case ChangeDeliveryMethod(slot=datetime() as slot):
            evening = datetime.combine(now.date() + (slot - NOW), EVENING, PARIS_TIME)
            changed = {"slot": evening.astimezone(UTC)}
        case _:
            changed = {}
    return msgspec.structs.replace(wish, order_id=order.order_id, **changed)


def _exchange(wish: SwapVariant, order: Order) -> dict[str, Any]:
    """Returns another size for pieces of a line that has sizes, if there is one."""
    wanted = Counter(
        {one.line: one.quantity for one in order.units if one.stage not in UNWANTED_STAGES and one.sku[-1] in SIZES}
    )
    sized = [line for line in order.lines if wanted[line.line] and not line.components] or list(order.lines)
    line = sized[wish.line % len(sized)]
    others = [size for size in SIZES if size != line.sku[-1]]
    return {
        "line": line.line,
        "sku": line.sku[:-1] + others[SIZES.index(wish.sku) % len(others)],
        "quantity": (wish.quantity or 1) % max(wanted[line.line], 1) + 1,
    }


def _of(order: Order, line: int) -> int:
    return (line - 1) % len(order.lines) + 1


def as_customer(wish: Any) -> Any:
    """Returns the wish without what only staff may say."""
    if isinstance(wish, Amend):
        return Amend(order_id=wish.order_id, operations=tuple(as_customer(one) for one in wish.operations))
    if isinstance(wish, CancelLines):
        return msgspec.structs.replace(wish, promotions=None)
    if isinstance(wish, AddLine | SwapVariant | ChangeLineQuantity):
        return msgspec.structs.replace(wish, pricing=Pricing())
    return wish
