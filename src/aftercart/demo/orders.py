"""Which orders the demo shop has: some told one by one, each in another state, and a crowd of ordinary ones."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from aftercart.catalog.decisions.upsert_variants import VariantDefinition
from aftercart.catalog.model import VariantKind
from aftercart.demo.people import ADDRESSES, CUSTOMERS, SISTER_IN_DIJON, Person
from aftercart.demo.places import MARKETPLACE, PHONE, WEB
from aftercart.demo.products import CURRENCY
from aftercart.demo.relays import point_code
from aftercart.kit.commands import Command
from aftercart.kit.money import Money
from aftercart.orders.decisions.cancel_lines import CancelLines, LineToCancel
from aftercart.orders.decisions.cancel_order import CancelOrder
from aftercart.orders.decisions.change_delivery_address import ChangeDeliveryAddress
from aftercart.orders.decisions.change_line_quantity import ChangeLineQuantity
from aftercart.orders.decisions.place_order import CustomerInput, DeliveryInput, LineInput, PaymentInput, PlaceOrder
from aftercart.orders.model import CancellationReason
from aftercart.shipping.model import Ineligible
from aftercart.shipping.rules.defaults import DEFAULTS_BY_CODE
from aftercart.shipping.rules.rates import price_of
from aftercart.shipping.rules.zones import zone_of

ORDINARY_ORDERS: Final = 16
_SEED: Final = 20260302
_TO_THE_DOOR: Final = "colissimo-home"
_EXPRESS: Final = "chronopost-express"
_TO_A_POINT: Final = "mondial-relay-point"
_IN_STORE: Final = "store-pickup"

Change = Callable[[UUID], Command]
"""What happens to an order after its placement, once its id is known."""


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """One order and what becomes of it. ``hours_ago`` it was placed; ``authorized`` says whether it is paid."""

    reference: str
    hours_ago: int
    person: Person
    lines: tuple[LineInput, ...]
    channel: str = WEB
    method: str = _TO_THE_DOOR
    pickup_point: str | None = None
    authorized: bool = True
    changes: tuple[Change, ...] = ()


def command_of(story: Story, *, catalog: Mapping[str, VariantDefinition], placed_at: datetime) -> PlaceOrder:
    """Returns the placement of a story; ``catalog`` has the variants by SKU."""
    goods = sum(catalog[line.sku].price.minor_units * line.quantity - _minor(line.discount) for line in story.lines)
    price = _tariff(story, catalog, goods)
    collected = story.pickup_point is not None
    return PlaceOrder(
        channel=story.channel,
        reference=story.reference,
        customer=CustomerInput(
            email=story.person.email, name=story.person.name, locale=story.person.locale, phone=story.person.phone
        ),
        currency=CURRENCY,
        lines=story.lines,
        delivery=DeliveryInput(
            method=story.method,
            address=None if collected else story.person.address,
            pickup_point=story.pickup_point,
            price=_money(price),
        ),
        payment=PaymentInput(
            method="card" if story.authorized else "bank_transfer",
            authorized=_money(goods + price if story.authorized else 0),
        ),
        placed_at=placed_at,
    )


def _tariff(story: Story, catalog: Mapping[str, VariantDefinition], goods_minor: int) -> int:
    address = story.person.address
    price = price_of(
        DEFAULTS_BY_CODE[story.method],
        zone=zone_of(address.country, address.postcode),
        weight_grams=sum(catalog[line.sku].weight_grams * line.quantity for line in story.lines),
        value_minor=goods_minor,
        currency=CURRENCY,
    )
    assert not isinstance(price, Ineligible), f"{story.method} does not take {story.reference}: {price.value}"
    return price


def demo_stories(variants: Sequence[VariantDefinition]) -> tuple[Story, ...]:
    """Returns every order of the demo, oldest first."""
    return (*_ordinary(variants), *_TOLD)


def _ordinary(variants: Sequence[VariantDefinition]) -> Iterator[Story]:
    chance = random.Random(_SEED)  # noqa: S311 - the same orders on every machine
    sold_alone = [one for one in variants if one.kind is not VariantKind.BUNDLE]
    for number in range(1, ORDINARY_ORDERS + 1):
        name, locale = CUSTOMERS[number % len(CUSTOMERS)]
        address = msgspec.structs.replace(ADDRESSES[number % len(ADDRESSES)], name=name)
        chosen = chance.sample(sold_alone, chance.choice((1, 1, 2, 2, 3, 4)))
        collected = number % 5 == 0
        yield Story(
            reference=f"DEMO-{number:04}",
            hours_ago=60 - 2 * number,
            person=Person.called(name, locale=locale, address=address),
            lines=tuple(LineInput(sku=one.sku, quantity=chance.choice((1, 1, 1, 2))) for one in chosen),
            channel=PHONE if number % 4 == 0 else WEB,
            method=_TO_A_POINT if collected else _TO_THE_DOOR,
            pickup_point=point_code(number) if collected else None,
        )


def _person(place: int) -> Person:
    name, locale = CUSTOMERS[place]
    return Person.called(name, locale=locale, address=msgspec.structs.replace(ADDRESSES[place], name=name))


def _line(sku: str, quantity: int = 1, *, discount: int | None = None, gift_message: str | None = None) -> LineInput:
    money = None if discount is None else _money(discount)
    return LineInput(sku=sku, quantity=quantity, discount=money, gift_message=gift_message)


def _money(minor_units: int) -> Money:
    return Money(minor_units=minor_units, currency=CURRENCY)


def _minor(money: Money | None) -> int:
    return 0 if money is None else money.minor_units


def _to_her_sister(order_id: UUID) -> Command:
    return ChangeDeliveryAddress(order_id=order_id, address=SISTER_IN_DIJON)


def _without_the_cups(order_id: UUID) -> Command:
    lines = (LineToCancel(line=2, quantity=2), LineToCancel(line=3))
    return CancelLines(order_id=order_id, lines=lines, reason=CancellationReason.CHANGED_MIND)


def _two_sets_more(order_id: UUID) -> Command:
    return ChangeLineQuantity(order_id=order_id, line=1, quantity=3)


def _one_pair_less(order_id: UUID) -> Command:
    return ChangeLineQuantity(order_id=order_id, line=1, quantity=1)


def _nothing(order_id: UUID) -> Command:
    return CancelOrder(order_id=order_id, reason=CancellationReason.FOUND_ELSEWHERE)


_TOLD: Final = (
    Story(
        reference="DEMO-TWO-PARCELS",  # the mirror lies in Lille alone
        hours_ago=26,
        person=_person(0),
        lines=(_line("MIROIR-LAITON"), _line("GALET-BLANC", 6), _line("MISTRAL-MARINE-M"), _line("SOURCE-TRANSPARENT")),
    ),
    Story(
        reference="DEMO-BACKORDER",
        hours_ago=22,
        person=_person(1),
        lines=(_line("VERCORS-ECRU-M"), _line("GIVRE-ECRU")),
    ),
    Story(
        reference="DEMO-TRANSFER",  # paid by a bank transfer that has not come yet
        hours_ago=20,
        person=_person(2),
        lines=(_line("LAMPION-LAITON"), _line("COCON-ECRU")),
        authorized=False,
    ),
    Story(
        reference="DEMO-FEWER-CUPS",
        hours_ago=18,
        person=_person(3),
        lines=(_line("GALET-GRIS", 6), _line("GALETTASSE-GRIS", 6), _line("GALETBOL-GRIS", 2)),
        changes=(_without_the_cups,),
    ),
    Story(
        reference="DEMO-OTHER-ADDRESS",
        hours_ago=15,
        person=_person(4),
        lines=(_line("GARRIGUE-NOIR-S", gift_message="Joyeux anniversaire, petite sœur !"),),
        changes=(_to_her_sister,),
    ),
    Story(
        reference="DEMO-MORE-GLASSES",  # more than was authorized: it waits for the difference
        hours_ago=12,
        person=_person(5),
        lines=(_line("BISTROT-TRANSPARENT", 1), _line("FOURNIL-CHENE")),
        changes=(_two_sets_more,),
    ),
    Story(
        reference="DEMO-TWO-CHANGES",
        hours_ago=10,
        person=_person(6),
        lines=(_line("QUAI-NOIR-42", 2, discount=1500), _line("CHAUSSETTE-NOIR-41-45", 3)),
        method=_EXPRESS,
        changes=(_one_pair_less, _to_her_sister),
    ),
    Story(
        reference="DEMO-CANCELED",
        hours_ago=9,
        person=_person(7),
        lines=(_line("BRUME-JAUNE-L"),),
        channel=MARKETPLACE,
        changes=(_nothing,),
    ),
    Story(
        reference="DEMO-IN-STORE",
        hours_ago=6,
        person=_person(8),
        lines=(_line("TISANE-VERVEINE"),),
        method=_IN_STORE,
        pickup_point="NANTES",
    ),
    Story(
        reference="DEMO-MADE-TO-ORDER",
        hours_ago=5,
        person=_person(9),
        lines=(_line("ETABLI-CHENE-180"), _line("CARNET-OCRE")),
        channel=PHONE,
    ),
)
