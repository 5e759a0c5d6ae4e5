import pytest
from tests.importing.retail_lines import DIRT, Line, line

from aftercart.importing.classify import classify, why_no_order
from aftercart.importing.model import ArticleLine, Repair, SetAside


def article(*_: object, **changes: str) -> ArticleLine:
    found = classify(line(**changes))
    assert isinstance(found, ArticleLine)
    return found


@pytest.mark.parametrize(("reason", "dirty"), [(reason, one) for reason, lines in DIRT.items() for one in lines])
def test_a_line_of_each_kind_of_dirt_is_set_aside_for_its_reason(reason: str, dirty: Line) -> None:
    found = classify(dirty)
    assert (found if isinstance(found, SetAside) else why_no_order(found)) is SetAside(reason)


@pytest.mark.parametrize("fields", [(), ("500001",), (*line(), "one too many")])
def test_a_line_without_eight_fields_is_unreadable(fields: tuple[str, ...]) -> None:
    assert classify(fields) is SetAside.UNREADABLE


def test_a_clean_line_is_an_article_somebody_bought() -> None:
    found = article()
    assert why_no_order(found) is None
    assert (found.sku, found.quantity, found.unit_price_minor, found.customer) == ("10001", 6, 255, "12001")
    assert found.repairs == ()


@pytest.mark.parametrize(
    ("price", "pennies", "repairs"),
    [
        ("2.5", 250, ()),
        ("2.500", 250, ()),
        ("1.254", 125, (Repair.PRICE_ROUNDED,)),
        ("1.255", 126, (Repair.PRICE_ROUNDED,)),
        ("0.005", 1, (Repair.PRICE_ROUNDED,)),
        ("0.001", 0, (Repair.PRICE_ROUNDED,)),
    ],
)
def test_prices_are_rounded_half_up_to_pennies(price: str, pennies: int, repairs: tuple[Repair, ...]) -> None:
    found = article(price=price)
    assert (found.unit_price_minor, found.repairs) == (pennies, repairs)


def test_codes_in_mixed_case_are_the_same_article() -> None:
    found = article(code="85123a")
    assert (found.sku, found.repairs) == ("85123A", (Repair.MIXED_CASE_CODE,))


@pytest.mark.parametrize("name", [" LANTERN", "LANTERN ", "LAN\tTERN", "LAN  TERN"])
def test_descriptions_are_tidied(name: str) -> None:
    found = article(name=name)
    assert found.name in {"LANTERN", "LAN TERN"}
    assert found.repairs == (Repair.UNTIDY_NAME,)


def test_an_article_without_description_is_called_by_its_code() -> None:
    assert article(name="").name == "10001"


@pytest.mark.parametrize(
    ("at", "utc"), [("2011-03-07 10:00:00", "2011-03-07T10:00:00"), ("2011-03-28 10:00:00", "2011-03-28T09:00:00")]
)
def test_times_are_those_of_the_clock_in_the_shop(at: str, utc: str) -> None:
    assert article(at=at).invoiced_at.isoformat() == f"{utc}+00:00"
