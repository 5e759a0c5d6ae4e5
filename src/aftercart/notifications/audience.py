"""Who hears of which event: one table, in which every event has its row."""

import enum
from typing import Final

from aftercart.access.events import (
    ApiKeyCreated,
    CustomerCodeRedeemed,
    CustomerCodeRejected,
    CustomerCodeRequested,
    CustomerLinkCreated,
)
from aftercart.catalog.events import VariantsUpserted
from aftercart.fulfillment.events import (
    ItemPacked,
    ItemTaken,
    ItemUnpacked,
    LabelPrinted,
    LabelRefused,
    LabelRequested,
    LabelVoided,
    PackingSet,
    ParcelClosed,
    ParcelHandedOver,
    ParcelOpened,
    ParcelReopened,
    ParcelTracked,
    ParcelVoided,
    PickingAbandoned,
    PickListAbandoned,
    PickListCreated,
    PickListFinished,
    PickListStarted,
    ShortReported,
    UnitsPicked,
    UnitsPutBack,
    UnitsShort,
)
from aftercart.inventory.events import (
    BinCounted,
    BinStockMoved,
    BinsUpserted,
    LocationsUpserted,
    SafetyStockSet,
    StockAdjusted,
    StockCounted,
    StockPutAway,
    StockQuarantined,
    StockReceived,
    SupplyChanged,
)
from aftercart.kit.state import Event
from aftercart.notifications.events import (
    DeliveryGivenUp,
    WebhookEndpointCreated,
    WebhookEndpointDisabled,
    WebhooksReplayRequested,
)
from aftercart.orders.events import (
    BackorderReserved,
    ChannelsUpserted,
    ContactChanged,
    DeliveryAddressChanged,
    DeliveryMethodChanged,
    ExpectationMoved,
    GiftMessageAdded,
    HoldLifted,
    LineAdded,
    LineQuantityChanged,
    LinesCanceled,
    OrderCanceled,
    OrderHeld,
    OrderPlaced,
    OrderReleased,
    PaymentMethodChanged,
    PickupPointChanged,
    PolicySet,
    ProductionFinished,
    ProductionStarted,
    PromiseMoved,
    SplitAccepted,
    UnitsMissing,
    VariantSwapped,
)
from aftercart.shipping.events import DeliveryMethodsUpserted, PickupPointsUpserted, PostcodesUpserted


class Audience(enum.Enum):
    """Somebody who wants to know without having asked."""

    CUSTOMER = "customer"  # whose order it is
    AGENT = "agent"  # customer service, when something needs a person
    MERCHANT = "merchant"  # whoever runs the shop
    INTEGRATOR = "integrator"  # the shop's other systems


SILENT: Final = frozenset[Audience]()
"""Nobody is told: who did it knows, and for everybody else the next read is soon enough."""

_ORDER: Final = frozenset({Audience.CUSTOMER, Audience.INTEGRATOR})

