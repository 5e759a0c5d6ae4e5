"""The whole order in words: lines, sums, taxes, where it goes and when it is expected."""

from collections.abc import Iterator

from aftercart.kit.address import Address
from aftercart.notifications.messages.letter import Item, Recap, Row
from aftercart.orders.model import Order, OrderLine
from aftercart.orders.rules.told_date import told_date
from aftercart.orders.rules.totals import discount_of, totals_of
from aftercart.orders.rules.unit_ledger import live_quantity, waiting_pieces
from aftercart.sentences.voice import Voice


def recap(order: Order, voice: Voice) -> Recap:
    """Returns what is still wanted of the order, with everything it costs."""
    totals = totals_of(order)
    sums = [Row(label=voice.say("items"), value=voice.money(totals.items_minor, order.currency))]
    if totals.discount_minor:
        sums.append(Row(label=voice.say("discount"), value=voice.money(-totals.discount_minor, order.currency)))
    delivery = voice.money(totals.delivery_minor, order.currency) if totals.delivery_minor else voice.say("free")
    sums.append(Row(label=voice.say("delivery"), value=delivery))
    if totals.fees_minor:
        sums.append(Row(label=voice.say("fees"), value=voice.money(totals.fees_minor, order.currency)))
    return Recap(
        title=voice.say("lines"),
        items=tuple(_items(order, voice)),
        sums=tuple(sums),
        total=Row(label=voice.say("total"), value=voice.money(totals.total_minor, order.currency)),
        taxes=tuple(
            Row(
                label=voice.say("tax_included", rate=voice.rate(part.rate_bps)),
                value=voice.money(part.tax_minor, order.currency),
            )
            for part in totals.taxes
        ),
        facts=tuple(_facts(order, voice)),
    )


def delivery_name(order: Order, voice: Voice) -> str:
    """Returns what the order's way of delivery is called."""
    names = order.delivery.names
    return voice.name("method", order.delivery.method) if names is None else names.in_language(voice.language)


def place_name(order: Order, voice: Voice) -> str | None:
    """Returns where the order is collected, as one line; by its code alone where nobody has described the place."""
    delivery = order.delivery
    return delivery.pickup_point if delivery.place is None else in_one_line(delivery.place, voice)


def expected_day(order: Order, voice: Voice) -> str:
    """Returns the day the order is expected, or that nobody can say yet."""
    told = told_date(order)
    return voice.say("promised_unknown") if told is None else voice.day(told)


def payment_name(order: Order, voice: Voice) -> str:
    """Returns what the way of paying is called: by the shop's own word when we have none for it."""
    return voice.find(f"payment_{order.payment.method}") or order.payment.method


def in_one_line(address: Address, voice: Voice) -> str:
    """Returns an address as one line, its country by name."""
    street = ", ".join(part for part in (address.name, address.line1, address.line2) if part)
    town = " ".join(part for part in (address.postcode, address.city) if part)
    return ", ".join(part for part in (street, town, voice.country(address.country)) if part)


def _items(order: Order, voice: Voice) -> Iterator[Item]:
    for line in order.lines:
        quantity = live_quantity(order.units, line)
        if quantity:
            amount = quantity * line.unit_price_minor - discount_of(line, quantity)
            details = tuple(_details(order, line, quantity, voice))
            yield Item(name=line.name, details=details, amount=voice.money(amount, order.currency))


def _details(order: Order, line: OrderLine, quantity: int, voice: Voice) -> Iterator[str]:
    yield voice.say("quantity_and_price", quantity=quantity, price=voice.money(line.unit_price_minor, order.currency))
    discount = discount_of(line, quantity)
    if discount:
        yield voice.say("discount_of_line", amount=voice.money(-discount, order.currency))
    if line.gift_message:
        yield voice.say("gift_message", message=" ".join(line.gift_message.split()))
    waiting = waiting_pieces(order.units, line)
    if waiting:
        yield voice.say("waiting_units", quantity=waiting)


def _facts(order: Order, voice: Voice) -> Iterator[Row]:
    delivery = order.delivery
    yield Row(label=voice.say("placed"), value=voice.moment(order.placed_at))
    yield Row(label=voice.say("delivery"), value=delivery_name(order, voice))
    yield Row(label=voice.say("promised"), value=expected_day(order, voice))
    if delivery.address is not None:
        yield Row(label=voice.say("delivery_address"), value=in_one_line(delivery.address, voice))
    place = place_name(order, voice)
    if place is not None:
        yield Row(label=voice.say("pickup_point"), value=place)
    if delivery.slot_at is not None:
        yield Row(label=voice.say("slot"), value=voice.moment(delivery.slot_at))
    if order.billing_address is not None:
        yield Row(label=voice.say("billing_address"), value=in_one_line(order.billing_address, voice))
    yield Row(label=voice.say("payment"), value=payment_name(order, voice))
