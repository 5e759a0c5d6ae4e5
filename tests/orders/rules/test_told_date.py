"""The day the customer is told: one that was promised and withdrawn is not it, one that the shop gave may be."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

import msgspec
import pytest
from tests.scenario import NOW, facts, order

from aftercart.orders.model import Awaited, Delivery, Order
from aftercart.orders.rules.consequences import consequences_of
from aftercart.orders.rules.outlook import outlook_of
from aftercart.orders.rules.told_date import told_date
from aftercart.shipping.model import DeliveryMethod, MethodKind, Names, Rate, SlotTemplate, Transit, Zone
from aftercart.web.api.order_answer import order_answer

THURSDAY: Final = date(2026, 3, 5)
VAN: Final = DeliveryMethod(
    code="van",
    kind=MethodKind.SCHEDULED_SLOT,
    carrier="our van",
    names=Names(en="our van", fr="notre camionnette"),
    currency="EUR",
    rates=(Rate(zone=Zone.FRANCE, price_minor=1200),),
    transit=(Transit(zone=Zone.FRANCE, days_min=1, days_max=1),),
    slots=(SlotTemplate(weekday=3, starts="18:00", ends="20:00", capacity=2),),
)
SLOT: Final = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)
PROMISED: Final = order("1 A W1 reserved 1")
WITHDRAWN: Final = order(
    "1 A W1 backordered 1",
    delivery=msgspec.structs.replace(PROMISED.delivery, promise=None),
    awaited=(Awaited(sku="A", location="W1", expected_date=None, reference=None),),
)


def given(**changes: object) -> Delivery:
    """Returns a delivery for which the shop gave the day itself, and nothing is calculated."""
    plain = msgspec.structs.replace(PROMISED.delivery, promise=None, promised_date=THURSDAY, given_date=THURSDAY)
    return msgspec.structs.replace(plain, **changes)


def test_what_was_promised_is_told_until_it_is_withdrawn() -> None:
    assert told_date(PROMISED) == WITHDRAWN.delivery.promised_date == THURSDAY
    assert told_date(WITHDRAWN) is None


@pytest.mark.parametrize(("order", "told"), [(PROMISED, THURSDAY), (WITHDRAWN, None)], ids=["promised", "withdrawn"])
def test_whoever_asks_is_told_the_same(order: Order, told: date | None) -> None:
    shown = consequences_of(order, order)
    assert (shown.previous_date, shown.promised_date) == (told, told)
    assert order_answer(order).delivery.promised_date == told


def test_a_day_the_shop_gave_is_told_while_everything_is_there() -> None:
    assert told_date(order("1 A W1 reserved 1", delivery=given())) == THURSDAY
    assert told_date(msgspec.structs.replace(WITHDRAWN, delivery=given())) is None


def test_a_slot_that_cannot_be_kept_is_told_no_more_though_the_shop_gave_its_day() -> None:
    source = facts(methods={"van": VAN})
    placed = order("1 A W1 reserved 1", delivery=given(method="van", slot_at=SLOT, promised_date=SLOT.date()))
    agreed = msgspec.structs.replace(placed, delivery=outlook_of(None, placed, (), source, now=NOW).delivery)
    assert told_date(agreed) == THURSDAY
    missed = outlook_of(agreed, agreed, (), source, now=SLOT + timedelta(days=1)).delivery
    assert (missed.promise, missed.promised_date) == (None, agreed.delivery.promised_date)
    assert told_date(msgspec.structs.replace(agreed, delivery=missed)) is None


def test_a_way_that_is_not_offered_any_more_leaves_the_day_the_shop_gave() -> None:
    placed = order("1 A W1 reserved 1", delivery=given(method="van", slot_at=SLOT, given_date=SLOT.date()))
    source = facts(methods={"van": VAN})
    agreed = msgspec.structs.replace(placed, delivery=outlook_of(None, placed, (), source, now=NOW).delivery)
    nowhere = facts(methods={"van": msgspec.structs.replace(VAN, transit=())})
    left = outlook_of(agreed, agreed, (), nowhere, now=SLOT - timedelta(hours=1)).delivery
    assert left.promise is None
    assert told_date(msgspec.structs.replace(agreed, delivery=left)) == SLOT.date()