AUDIENCES: Final[dict[type[Event], frozenset[Audience]]] = {
    ApiKeyCreated: frozenset({Audience.MERCHANT}),  # a key nobody expected is the first sign of a break-in
    VariantsUpserted: SILENT,
    LocationsUpserted: SILENT,
    ChannelsUpserted: SILENT,
    DeliveryMethodsUpserted: frozenset({Audience.INTEGRATOR}),  # the web shop shows prices and methods
    PickupPointsUpserted: SILENT,
    PostcodesUpserted: SILENT,
    # What can be sold has changed: the web shop shows it.
    StockReceived: frozenset({Audience.INTEGRATOR}),
    StockAdjusted: frozenset({Audience.INTEGRATOR}),
    StockCounted: frozenset({Audience.INTEGRATOR}),
    SafetyStockSet: frozenset({Audience.INTEGRATOR}),
    StockQuarantined: frozenset({Audience.INTEGRATOR}),
    SupplyChanged: frozenset({Audience.INTEGRATOR}),
    # Where in the house something lies matters to those who walk there.
    BinsUpserted: SILENT,
    StockPutAway: SILENT,
    BinStockMoved: SILENT,
    BinCounted: frozenset({Audience.INTEGRATOR}),
    OrderPlaced: _ORDER,
    # The customer hears of every change to their order, their own included: it may not have been theirs.
    DeliveryAddressChanged: _ORDER,
    DeliveryMethodChanged: _ORDER,
    PickupPointChanged: _ORDER,
    ContactChanged: _ORDER,
    PaymentMethodChanged: _ORDER,
    GiftMessageAdded: _ORDER,
    LineAdded: _ORDER,
    VariantSwapped: _ORDER,
    LineQuantityChanged: _ORDER,
    LinesCanceled: _ORDER,
    OrderCanceled: _ORDER,
    BackorderReserved: _ORDER,
    ExpectationMoved: frozenset({Audience.INTEGRATOR}),
    PromiseMoved: _ORDER,  # bad news is better early, and from us
    # Another location may still have the units: an agent looks before the customer worries.
    UnitsMissing: frozenset({Audience.AGENT, Audience.INTEGRATOR}),
    SplitAccepted: _ORDER,
    # Why somebody stopped an order is not always for the customer to read; that it waits, its page says.
    OrderHeld: frozenset({Audience.AGENT, Audience.INTEGRATOR}),
    HoldLifted: frozenset({Audience.INTEGRATOR}),
    # The page shows the release at once; a message follows when the parcel leaves.
    OrderReleased: frozenset({Audience.INTEGRATOR}),
    ProductionStarted: _ORDER,
    ProductionFinished: frozenset({Audience.INTEGRATOR}),
    PackingSet: SILENT,
    UnitsPicked: frozenset({Audience.INTEGRATOR}),  # the page shows it in the very moment
    PickingAbandoned: frozenset({Audience.INTEGRATOR}),
    UnitsShort: frozenset({Audience.AGENT, Audience.INTEGRATOR}),
    UnitsPutBack: frozenset({Audience.INTEGRATOR}),
    PickListCreated: SILENT,
    PickListStarted: SILENT,
    ItemTaken: SILENT,
    ShortReported: SILENT,  # what it means for an order is an event of the order
    PickListFinished: SILENT,
    PickListAbandoned: SILENT,
    ParcelOpened: SILENT,
    ItemPacked: SILENT,
    ItemUnpacked: SILENT,
    ParcelVoided: SILENT,
    ParcelClosed: frozenset({Audience.INTEGRATOR}),
    ParcelReopened: frozenset({Audience.INTEGRATOR}),
    LabelRequested: SILENT,
    LabelPrinted: frozenset({Audience.INTEGRATOR}),
    LabelRefused: frozenset({Audience.AGENT, Audience.INTEGRATOR}),  # mostly an address that somebody must correct
    LabelVoided: SILENT,
    ParcelHandedOver: frozenset({Audience.INTEGRATOR}),
    ParcelTracked: frozenset({Audience.INTEGRATOR}),
    PolicySet: frozenset({Audience.MERCHANT}),
    CustomerLinkCreated: SILENT,
    CustomerCodeRequested: frozenset({Audience.CUSTOMER}),  # the only way the code takes
    CustomerCodeRejected: SILENT,
    CustomerCodeRedeemed: SILENT,
    WebhookEndpointCreated: frozenset({Audience.MERCHANT}),  # as with a key: data leaves the shop there
    WebhookEndpointDisabled: frozenset({Audience.MERCHANT}),
    WebhooksReplayRequested: SILENT,
    # Never told to other systems: an endpoint that fails would be told of its own failures for ever.
    DeliveryGivenUp: frozenset({Audience.AGENT}),
}


_SEEN_WITHOUT_A_MESSAGE: Final = frozenset(
    event.__name__
    for event in (OrderReleased, ProductionFinished, UnitsPicked, ParcelClosed, ParcelHandedOver, ParcelTracked)
)


def events_for(audience: Audience) -> tuple[str, ...]:
    """Returns the names of the events that somebody hears of, sorted."""
    return tuple(sorted(event.__name__ for event, heard_by in AUDIENCES.items() if audience in heard_by))


def events_seen_by_customers() -> frozenset[str]:
    """Returns the names of the events a customer finds when they look: what they hear of, and how it went on.

    Why an order was stopped, and what was not found, is between those who work on it.
    """
    return _SEEN_WITHOUT_A_MESSAGE.union(events_for(Audience.CUSTOMER))
