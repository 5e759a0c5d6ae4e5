"""What the merchant decided for all orders: when they are released, who may change what, and how they are sourced."""

import enum
from typing import Final

import msgspec

from aftercart.kit.state import Key
from aftercart.orders.model.order import PromotionMode
from aftercart.sourcing.model import DEFAULT_PREFERENCES, SourcingPreference


class ChangeKind(enum.Enum):
    """The changes an order knows; each is a command, a route and a button of the same name."""

    CHANGE_DELIVERY_ADDRESS = "change_delivery_address"  # the goods go elsewhere
    CHANGE_DELIVERY_METHOD = "change_delivery_method"  # the goods travel another way
    CHANGE_PICKUP_POINT = "change_pickup_point"  # the goods are collected elsewhere
    CHANGE_CONTACT = "change_contact"  # somebody else, or another way to reach them
    CHANGE_PAYMENT_METHOD = "change_payment_method"  # it is paid another way
    ADD_LINE = "add_line"  # something else is wanted too
    CHANGE_LINE_QUANTITY = "change_line_quantity"  # more or fewer of a line
    SWAP_VARIANT = "swap_variant"  # the other size, the other color, a substitute
    ADD_GIFT_MESSAGE = "add_gift_message"  # words that go into the parcel
    CANCEL_LINES = "cancel_lines"  # some lines are not wanted
    CANCEL_ORDER = "cancel_order"  # nothing is wanted
    ACCEPT_SPLIT = "accept_split"  # what is there comes now, the rest later
    ORDER_AGAIN = "order_again"  # the same once more, as a new order


class ChangeUntil(enum.Enum):
    """How long a change is possible."""

    HANDED_OVER = "handed_over"  # until the goods leave: what lies in hand is pulled out before its parcel goes
    TOUCHED = "touched"  # until a hand touches the goods
    RELEASED = "released"  # until the order is handed to the floor
    NEVER = "never"  # it is not possible at all


class Grain(enum.Enum):
    """What the first touch of a hand closes."""

    LINE = "line"  # nothing but what lies in hand: every line counts on its own
    ORDER = "order"  # all of the order, so that nothing is intercepted


class ChangeRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who may make a change until when, at which fee; ``channels`` without entries are all.

    ``until`` ``handed_over`` is as long as the goods allow it, and may pull them out of a hand or a parcel; ``touched``
    ends with the first goods in hand: of a line for what is asked line by line, of the order for everything else.
    ``minutes`` counts from placement and ends the change earlier. The ``fee`` is for customers only, in minor units
    of the order's currency, taxes included.
    """

    change: ChangeKind
    agents_only: bool = False
    until: ChangeUntil = ChangeUntil.HANDED_OVER
    minutes: int | None = None
    fee_minor: int = 0
    channels: tuple[str, ...] = ()


class ReleaseMode(enum.Enum):
    """When an order is handed to the floor."""

    IMMEDIATELY = "immediately"  # as soon as nothing keeps it
    AFTER_GRACE = "after_grace"  # some minutes after its last change, but in time for its truck
    UNTIL_CUTOFF = "until_cutoff"  # at the last moment at which everything due for its truck still gets there


class ReleaseRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How orders that match are released; entries that are empty match all.

    ``minutes`` are the grace of ``after_grace``, and the margin before the cut-off of ``until_cutoff``. An order
    matches ``products`` when one of its lines is of one of them.
    """

    mode: ReleaseMode
    minutes: int = 0
    channels: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    value_minor_min: int | None = None
    value_minor_max: int | None = None


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The rules in force; of ``changes`` and ``release`` the first that matches counts. Version 0 is built in.

    ``promotions`` is what customers' changes do to discounts; agents may say otherwise.
    """

    version: int = 0
    release: tuple[ReleaseRule, ...] = ()
    changes: tuple[ChangeRule, ...] = ()
    grain: Grain = Grain.LINE
    promotions: PromotionMode = PromotionMode.KEEP
    sourcing: tuple[SourcingPreference, ...] = DEFAULT_PREFERENCES


class PolicyKey(Key[Policy], frozen=True, order=True, gc=False):
    """The policy in force."""


RELEASE_MARGIN_MINUTES: Final = 30
"""How long before the cut-off a location gets its last orders, where no capacity says it more exactly."""
DEFAULT_RELEASE: Final = ReleaseRule(mode=ReleaseMode.UNTIL_CUTOFF, minutes=RELEASE_MARGIN_MINUTES)
"""For orders that no rule matches."""
DEFAULT_POLICY: Final = Policy()
