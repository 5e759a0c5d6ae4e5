"""What a cart can be delivered by: methods with price and promise, and how each promise is calculated."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Final

import msgspec

from aftercart.kit.address import Address, validate_postcode
from aftercart.kit.refusal import Invalid
from aftercart.orders.model import LineInput
from aftercart.permissions import authorize_read
from aftercart.sentences import Language, refusal_sentence, step_sentence
from aftercart.shipping.model import DeliveryMethod, Destination, Ineligible, MethodKind, PromiseStep, Slot
from aftercart.shipping.rules.local_time import local_day
from aftercart.shipping.rules.options import DeliveryOption, StoreOption
from aftercart.shipping.rules.rates import DeliveryMethodNotAvailable
from aftercart.views.delivery_options import OptionsFound, OptionsWish
from aftercart.web.api.amounts import Amount
from aftercart.web.api.call import Call
from aftercart.web.api.order_commands import encode
from aftercart.web.api.reply import Reply
from aftercart.web.api.route import Answered, Route

LINES_MAX: Final = 100
QUANTITY_MAX: Final = 1_000_000
_QUANTITY_DIGITS_MAX: Final = 7


class DeliveryOptionsQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The cart, each line as its own ``line=SKU:QUANTITY``, and where it goes."""

    REPEATABLE: ClassVar = ("line",)

    line: Annotated[
        tuple[Annotated[str, msgspec.Meta(min_length=3, max_length=80, examples=["QUAI-NOIR-42:1"])], ...],
        msgspec.Meta(min_length=1, max_length=LINES_MAX),
    ]
    country: Annotated[str, msgspec.Meta(pattern="^[A-Za-z]{2}$", min_length=2, max_length=2)]
    postcode: Annotated[str, msgspec.Meta(max_length=20)] = ""
    channel: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$", min_length=3, max_length=3)] | None = None


class FreeFromAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The value from which delivery is free, and how much of it is missing."""

    value: Amount
    missing: Amount


class CalculationStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the calculation: for people, and for machines."""

    sentence: str
    step: PromiseStep


class StoreAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A store where the cart can be collected: order it with its ``code`` as ``pickup_point``.

    It opens at ``opens`` (``HH:MM``) on its ``working_days`` (Monday is 1) except on the ``closed_dates`` to come.
    ``available_now`` tells whether everything is there; else it is from ``available_from`` on.
    """

    code: str
    name: str
    address: Address
    working_days: tuple[int, ...]
    opens: str
    closed_dates: tuple[date, ...]
    price: Amount
    available_now: bool
    available_from: date
    earliest_date: date
    promised_date: date


class DeliveryOptionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A method: available at a ``price``, arriving between two dates, or not available, because of ``reason``.

    Without dates it is available, but goods wait for supply nobody knows the date of. ``slots`` are those still free;
    the dates are then those of the first one. A method that is collected in a store lists the ``stores`` that can serve
    the cart, the nearest first; price and dates are those of ``store``, the nearest that has everything now, else the
    nearest.
    """

    method: str
    kind: MethodKind
    carrier: str
    name: str
    available: bool
    price: Amount | None
    free_from: FreeFromAnswer | None
    earliest_date: date | None
    promised_date: date | None
    calculation: list[CalculationStep]
    slots: tuple[Slot, ...]
    store: str | None
    stores: list[StoreAnswer]
    reason: Ineligible | None
    detail: str | None


class DeliveryOptionsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Every method that is offered: the cheapest first, then those that are not available for this cart."""

    value: Amount
    weight_grams: int
    items: list[DeliveryOptionAnswer]


async def read(call: Call) -> Reply:
    """Reads what a cart can be delivered by."""
    query = call.query(DeliveryOptionsQuery)
    authorize_read(call.actor, "delivery_options")
    country, postcode = validate_postcode(query.country, query.postcode, param="")
    wish = OptionsWish(
        lines=tuple(_line(text) for text in query.line),
        destination=Destination(country=country, postcode=postcode),
        channel=query.channel,
        currency=query.currency,
    )
    found = await call.delivery.find(wish, now=call.shop.clock.now())
    cart = found.cart
    answer = DeliveryOptionsAnswer(
        value=Amount(minor_units=cart.value_minor, currency=cart.currency),
        weight_grams=cart.weight_grams,
        items=[_option(call, option, found) for option in found.options],
    )
    return Reply(200, encode(answer))


def _line(text: str) -> LineInput:
    sku, _, quantity = text.rpartition(":")
    is_number = quantity.isascii() and quantity.isdigit() and len(quantity) <= _QUANTITY_DIGITS_MAX
    if not sku or not is_number or not 1 <= int(quantity) <= QUANTITY_MAX:
        raise Invalid(param="line", expected="a SKU and a quantity such as QUAI-NOIR-42:1", got=text)
    return LineInput(sku=sku, quantity=int(quantity))


def _option(call: Call, option: DeliveryOption, found: OptionsFound) -> DeliveryOptionAnswer:
    method, promise, reason = option.method, option.promise, option.ineligible
    steps = () if promise is None else promise.steps
    return DeliveryOptionAnswer(
        method=method.code,
        kind=method.kind,
        carrier=method.carrier,
        name=method.names.in_language(call.language),
        available=reason is None,
        price=_amount(option.price_minor, method.currency),
        free_from=_free_from(option, found.cart.value_minor),
        earliest_date=None if promise is None else promise.earliest_date,
        promised_date=None if promise is None else promise.date,
        calculation=[
            CalculationStep(sentence=step_sentence(step, call.language, found.location_names), step=step)
            for step in steps
        ],
        slots=option.slots,
        store=option.store,
        stores=[_store(store, method, call.shop.clock.now()) for store in option.stores],
        reason=reason,
        detail=None if reason is None else _why_not(method, reason, call.language),
    )


def _store(option: StoreOption, method: DeliveryMethod, now: datetime) -> StoreAnswer:
    location = option.location
    today = local_day(now, location.timezone)
    return StoreAnswer(
        code=location.code,
        name=location.name,
        address=location.address,
        working_days=location.working_days,
        opens=location.opens,
        closed_dates=tuple(day for day in location.closed_dates if day >= today),
        price=Amount(minor_units=option.price_minor, currency=method.currency),
        available_now=option.ready_at <= now,
        available_from=local_day(option.ready_at, location.timezone),
        earliest_date=option.promise.earliest_date,
        promised_date=option.promise.date,
    )


def _why_not(method: DeliveryMethod, reason: Ineligible, language: Language) -> str:
    refusal = DeliveryMethodNotAvailable(method=method.code, names=method.names, ineligible=reason)
    return refusal_sentence(refusal, language)


def _amount(minor_units: int | None, currency: str) -> Amount | None:
    return None if minor_units is None else Amount(minor_units=minor_units, currency=currency)


def _free_from(option: DeliveryOption, value_minor: int) -> FreeFromAnswer | None:
    threshold, currency = option.free_from_minor, option.method.currency
    if threshold is None:
        return None
    missing = max(threshold - value_minor, 0)
    return FreeFromAnswer(
        value=Amount(minor_units=threshold, currency=currency), missing=Amount(minor_units=missing, currency=currency)
    )


ROUTES: Final = (
    Route(
        name="read_delivery_options",
        method="GET",
        path="/v1/delivery-options",
        tag="Delivery",
        summary="Ask what a cart can be delivered by",
        description=(
            "For a cart and a postcode: every method with its price, the days it arrives and how they are calculated. "
            "What is collected in a store lists the nearest stores that have the cart, or get all of it. "
            "Nothing is reserved: placing the order decides again."
        ),
        handle=read,
        query=DeliveryOptionsQuery,
        answers=(Answered(status=200, meaning="Every method, available or not", shape=DeliveryOptionsAnswer),),
        refusals=(Invalid,),
    ),
)
