"""A small Online Retail file made by hand: some weeks of a shop's orders, and one line of every kind of dirt."""

from datetime import date, timedelta
from typing import Final

Line = tuple[str, str, str, str, str, str, str, str]

FIRST_DAY: Final = date(2011, 3, 7)
"""A Monday three weeks before British clocks go forward."""
ARTICLES: Final = ("10001", "10002A", "10002B", "10003", "10004", "10005BL", "10006", "10007")


def line(
    invoice: str = "500001",
    code: str = "10001",
    name: str = "LANTERN",
    quantity: str = "6",
    at: str = "2011-03-07 10:00:00",
    price: str = "2.55",
    customer: str = "12001.0",
    country: str = "United Kingdom",
) -> Line:
    """Returns one line with only what the test speaks of changed."""
    return (invoice, code, name, quantity, at, price, customer, country)


DIRT: Final[dict[str, tuple[Line, ...]]] = {
    "credit_note": (line("C600001", quantity="-6"), line("C600002", quantity="-1", customer="")),
    "debt_adjustment": (line("A600003", "B", "Adjust bad debt", "1", price="-11062.06", customer=""),),
    "service_code": (
        line("600004", "POST", "POSTAGE", "1", price="18.0"),
        line("600004", "m", "Manual", "1", price="1.25"),
        line("600005", "gift_0001_20", "Gift Voucher", "1", price="17.02"),
        line("600005", "BANK CHARGES", "Bank Charges", "1", price="15.0"),
    ),
    "stock_adjustment": (line("600006", name="damaged", quantity="-30", price="0.0", customer=""),),
    "bad_price": (line("600007", price="0.0"), line("600007", price="-1.5")),
    "beyond_limits": (line("600008", quantity="1000001"),),
    "no_customer": (line("600009", customer=""),),
    "unknown_country": (line("600010", country="Atlantis"),),
    "unreadable": (
        line("600011", quantity="six"),
        line("600011", price="two"),
        line("600011", at="2011-02-30 10:00:00"),
        line("600011", customer="Ada"),
        line("600011", code=""),
        line("X600011"),
    ),
}
"""Lines to be set aside, by the reason."""


def orders(weeks: int = 6) -> list[Line]:
    """Returns the lines of three orders a day, each of three articles, by customers at home and abroad."""
    lines: list[Line] = []
    for number in range(weeks * 7 * 3):
        day, hour = FIRST_DAY + timedelta(days=number // 3), 9 + number % 3
        customer = f"{12001 + number * 7 % 23}.0"
        country = ("United Kingdom", "United Kingdom", "EIRE", "United Kingdom", "Channel Islands")[number * 7 % 23 % 5]
        for place in range(3):
            step = 0 if number % 17 == 0 and place == 2 else place * (1 + number % 2)
            code = ARTICLES[(number * 3 + step) % len(ARTICLES)]
            lines.append(
                line(
                    str(500001 + number),
                    code.lower() if number % 10 == 0 else code,
                    f" THING  {code}" if number % 4 == 0 else f"THING {code}",
                    str(1 + (number + place) % 5),
                    f"{day} {hour:02}:{place if number % 11 == 0 else 0:02}:00",
                    f"{1 + number % 3}.255" if number % 13 == 0 else "1.25",
                    customer,
                    country,
                )
            )
    return lines


def small_file() -> list[Line]:
    """Returns orders with all the dirt among them."""
    lines = orders()
    for place, dirty in enumerate(one for dirt in DIRT.values() for one in dirt):
        lines.insert(place * 11, dirty)
    return lines
