"""What can be chosen in a form, looked up: other variants with their stock, methods with price and day, points."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from aftercart.catalog.model import VariantKind
from aftercart.inventory.model import Location, LocationsKey
from aftercart.kit.address import Address, validate_postcode
from aftercart.kit.refusal import Invalid
from aftercart.orders.decisions.order_again import lines_again
from aftercart.orders.model import ChangeKind, Order
from aftercart.sentences.promises import day_in_words
from aftercart.sentences.voice import Voice
from aftercart.shipping.model import DeliveryMethod, Destination, Ineligible, MethodKind, MethodsKey, Slot
from aftercart.shipping.queries import NearPoint, find_coordinates, find_nearest_points
from aftercart.shipping.rules.options import DeliveryOption
from aftercart.shipping.rules.zones import neighbors_of
from aftercart.views.availability import Availability, find_availability
from aftercart.views.delivery_options import OptionsWish
from aftercart.views.offers import Offer, find_offers
from aftercart.web.portal.change_fields import Given, given_address, line_of
from aftercart.web.portal.fields import Field, Option, address_fields
from aftercart.web.portal.opening_words import opening_words
from aftercart.web.portal.visit import Portal

OFFERS_MAX: Final = 60
POINTS_MAX: Final = 6
SLOTS_MAX: Final = 12
NEARBY_KM: Final = 30.0
"""What is farther away is shown only where there is nothing nearer."""
FEW: Final = 5
"""Below so many left, the number is told: it helps to decide, and above it nobody's business is anybody's."""


async def choices_for(
    portal: Portal, order: Order, change: ChangeKind, voice: Voice, given: Given
) -> tuple[Field, ...]:
    """Returns the fields of a change that depend on more than the order; none for the other changes."""
    match change:
        case ChangeKind.SWAP_VARIANT:
            return await _siblings(portal, order, voice, given)
        case ChangeKind.ADD_LINE:
            return await _additions(portal, order, voice, given)
        case ChangeKind.CHANGE_DELIVERY_METHOD:
            return await _methods(portal, order, voice, given)
        case ChangeKind.CHANGE_PICKUP_POINT:
            return await _points_of_order(portal, order, voice, given)
        case _:
            return ()


async def _siblings(portal: Portal, order: Order, voice: Voice, given: Given) -> tuple[Field, ...]:
    """Returns what a line may be exchanged for; what it costs is what was paid."""
    number = line_of(order, given)
    sku = order.lines[0 if number is None else number - 1].sku
    offers, available = await _offers(portal, [sku])
    others = _most_alike_first(offers, available, sku)
    options = [Option(value=one.sku, label=one.name, notes=(_stock(available.get(one.sku), voice),)) for one in others]
    return (_variant_field(options, voice, given),) if options else ()


async def _additions(portal: Portal, order: Order, voice: Voice, given: Given) -> tuple[Field, ...]:
    """Returns what goes with the order: the variants of its products and their substitutes, at today's prices."""
    offers, available = await _offers(portal, [line.sku for line in order.lines])
    options = [
        Option(
            value=one.sku,
            label=one.name,
            notes=(voice.money(one.price_minor, one.currency), _stock(available.get(one.sku), voice)),
        )
        for one in offers
    ]
    return (_variant_field(options, voice, given),) if options else ()


async def _offers(portal: Portal, skus: Sequence[str]) -> tuple[tuple[Offer, ...], Mapping[str, Availability]]:
    database = portal.shop.database
    offers = await find_offers(database, skus, limit=OFFERS_MAX)
    return offers, await find_availability(database, [one.sku for one in offers], now=portal.shop.clock.now())


def _variant_field(options: Iterable[Option], voice: Voice, given: Given) -> Field:
    label = voice.say("field_sku")
    return Field(name="sku", label=label, kind="radio", value=given.get("sku", ""), options=tuple(options))


