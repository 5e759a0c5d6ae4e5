"""Turning an invoice of the past into the order that is placed again: its channel, customer and address."""

from collections.abc import Mapping
from typing import Final

from aftercart.importing.articles import CURRENCY, stable_number
from aftercart.importing.countries import HOME_COUNTRY, PLACE_OF_COUNTRY
from aftercart.importing.model import Invoice
from aftercart.inventory.decisions.upsert_locations import LocationDefinition, UpsertLocations
from aftercart.inventory.model import LocationKind
from aftercart.kit.address import Address
from aftercart.kit.money import MINOR_UNITS_MAX, Money
from aftercart.orders.decisions.place_order import CustomerInput, DeliveryInput, LineInput, PaymentInput, PlaceOrder
from aftercart.orders.decisions.upsert_channels import ChannelDefinition, UpsertChannels
from aftercart.orders.model import MissingStockPolicy
from aftercart.shipping.decisions.upsert_delivery_methods import (
    MethodDefinition,
    NamesDefinition,
    RateDefinition,
    TransitDefinition,
    UpsertDeliveryMethods,
)
from aftercart.shipping.model import MethodKind, Zone

WEB: Final = "retail-web"
TRADE: Final = "retail-trade"
EXPORT: Final = "retail-export"

CHANNELS: Final = UpsertChannels(
    channels=(
        ChannelDefinition(code=WEB, missing_stock=MissingStockPolicy.REFUSE),
        ChannelDefinition(code=TRADE, missing_stock=MissingStockPolicy.BACKORDER),
        ChannelDefinition(code=EXPORT, missing_stock=MissingStockPolicy.BACKORDER),
    )
)

_WEB_CUSTOMERS: Final = 4
"""One home customer in this many buys on the web, where missing stock means no order; the others are trade."""
_ACCOUNT_LIMIT: Final = 2
"""Trade buys on account, and may owe so many times what it ordered; the web pays what it ordered."""
PARCEL: Final = "retail-parcel"
METHODS: Final = UpsertDeliveryMethods(
    methods=(
        MethodDefinition(
            code=PARCEL,
            kind=MethodKind.HOME_STANDARD,
            carrier="Royal Mail",
            names=NamesDefinition(en="Parcel", fr="Colis"),
            currency=CURRENCY,
            # Postage stands on the invoices, as an article of its own.
            rates=tuple(RateDefinition(zone=zone, price_minor=0) for zone in Zone),
            transit=(
                TransitDefinition(zone=Zone.EUROPE, days_min=2, days_max=3),
                TransitDefinition(zone=Zone.FRANCE, days_min=3, days_max=4),
                TransitDefinition(zone=Zone.WORLD, days_min=7, days_max=10),
            ),
            timezone="Europe/London",
        ),
    )
)
HOURLY_CAPACITY_ORDERS: Final = 20
"""What the hands of a warehouse prepare in an hour.

Of the real file's days the middle one has 51 orders, one in twenty more than 82, and the busiest 136. A truck takes
what six hours prepare, 120: an ordinary day needs three of them, and only before Christmas some orders find all taken.
"""


def locations() -> UpsertLocations:
    """Returns the command that opens the three warehouses of the imported shop."""
    towns = (("daventry", "Daventry", "NN11 8QG"), ("leeds", "Leeds", "LS9 0PX"), ("bristol", "Bristol", "BS11 8AZ"))
    return UpsertLocations(locations=tuple(_warehouse(code, town, postcode) for code, town, postcode in towns))


def _warehouse(code: str, town: str, postcode: str) -> LocationDefinition:
    name = f"{town} warehouse"
    return LocationDefinition(
        code=code,
        name=name,
        kind=LocationKind.WAREHOUSE,
        address=Address(name=name, line1="1 Warehouse Road", postcode=postcode, city=town, country=HOME_COUNTRY),
        timezone="Europe/London",
        cutoff="14:00",
        working_days=(1, 2, 3, 4, 5),
        hourly_capacity_orders=HOURLY_CAPACITY_ORDERS,
    )


def channel_of(invoice: Invoice) -> str:
    """Returns the channel a customer buys in, always the same one."""
    if invoice.country != HOME_COUNTRY:
        return EXPORT
    return TRADE if stable_number("channel", invoice.customer) % _WEB_CUSTOMERS else WEB


def order_of(invoice: Invoice) -> PlaceOrder:
    """Returns the order to place, with an invented address in the customer's country; every line stays a line."""
    channel = channel_of(invoice)
    limit = min(invoice.total_minor * (1 if channel == WEB else _ACCOUNT_LIMIT), MINOR_UNITS_MAX)
    return PlaceOrder(
        channel=channel,
        reference=invoice.number,
        customer=CustomerInput(
            email=f"customer-{invoice.customer}@example.com", name=f"Customer {invoice.customer}", locale="en"
        ),
        currency=CURRENCY,
        lines=tuple(
            LineInput(
                sku=line.sku,
                quantity=line.quantity,
                unit_price=Money(minor_units=line.unit_price_minor, currency=CURRENCY),
            )
            for line in invoice.lines
        ),
        delivery=DeliveryInput(method=PARCEL, address=address_of(invoice.customer, invoice.country)),
        payment=PaymentInput(method="invoice", authorized=Money(minor_units=limit, currency=CURRENCY)),
    )


def address_of(customer: str, country: str) -> Address:
    """Returns an invented address that its country's rules accept, the same one for the same customer."""
    place = PLACE_OF_COUNTRY[country]
    return Address(
        name=f"Customer {customer}",
        line1=f"{1 + stable_number('address', customer) % 199} Example Street",
        postcode=place.postcode,
        city=place.city,
        country=place.country,
    )


CAPACITIES: Final[Mapping[str, int]] = {
    location.code: location.hourly_capacity_orders or 0 for location in locations().locations
}
"""What each warehouse can do in an hour, by code."""
