"""Telling what a line of the Online Retail file is: an article somebody bought, or set aside and why."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from aftercart.importing.countries import PLACES
from aftercart.importing.model import ArticleLine, Repair, SetAside
from aftercart.kit.money import ROUNDING
from aftercart.orders.model import QUANTITY_MAX
from aftercart.orders.rules.lines import UNIT_PRICE_MAX

COLUMNS: Final = (
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
)
SHOP_ZONE: Final = ZoneInfo("Europe/London")
"""The file's times are those of the clock on the shop's wall."""

SERVICE_CODES: Final = {
    "POST": "postage",
    "DOT": "postage of the web shop",
    "C2": "carriage",
    "M": "typed in by hand",
    "D": "discount",
    "S": "samples",
    "B": "bad debt",
    "AMAZONFEE": "a marketplace's fee",
    "BANK CHARGES": "a bank's fee",
    "CRUK": "a charity's commission",
}
VOUCHER_PREFIX: Final = "GIFT_"

_INVOICE: Final = re.compile(r"[CA]?[0-9]{1,12}")
_CODE: Final = re.compile(r"[!-~](?:[ -~]{0,62}[!-~])?")
_WHOLE: Final = re.compile(r"-?[0-9]{1,9}")
_PRICE: Final = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,6})?")
_CUSTOMER: Final = re.compile(r"([0-9]{1,12})(?:\.0)?")
_TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")
_NAME_CHARACTERS_MAX: Final = 300
_YEARS: Final = range(1971, 2100)
_PENNY: Final = Decimal(1)


def classify(fields: Sequence[str]) -> ArticleLine | SetAside:
    """Returns the article that was bought, or why the line is set aside; ``fields`` are those of ``COLUMNS``.

    The first reason that applies counts, in the order of ``SetAside``. A line without customer still names its article
    and price: ``why_no_order`` sets it aside after the catalog has learned from it.
    """
    if len(fields) != len(COLUMNS):
        return SetAside.UNREADABLE
    invoice, code, description, quantity_text, time_text, price_text, customer_text, country = fields
    sku = _sku_of(code)
    quantity = _whole(quantity_text)
    pennies = _pennies(price_text)
    invoiced_at = _moment(time_text)
    customer = _customer(customer_text)
    if not (_INVOICE.fullmatch(invoice) and sku and quantity is not None and pennies and invoiced_at):
        return SetAside.UNREADABLE
    if customer is None:
        return SetAside.UNREADABLE
    unit_price_minor, rounded, positive = pennies
    reason = _why_not_bought(invoice, sku, quantity=quantity, unit_price_minor=unit_price_minor, positive=positive)
    if reason is not None:
        return reason
    name = _tidy(description) or sku
    repairs = _repairs(code != sku, description not in {name, ""}, rounded)
    return ArticleLine(
        invoice=invoice,
        sku=sku,
        name=name,
        quantity=quantity,
        unit_price_minor=unit_price_minor,
        invoiced_at=invoiced_at,
        customer=customer,
        country=country,
        repairs=repairs,
    )


def why_no_order(line: ArticleLine) -> SetAside | None:
    """Returns why an article line cannot become part of an order, or ``None`` when it can."""
    if not line.customer:
        return SetAside.NO_CUSTOMER
    return None if line.country in PLACES else SetAside.UNKNOWN_COUNTRY


def _why_not_bought(invoice: str, sku: str, *, quantity: int, unit_price_minor: int, positive: bool) -> SetAside | None:
    reasons = (
        (invoice.startswith("C"), SetAside.CREDIT_NOTE),
        (invoice.startswith("A"), SetAside.DEBT_ADJUSTMENT),
        (sku in SERVICE_CODES or sku.startswith(VOUCHER_PREFIX), SetAside.SERVICE_CODE),
        (quantity <= 0, SetAside.STOCK_ADJUSTMENT),
        (not positive, SetAside.BAD_PRICE),
        (quantity > QUANTITY_MAX or unit_price_minor > UNIT_PRICE_MAX, SetAside.BEYOND_LIMITS),
    )
    return next((reason for holds, reason in reasons if holds), None)


@cache
def _repairs(mixed_case: bool, untidy: bool, rounded: bool) -> tuple[Repair, ...]:  # noqa: FBT001 - a lookup by three facts
    found = (
        (mixed_case, Repair.MIXED_CASE_CODE),
        (untidy, Repair.UNTIDY_NAME),
        (rounded, Repair.PRICE_ROUNDED),
    )
    return tuple(repair for holds, repair in found if holds)


# The file repeats itself: some thousands of different texts in each column, so each is understood once.


@cache
def _sku_of(code: str) -> str | None:
    upper = code.upper()
    return upper if _CODE.fullmatch(upper) else None


@cache
def _whole(text: str) -> int | None:
    return int(text) if _WHOLE.fullmatch(text) else None


@cache
def _pennies(text: str) -> tuple[int, bool, bool] | None:
    """Returns the price in pennies, whether it had to be rounded, and whether anything was to be paid at all."""
    if not _PRICE.fullmatch(text):
        return None
    exact = Decimal(text).scaleb(2)
    rounded = exact.quantize(_PENNY, rounding=ROUNDING)
    return int(rounded), rounded != exact, exact > 0


@cache
def _moment(text: str) -> datetime | None:
    if not _TIME.fullmatch(text):
        return None
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        return None
    return local.replace(tzinfo=SHOP_ZONE).astimezone(UTC) if local.year in _YEARS else None


@cache
def _customer(text: str) -> str | None:
    if not text:
        return ""
    match = _CUSTOMER.fullmatch(text)
    return None if match is None else match[1]


@cache
def _tidy(description: str) -> str:
    printable = "".join(sign if sign.isprintable() else " " for sign in description)
    return " ".join(printable.split())[:_NAME_CHARACTERS_MAX].strip()
