"""What a line of a retail file can be: an article somebody bought, or set aside for a reason that has a name."""

import enum
from datetime import datetime

import msgspec


class SetAside(enum.Enum):
    """Why a line of the file is no part of an order."""

    UNREADABLE = "unreadable"  # not eight fields, or a field that does not hold what its column says
    CREDIT_NOTE = "credit_note"  # the invoice begins with C: goods or money went back
    DEBT_ADJUSTMENT = "debt_adjustment"  # the invoice begins with A: bookkeeping
    SERVICE_CODE = "service_code"  # postage, carriage, fees, samples, vouchers: nothing that lies on a shelf
    STOCK_ADJUSTMENT = "stock_adjustment"  # no units or fewer than none on an ordinary invoice
    BAD_PRICE = "bad_price"  # nothing was to be paid, or less
    BEYOND_LIMITS = "beyond_limits"  # more units, a higher price or more lines than an order may have
    NO_CUSTOMER = "no_customer"  # sold to nobody in particular: there is nobody to place the order for
    UNKNOWN_COUNTRY = "unknown_country"  # a country that the table of countries does not know


class Repair(enum.Enum):
    """What was wrong with a line or an invoice that could be used all the same."""

    MIXED_CASE_CODE = "mixed_case_code"  # 85123a is the article 85123A
    UNTIDY_NAME = "untidy_name"  # spaces around or inside the description
    PRICE_ROUNDED = "price_rounded"  # more than two decimals, rounded half up to a penny
    COUNTRY_CHOSEN = "country_chosen"  # what stands for the country is none, or several: one was chosen
    SEVERAL_TIMES = "several_times"  # the invoice was written over some minutes; the first one counts
    SEVERAL_CUSTOMERS = "several_customers"  # the invoice names several customers or countries; the first one counts
    REPEATED_ARTICLE = "repeated_article"  # the article stands on several lines of its invoice, kept as they are


class ArticleLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """So many units of an article on an invoice; the price is for one, in pennies, ``customer`` empty when unknown."""

    invoice: str
    sku: str
    name: str
    quantity: int
    unit_price_minor: int
    invoiced_at: datetime
    customer: str
    country: str
    repairs: tuple[Repair, ...] = ()


class Invoice(msgspec.Struct, frozen=True, kw_only=True):
    """What one customer bought at one time; ``country`` is ISO 3166 alpha-2."""

    number: str
    invoiced_at: datetime
    customer: str
    country: str
    lines: tuple[ArticleLine, ...]

    @property
    def total_minor(self) -> int:
        """Returns what the invoice comes to, in pennies."""
        return sum(line.unit_price_minor * line.quantity for line in self.lines)

    @property
    def units(self) -> int:
        """Returns how many units were bought."""
        return sum(line.quantity for line in self.lines)
