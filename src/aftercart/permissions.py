"""Who may ask for what: one table of commands and one of reads, and the rule that a customer reaches one order."""

from typing import Any, Final

from aftercart.access.decisions.create_api_key import CreateApiKey
from aftercart.access.decisions.create_customer_link import CreateCustomerLink
from aftercart.access.decisions.redeem_customer_code import RedeemCustomerCode
from aftercart.access.decisions.request_customer_code import RequestCustomerCode
from aftercart.access.model import CustomerCodesKey, CustomerLinkKey, Role
from aftercart.catalog.decisions.upsert_variants import UpsertVariants
from aftercart.fulfillment.decisions.abandon_pick_list import AbandonPickList
from aftercart.fulfillment.decisions.abandon_picking import AbandonPicking
from aftercart.fulfillment.decisions.close_parcel import CloseParcel
from aftercart.fulfillment.decisions.create_pick_list import CreatePickList
from aftercart.fulfillment.decisions.finish_pick_list import FinishPickList
from aftercart.fulfillment.decisions.finish_preparing import FinishPreparing
from aftercart.fulfillment.decisions.hand_over_parcel import HandOverParcel
from aftercart.fulfillment.decisions.open_parcel import OpenParcel
from aftercart.fulfillment.decisions.pack_item import PackItem
from aftercart.fulfillment.decisions.pick_units import PickUnits
from aftercart.fulfillment.decisions.put_units_back import PutUnitsBack
from aftercart.fulfillment.decisions.record_label import (
    RecordLabel,
    RecordLabelRefused,
    RecordLabelVoided,
    RequestLabel,
)
from aftercart.fulfillment.decisions.reopen_parcel import ReopenParcel
from aftercart.fulfillment.decisions.report_short import ReportShort
from aftercart.fulfillment.decisions.set_packing import SetPacking
from aftercart.fulfillment.decisions.start_pick_list import StartPickList
from aftercart.fulfillment.decisions.start_preparing import StartPreparing
from aftercart.fulfillment.decisions.take_item import TakeItem
from aftercart.fulfillment.decisions.track_parcel import TrackParcel
from aftercart.fulfillment.decisions.unpack_item import UnpackItem
from aftercart.fulfillment.decisions.void_parcel import VoidParcel
from aftercart.fulfillment.decisions.write_off_units import WriteOffUnits
from aftercart.inventory.decisions.adjust_stock import AdjustStock
from aftercart.inventory.decisions.count_bin import CountBin
from aftercart.inventory.decisions.count_stock import CountStock
from aftercart.inventory.decisions.move_bin_stock import MoveBinStock
from aftercart.inventory.decisions.put_away_stock import PutAwayStock
from aftercart.inventory.decisions.quarantine_stock import QuarantineStock
from aftercart.inventory.decisions.receive_stock import ReceiveStock
from aftercart.inventory.decisions.set_safety_stock import SetSafetyStock
from aftercart.inventory.decisions.upsert_bins import UpsertBins
from aftercart.inventory.decisions.upsert_locations import UpsertLocations
from aftercart.inventory.decisions.upsert_supply import UpsertSupply
from aftercart.kit.commands import Actor, Command
from aftercart.kit.refusal import Refusal
from aftercart.kit.state import Key
from aftercart.notifications.decisions.create_webhook_endpoint import CreateWebhookEndpoint
from aftercart.notifications.decisions.disable_webhook_endpoint import DisableWebhookEndpoint
from aftercart.notifications.decisions.give_up_delivery import GiveUpDelivery
from aftercart.notifications.decisions.replay_webhooks import ReplayWebhooks
from aftercart.orders.decisions.accept_split import AcceptSplit
from aftercart.orders.decisions.add_gift_message import AddGiftMessage
from aftercart.orders.decisions.add_line import AddLine
from aftercart.orders.decisions.amend import Amend
from aftercart.orders.decisions.cancel_lines import CancelLines
from aftercart.orders.decisions.cancel_order import CancelOrder, ExpirePaymentHold
from aftercart.orders.decisions.change_contact import ChangeContact
from aftercart.orders.decisions.change_delivery_address import ChangeDeliveryAddress
from aftercart.orders.decisions.change_delivery_method import ChangeDeliveryMethod
from aftercart.orders.decisions.change_line_quantity import ChangeLineQuantity
from aftercart.orders.decisions.change_payment_method import ChangePaymentMethod
from aftercart.orders.decisions.change_pickup_point import ChangePickupPoint
from aftercart.orders.decisions.finish_production import FinishProduction
from aftercart.orders.decisions.hold_order import HoldOrder
from aftercart.orders.decisions.lift_hold import ExpireHold, LiftHold
from aftercart.orders.decisions.order_again import OrderAgain
from aftercart.orders.decisions.place_order import PlaceOrder
from aftercart.orders.decisions.release_order import ReleaseOrder
from aftercart.orders.decisions.report_missing_units import ReportMissingUnits
from aftercart.orders.decisions.reserve_backorder import ReserveBackorder
from aftercart.orders.decisions.review_promise import ReviewPromise
from aftercart.orders.decisions.set_policy import SetPolicy
from aftercart.orders.decisions.start_production import StartProduction
from aftercart.orders.decisions.swap_variant import SwapVariant
from aftercart.orders.decisions.upsert_channels import UpsertChannels
from aftercart.orders.handlers import OrderNotFound
from aftercart.orders.model import OrderKey
from aftercart.shipping.decisions.upsert_delivery_methods import UpsertDeliveryMethods
from aftercart.shipping.decisions.upsert_pickup_points import UpsertPickupPoints
from aftercart.shipping.decisions.upsert_postcodes import UpsertPostcodes

