"""The composition root: every area's handlers, kinds and evolvers are wired into one bus here, and nowhere else."""

from collections.abc import Sequence
from typing import Any, Final

from aftercart.access.events import (
    ApiKeyCreated,
    CustomerCodeRedeemed,
    CustomerCodeRejected,
    CustomerCodeRequested,
    CustomerLinkCreated,
)
from aftercart.access.evolve import evolve_api_key, evolve_customer_codes, evolve_customer_link
from aftercart.access.handlers import HANDLERS as ACCESS_HANDLERS
from aftercart.access.store import KINDS as ACCESS_KINDS
from aftercart.catalog.events import VariantsUpserted
from aftercart.catalog.evolve import evolve_variants
from aftercart.catalog.handlers import HANDLERS as CATALOG_HANDLERS
from aftercart.catalog.store import VARIANTS
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
from aftercart.fulfillment.evolve import (
    evolve_packing,
    evolve_parcels,
    evolve_pick_list,
    evolve_pick_list_created,
    evolve_picks,
)
from aftercart.fulfillment.handlers import HANDLERS as FULFILLMENT_HANDLERS
from aftercart.fulfillment.store import KINDS as FULFILLMENT_KINDS
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
from aftercart.inventory.evolve import (
    evolve_bin_documents,
    evolve_bin_pick,
    evolve_bins,
    evolve_finished_production,
    evolve_kept_back,
    evolve_locations,
    evolve_shipment,
    evolve_short_pick,
    evolve_stock,
    evolve_supply,
)
from aftercart.inventory.handlers import HANDLERS as INVENTORY_HANDLERS
from aftercart.inventory.store import KINDS as INVENTORY_KINDS
from aftercart.kit.commands import Command, Handler, Registry
from aftercart.kit.state import Event, Evolver, Key, Kind
from aftercart.notifications.events import (
    DeliveryGivenUp,
    WebhookEndpointCreated,
    WebhookEndpointDisabled,
    WebhooksReplayRequested,
)
from aftercart.notifications.evolve import evolve_delivery, evolve_webhook_endpoint
from aftercart.notifications.handlers import HANDLERS as NOTIFICATION_HANDLERS
from aftercart.notifications.store import KINDS as NOTIFICATION_KINDS
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
from aftercart.orders.evolve import evolve_channels, evolve_policy, evolve_reference
from aftercart.orders.handlers import EVOLVERS as ORDER_EVOLVERS
from aftercart.orders.handlers import HANDLERS as ORDER_HANDLERS
from aftercart.orders.store import KINDS as ORDER_KINDS
from aftercart.permissions import authorize
from aftercart.shipping.events import DeliveryMethodsUpserted, PickupPointsUpserted, PostcodesUpserted
from aftercart.shipping.evolve import evolve_methods, evolve_pickup_points, evolve_postcodes
from aftercart.shipping.handlers import HANDLERS as SHIPPING_HANDLERS
from aftercart.shipping.store import KINDS as SHIPPING_KINDS

HANDLERS: Final[tuple[Handler[Any], ...]] = (
    *ACCESS_HANDLERS,
    *CATALOG_HANDLERS,
    *INVENTORY_HANDLERS,
    *SHIPPING_HANDLERS,
    *ORDER_HANDLERS,
    *FULFILLMENT_HANDLERS,
    *NOTIFICATION_HANDLERS,
)

KINDS: Final[tuple[Kind, ...]] = (
    *ACCESS_KINDS,
    VARIANTS,
    *INVENTORY_KINDS,
    *SHIPPING_KINDS,
    *ORDER_KINDS,
    *FULFILLMENT_KINDS,
    *NOTIFICATION_KINDS,
)

PARCEL_EVOLVERS: Final = (*ORDER_EVOLVERS, evolve_parcels)