def _most_alike_first(offers: Iterable[Offer], found: Mapping[str, Availability], sku: str) -> tuple[Offer, ...]:
    """Returns the other offers, those first that differ in the least: most people want the next size."""
    own = found[sku].options if sku in found else {}

    def different(offer: Offer) -> tuple[bool, int]:
        options = found[offer.sku].options if offer.sku in found else {}
        return offer.is_substitute, sum(options.get(name) != value for name, value in own.items())

    return tuple(sorted((offer for offer in offers if offer.sku != sku), key=different))


def _stock(found: Availability | None, voice: Voice) -> str:
    if found is not None and found.available >= FEW:
        return voice.say("in_stock")
    if found is not None and found.available > 0:
        return voice.say("few_left", count=found.available)
    if found is not None and found.kind is VariantKind.MADE_TO_ORDER:
        return voice.say("made_for_you")
    if found is not None and found.available_by:
        return voice.say("from_day", day=day_in_words(found.available_by[0].date, voice.language))
    return voice.say("sold_out")


async def _methods(portal: Portal, order: Order, voice: Voice, given: Given) -> tuple[Field, ...]:
    place = _place_of(order)
    lines = lines_again(order)
    if place is None or not lines:
        return ()
    wish = OptionsWish(
        lines=lines,
        destination=Destination(country=place.country, postcode=place.postcode),
        channel=order.channel,
        currency=order.currency,
    )
    try:
        found = await portal.delivery.find(wish, now=portal.shop.clock.now())
    except Invalid:
        return ()  # the catalog no longer has what was ordered, so nobody can tell what its delivery would cost
    options: list[Option] = []
    for option in found.options:
        # The desk counts this order's own units as taken, so only the preview knows whether there are enough.
        if option.ineligible not in (None, Ineligible.OUT_OF_STOCK):
            continue
        within = await _within(portal, option, order, place, voice, given)
        notes = _method_notes(order, option, voice)
        name = option.method.names.in_language(voice.language)
        options.append(Option(value=option.method.code, label=name, notes=notes, within=within))
    value = given.get("method", order.delivery.method)
    methods = Field(name="method", label=voice.say("field_method"), kind="radio", value=value, options=tuple(options))
    if order.delivery.address is not None:
        return (methods,)
    address = address_fields(voice, given_address(order.billing_address, given))
    return methods, Field(name="address", label=voice.say("address_of_method"), kind="group", within=address)


def _method_notes(order: Order, option: DeliveryOption, voice: Voice) -> tuple[str, ...]:
    notes: list[str] = []
    if option.price_minor is not None:
        free = not option.price_minor
        notes.append(voice.say("free") if free else voice.money(option.price_minor, option.method.currency))
    if option.promise is not None:
        notes.append(voice.say("arrives", days=day_in_words(option.promise.date, voice.language)))
    elif option.ineligible is None:
        notes.append(voice.say("arrives_undated"))
    if option.method.code == order.delivery.method:
        notes.append(voice.say("chosen_now"))
    return tuple(notes)


async def _within(
    portal: Portal, option: DeliveryOption, order: Order, place: Address, voice: Voice, given: Given
) -> tuple[Field, ...]:
    method = option.method
    if option.slots:
        return (_slots(method, option.slots, voice, given),)
    if option.store is not None:
        return (_stores(option, order, voice, given),)
    if method.kind is MethodKind.PICKUP_POINT:
        points = await _nearest(portal, method, place)
        return (_points(f"pickup_point:{method.code}", points, voice, given),) if points else ()
    return ()


def _stores(option: DeliveryOption, order: Order, voice: Voice, given: Given) -> Field:
    """Returns the stores that can serve the order: chosen is where it is collected now, else what the option says."""
    name = f"pickup_point:{option.method.code}"
    options = tuple(
        Option(
            value=one.location.code,
            label=one.location.name,
            notes=(
                _street(one.location.address),
                voice.say("arrives", days=day_in_words(one.promise.date, voice.language)),
            ),
        )
        for one in option.stores
    )
    now = order.delivery.pickup_point
    chosen = next((one.value for one in options if one.value == now), option.store or "")
    value = given.get(name, chosen)
    return Field(name=name, label=voice.say("field_store"), kind="radio", value=value, options=options)