SYSTEM: Final = Actor(name="system", role="system")
"""The shop's own clock and reactions; no key carries this role."""

_SYSTEM_ONLY: Final = frozenset({SYSTEM.role})
_ADMIN: Final = frozenset({Role.ADMIN.value})
_RULES: Final = _ADMIN | {Role.MANAGER.value, Role.INTEGRATOR.value}
_SERVICE: Final = _RULES | {Role.AGENT.value}
_FLOOR: Final = frozenset({Role.PICKER.value, Role.PACKER.value, Role.STORE.value})
_WALKERS: Final = _RULES | _FLOOR
_CUSTOMER: Final = frozenset({Role.CUSTOMER.value})
_STAFF: Final = _SERVICE | _FLOOR | {Role.PARTNER.value}

COMMANDS: Final[dict[type[Command], frozenset[str]]] = {
    CreateApiKey: _ADMIN | _SYSTEM_ONLY,
    UpsertVariants: _RULES | _SYSTEM_ONLY,
    UpsertLocations: _RULES | _SYSTEM_ONLY,
    UpsertChannels: _RULES | _SYSTEM_ONLY,
    SetPolicy: _ADMIN | {Role.MANAGER.value} | _SYSTEM_ONLY,
    ReceiveStock: _RULES | _FLOOR | _SYSTEM_ONLY,
    AdjustStock: _RULES | {Role.STORE.value} | _SYSTEM_ONLY,
    CountStock: _RULES | _FLOOR | _SYSTEM_ONLY,
    SetSafetyStock: _RULES | _SYSTEM_ONLY,
    QuarantineStock: _RULES | _FLOOR | _SYSTEM_ONLY,
    UpsertSupply: _RULES | _SYSTEM_ONLY,
    UpsertBins: _RULES | _SYSTEM_ONLY,
    PutAwayStock: _RULES | _FLOOR | _SYSTEM_ONLY,
    MoveBinStock: _RULES | _FLOOR | _SYSTEM_ONLY,
    CountBin: _RULES | _FLOOR | _SYSTEM_ONLY,
    UpsertDeliveryMethods: _RULES | _SYSTEM_ONLY,
    UpsertPickupPoints: _RULES | _SYSTEM_ONLY,
    UpsertPostcodes: _RULES | _SYSTEM_ONLY,
    PlaceOrder: _SERVICE | _SYSTEM_ONLY,
    ChangeDeliveryAddress: _SERVICE | _CUSTOMER,
    ChangeDeliveryMethod: _SERVICE | _CUSTOMER,
    ChangePickupPoint: _SERVICE | _CUSTOMER,
    ChangeLineQuantity: _SERVICE | _CUSTOMER,
    ChangeContact: _SERVICE | _CUSTOMER,
    ChangePaymentMethod: _SERVICE | _CUSTOMER,
    AddLine: _SERVICE | _CUSTOMER,
    SwapVariant: _SERVICE | _CUSTOMER,
    AddGiftMessage: _SERVICE | _CUSTOMER,
    CancelLines: _SERVICE | _CUSTOMER,
    CancelOrder: _SERVICE | _CUSTOMER,
    AcceptSplit: _SERVICE | _CUSTOMER,
    Amend: _SERVICE | _CUSTOMER,
    OrderAgain: _SERVICE | _CUSTOMER,
    HoldOrder: _SERVICE,
    LiftHold: _SERVICE,
    ReleaseOrder: _SERVICE | _SYSTEM_ONLY,
    StartProduction: _SERVICE | _FLOOR | {Role.PARTNER.value},
    FinishProduction: _SERVICE | _FLOOR | {Role.PARTNER.value},
    ExpirePaymentHold: _SYSTEM_ONLY,
    ExpireHold: _SYSTEM_ONLY,
    ReserveBackorder: _SYSTEM_ONLY,
    ReviewPromise: _SYSTEM_ONLY,
    ReportMissingUnits: _SYSTEM_ONLY,
    # Not the customer: whoever has a link must not make its life longer.
    CreateCustomerLink: _SERVICE | _SYSTEM_ONLY,
    RequestCustomerCode: _SERVICE | _CUSTOMER | _SYSTEM_ONLY,
    RedeemCustomerCode: _SERVICE | _CUSTOMER | _SYSTEM_ONLY,
    SetPacking: _ADMIN | {Role.MANAGER.value} | _SYSTEM_ONLY,
    CreatePickList: _WALKERS,
    StartPickList: _WALKERS,
    PickUnits: _WALKERS,
    TakeItem: _WALKERS,
    ReportShort: _WALKERS,
    AbandonPickList: _WALKERS,
    FinishPickList: _WALKERS,
    # Those who report a short pick, or give a list up, are told at once; a reaction makes sure of it.
    WriteOffUnits: _WALKERS | _SYSTEM_ONLY,
    AbandonPicking: _WALKERS | _SYSTEM_ONLY,
    StartPreparing: _SERVICE | _FLOOR,
    FinishPreparing: _SERVICE | _FLOOR,
    OpenParcel: _SERVICE | _FLOOR,
    PackItem: _SERVICE | _FLOOR,
    UnpackItem: _SERVICE | _FLOOR,
    CloseParcel: _SERVICE | _FLOOR,
    ReopenParcel: _SERVICE | _FLOOR,
    VoidParcel: _SERVICE | _FLOOR,
    PutUnitsBack: _SERVICE | _FLOOR,
    HandOverParcel: _SERVICE | _FLOOR,
    RequestLabel: _SERVICE | _FLOOR,
    TrackParcel: _RULES | _SYSTEM_ONLY,
    RecordLabel: _SYSTEM_ONLY,
    RecordLabelRefused: _SYSTEM_ONLY,
    RecordLabelVoided: _SYSTEM_ONLY,
    CreateWebhookEndpoint: _RULES,
    DisableWebhookEndpoint: _RULES | _SYSTEM_ONLY,
    ReplayWebhooks: _RULES,
    GiveUpDelivery: _SYSTEM_ONLY,
}