EVOLVERS: Final[dict[type[Event], Sequence[Evolver]]] = {
    ApiKeyCreated: (evolve_api_key,),
    VariantsUpserted: (evolve_variants,),
    LocationsUpserted: (evolve_locations,),
    ChannelsUpserted: (evolve_channels,),
    PolicySet: (evolve_policy,),
    StockReceived: (evolve_stock, evolve_supply),
    StockAdjusted: (evolve_stock,),
    StockCounted: (evolve_stock,),
    SafetyStockSet: (evolve_kept_back,),
    StockQuarantined: (evolve_kept_back,),
    SupplyChanged: (evolve_supply,),
    BinsUpserted: (evolve_bins,),
    StockPutAway: (evolve_bin_documents,),
    BinStockMoved: (evolve_bin_documents,),
    BinCounted: (evolve_bin_documents,),
    OrderPlaced: (*ORDER_EVOLVERS, evolve_reference),
    DeliveryAddressChanged: ORDER_EVOLVERS,
    DeliveryMethodChanged: ORDER_EVOLVERS,
    PickupPointChanged: ORDER_EVOLVERS,
    ExpectationMoved: ORDER_EVOLVERS,
    PromiseMoved: ORDER_EVOLVERS,
    ContactChanged: ORDER_EVOLVERS,
    PaymentMethodChanged: ORDER_EVOLVERS,
    GiftMessageAdded: ORDER_EVOLVERS,
    LineAdded: ORDER_EVOLVERS,
    VariantSwapped: ORDER_EVOLVERS,
    LineQuantityChanged: ORDER_EVOLVERS,
    LinesCanceled: ORDER_EVOLVERS,
    OrderCanceled: ORDER_EVOLVERS,
    BackorderReserved: ORDER_EVOLVERS,
    UnitsMissing: ORDER_EVOLVERS,
    OrderHeld: ORDER_EVOLVERS,
    HoldLifted: ORDER_EVOLVERS,
    SplitAccepted: ORDER_EVOLVERS,
    OrderReleased: ORDER_EVOLVERS,
    ProductionStarted: ORDER_EVOLVERS,
    ProductionFinished: (*ORDER_EVOLVERS, evolve_finished_production),
    PackingSet: (evolve_packing,),
    PickListCreated: (evolve_pick_list_created,),
    PickListStarted: (evolve_pick_list,),
    ItemTaken: (evolve_pick_list,),
    ShortReported: (evolve_pick_list,),
    PickListFinished: (evolve_pick_list,),
    PickListAbandoned: (evolve_pick_list,),
    UnitsPicked: (*ORDER_EVOLVERS, evolve_bin_pick, evolve_picks),
    PickingAbandoned: (*ORDER_EVOLVERS, evolve_bin_pick, evolve_picks),
    UnitsShort: (*ORDER_EVOLVERS, evolve_short_pick, evolve_picks),
    UnitsPutBack: (*ORDER_EVOLVERS, evolve_bin_pick),
    ParcelOpened: PARCEL_EVOLVERS,
    ItemPacked: PARCEL_EVOLVERS,
    ItemUnpacked: PARCEL_EVOLVERS,
    ParcelClosed: PARCEL_EVOLVERS,
    ParcelReopened: PARCEL_EVOLVERS,
    ParcelVoided: PARCEL_EVOLVERS,
    LabelRequested: PARCEL_EVOLVERS,
    LabelPrinted: PARCEL_EVOLVERS,
    LabelRefused: PARCEL_EVOLVERS,
    LabelVoided: PARCEL_EVOLVERS,
    ParcelHandedOver: (*PARCEL_EVOLVERS, evolve_shipment),
    ParcelTracked: PARCEL_EVOLVERS,
    DeliveryMethodsUpserted: (evolve_methods,),
    PickupPointsUpserted: (evolve_pickup_points,),
    PostcodesUpserted: (evolve_postcodes,),
    CustomerLinkCreated: (evolve_customer_link,),
    CustomerCodeRequested: (evolve_customer_codes,),
    CustomerCodeRejected: (evolve_customer_codes,),
    CustomerCodeRedeemed: (evolve_customer_codes,),
    WebhookEndpointCreated: (evolve_webhook_endpoint,),
    WebhookEndpointDisabled: (evolve_webhook_endpoint,),
    WebhooksReplayRequested: (evolve_webhook_endpoint,),
    DeliveryGivenUp: (evolve_delivery,),
}

EVENTS: Final[dict[str, type[Event]]] = {event.__name__: event for event in EVOLVERS}
"""Every event by the name under which the log keeps it."""


def registry() -> Registry:
    """Returns the bus's whole knowledge of the business."""
    handlers: dict[type[Command], Handler[Any]] = {handler.command: handler for handler in HANDLERS}
    kinds: dict[type[Key[Any]], Kind] = {kind.key: kind for kind in KINDS}
    return Registry(handlers=handlers, kinds=kinds, evolvers=EVOLVERS, authorize=authorize)