def _slots(method: DeliveryMethod, slots: Iterable[Slot], voice: Voice, given: Given) -> Field:
    name = f"slot:{method.code}"
    options = tuple(
        Option(value=slot.starts_at.isoformat(), label=voice.moment(slot.starts_at))
        for slot in tuple(slots)[:SLOTS_MAX]
    )
    return Field(name=name, label=voice.say("field_slot"), kind="select", value=given.get(name, ""), options=options)


async def _points_of_order(portal: Portal, order: Order, voice: Voice, given: Given) -> tuple[Field, ...]:
    """Returns the points of the network the order goes to, near where it goes now or near another postcode.

    Of an order that is collected in a store these are the other stores.
    """
    state = await portal.shop.bus.read((MethodsKey(), LocationsKey()))
    method = next((one for one in state.find(MethodsKey()) or () if one.code == order.delivery.method), None)
    place = _near(_place_of(order), given)
    if method is not None and method.kind is MethodKind.STORE_PICKUP:
        stores = tuple(_store(one) for one in state.find(LocationsKey()) or () if one.pickups)
        value = given.get("pickup_point", order.delivery.pickup_point or "")
        label = voice.say("field_pickup_point")
        return (Field(name="pickup_point", label=label, kind="radio", value=value, options=stores),)
    if method is None or place is None or method.kind is not MethodKind.PICKUP_POINT:
        return ()
    points = await _nearest(portal, method, place)
    return (_points("pickup_point", points, voice, given, chosen=order.delivery.pickup_point),) if points else ()


def _store(location: Location) -> Option:
    return Option(value=location.code, label=location.name, notes=(_street(location.address),))


def _street(address: Address) -> str:
    return f"{address.line1}, {address.postcode} {address.city}"


def _near(place: Address | None, given: Given) -> Address | None:
    asked = given.get("near", "")
    country = "FR" if place is None else place.country
    if not asked:
        return place
    try:
        country, postcode = validate_postcode(country, asked, param="")
    except Invalid:
        # What is no postcode is near nothing; the points where it was going are the better answer.
        return place
    return Address(name="-", line1="-", postcode=postcode, city="", country=country)


async def _nearest(portal: Portal, method: DeliveryMethod, place: Address) -> list[NearPoint]:
    database = portal.shop.database
    near = await find_coordinates(database, country=place.country, postcode=place.postcode)
    if near is None or method.network is None:
        return []
    countries = neighbors_of(place.country)
    points = await find_nearest_points(
        database, networks=[method.network], countries=countries, near=near, limit=POINTS_MAX
    )
    nearby = [one for one in points if one.distance_km <= NEARBY_KM]
    return nearby or points


def _points(name: str, points: Iterable[NearPoint], voice: Voice, given: Given, *, chosen: str | None = None) -> Field:
    options = tuple(_point(near, voice) for near in points)
    first = chosen or (options[0].value if options else "")
    return Field(
        name=name,
        label=voice.say("field_pickup_point"),
        kind="radio",
        value=given.get(name, first),
        options=options,
    )


def _point(near: NearPoint, voice: Voice) -> Option:
    point = near.point
    street = _street(point.address)
    far = voice.say("kilometers", distance=voice.number(round(near.distance_km, 1)))
    hours = opening_words(point.opening_hours, voice.language)
    return Option(
        value=point.code,
        label=point.name,
        notes=(street, far),
        more=voice.say("hours_open", hours=hours) if hours else "",
    )


def _place_of(order: Order) -> Address | None:
    return order.delivery.address or order.delivery.place or order.billing_address