READS: Final[dict[str, frozenset[str]]] = {
    "orders": _SERVICE,
    "order": _SERVICE | _FLOOR | _CUSTOMER,
    "availability": _STAFF,
    "policy": _STAFF,
    "stuck_orders": _STAFF,
    "supply": _STAFF,
    "fulfillment": _SERVICE | _FLOOR,
    "walking": _WALKERS,
    "tracking": _RULES,
    "delivery_methods": _STAFF | _CUSTOMER,
    "pickup_points": _STAFF | _CUSTOMER,
    "delivery_options": _STAFF,
    "events": _RULES,
    "order_messages": _SERVICE,
    "webhooks": _RULES,
    "metrics": _RULES,
}


class Forbidden(Refusal):
    """This role may not ask for this."""

    status = 403

    def __init__(self, *, role: str, action: str) -> None:
        super().__init__(role=role, action=action)


def authorize(actor: Actor, command: Command, root: Key[Any] | None) -> None:
    """Raises ``Forbidden`` for a role that may not give this command, ``OrderNotFound`` for an order out of reach."""
    if actor.role not in COMMANDS[type(command)]:
        raise Forbidden(role=actor.role, action=type(command).__name__)
    if isinstance(root, OrderKey | CustomerCodesKey | CustomerLinkKey):
        require_reach(actor, OrderKey(root.order_id))


def authorize_read(actor: Actor, read: str, order: OrderKey | None = None) -> None:
    """Raises ``Forbidden`` for a role that may not read this, ``OrderNotFound`` for an order out of reach."""
    if actor.role not in READS[read]:
        raise Forbidden(role=actor.role, action=read)
    if order is not None:
        require_reach(actor, order)


def require_reach(actor: Actor, order: OrderKey) -> None:
    """Raises ``OrderNotFound`` for a customer and an order that is not theirs: a foreign order does not exist."""
    if actor.role == Role.CUSTOMER.value and actor.order_id != order.order_id:
        raise OrderNotFound
