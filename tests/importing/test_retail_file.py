import csv
import gzip
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.importing.retail_lines import DIRT, Line, line, orders, small_file

from aftercart.importing.classify import COLUMNS
from aftercart.importing.countries import PLACE_OF_COUNTRY, PLACES
from aftercart.importing.model import Repair, SetAside
from aftercart.importing.orders import WEB, address_of, order_of
from aftercart.importing.retail_file import FileRefused, read_retail_file, sort_out
from aftercart.kit.address import validate_address
from aftercart.kit.money import MINOR_UNITS_MAX


def as_csv(lines: Sequence[Sequence[str]]) -> str:
    text = StringIO()
    csv.writer(text).writerows((COLUMNS, *lines))
    return text.getvalue()


FIELDS = st.tuples(
    st.sampled_from(["500001", "500002", "500003", "C500004", "A500005", "", "5000-6"]),
    st.sampled_from(["10001", "10001a", "10001A", "POST", "m", "gift_0001_20", "PADS", "", "\x00", "x" * 65]),
    st.one_of(st.sampled_from(["LANTERN", " LANTERN", ""]), st.text(max_size=8)),
    st.sampled_from(["1", "6", "0", "-3", "1000000", "1000001", "x", ""]),
    st.sampled_from(["2011-03-07 10:00:00", "2011-03-07 10:01:00", "1066-10-14 09:00:00", "2011-13-01 00:00:00"]),
    st.sampled_from(["2.55", "0.0", "-1.5", "0.001", "9999999.0", "10000000.01", "free"]),
    st.sampled_from(["12001.0", "12002", "", "Ada"]),
    st.sampled_from(["United Kingdom", "EIRE", "Unspecified", "European Community", "Atlantis"]),
)


@given(st.lists(st.one_of(FIELDS, st.lists(st.text(max_size=3), max_size=10)), max_size=60))
def test_every_line_ends_in_an_order_or_set_aside_and_none_in_both(lines: list[Sequence[str]]) -> None:
    retail = sort_out(lines)
    bought = [entry for invoice in retail.invoices for entry in invoice.lines]
    assert retail.lines == len(lines) == len(bought) + sum(retail.set_aside.values())
    assert len({invoice.number for invoice in retail.invoices}) == len(retail.invoices)
    assert list(retail.invoices) == sorted(retail.invoices, key=lambda one: (one.invoiced_at, one.number))
    assert {entry.sku for entry in bought} <= {variant.sku for variant in retail.variants}
    for invoice in retail.invoices:
        order = order_of(invoice)
        assert len(order.lines) == len(invoice.lines)
        authorized = order.payment.authorized.minor_units
        owed_at_most = invoice.total_minor * (1 if order.channel == WEB else 2)
        assert authorized == min(owed_at_most, MINOR_UNITS_MAX)


def test_the_hand_made_file_is_sorted_out_as_it_was_made() -> None:
    retail = sort_out(small_file())
    assert retail.set_aside == {SetAside(reason): len(lines) for reason, lines in DIRT.items()}
    assert len(retail.invoices) == 126
    assert retail.lines == len(orders()) + sum(retail.set_aside.values())
    assert set(retail.repaired) == set(Repair) - {Repair.SEVERAL_CUSTOMERS}


def test_an_invoice_written_over_some_minutes_is_one_order_at_its_first_time() -> None:
    retail = sort_out([line(at="2011-03-07 10:01:00"), line(at="2011-03-07 10:00:00"), line("500002")])
    assert [(one.number, len(one.lines), one.invoiced_at.minute) for one in retail.invoices] == [
        ("500001", 2, 0),
        ("500002", 1, 0),
    ]
    assert retail.repaired == {Repair.SEVERAL_TIMES: 1, Repair.REPEATED_ARTICLE: 1}


def test_an_invoice_of_several_customers_belongs_to_the_first() -> None:
    retail = sort_out([line(), line(code="10003", customer="12002.0", country="EIRE")])
    assert [(one.customer, one.country, len(one.lines)) for one in retail.invoices] == [("12001", "GB", 2)]
    assert retail.repaired == {Repair.SEVERAL_CUSTOMERS: 1}


def test_what_an_order_cannot_hold_is_set_aside() -> None:
    retail = sort_out([line(code=f"{number:05}") for number in range(2_001)])
    assert (len(retail.invoices[0].lines), retail.set_aside) == (2_000, {SetAside.BEYOND_LIMITS: 1})


def test_the_catalog_has_the_most_frequent_name_and_price_of_each_article() -> None:
    lines: list[Line] = [
        line(name="LANTERN", price="2.55"),
        line("500002", name="lantern, bent", price="2.10", customer=""),
        line("500003", name="LANTERN", price="2.10"),
        line("500004", name="lost in the post", quantity="-1", price="0.0", customer=""),
        line("500005", code="10002b", name="CUP", price="0.85", customer=""),
    ]
    cup, lantern = sorted(sort_out(lines).variants, key=lambda one: one.name)
    assert (lantern.sku, lantern.name, lantern.price.minor_units) == ("10001", "LANTERN", 210)
    assert (cup.sku, cup.product, cup.options, cup.tax_rate) == ("10002B", "10002", {"design": "B"}, "0.20")
    assert sort_out(lines) == sort_out(lines)


@pytest.mark.parametrize("name", PLACES)
def test_invented_addresses_are_valid_in_their_country(name: str) -> None:
    address = address_of("12001", PLACES[name].country)
    assert validate_address(address, param="address") == address
    assert PLACE_OF_COUNTRY[PLACES[name].country].country == address.country


def test_a_file_may_be_compressed(tmp_path: Path) -> None:
    plain, compressed = tmp_path / "retail.csv", tmp_path / "retail.csv.gz"
    plain.write_text(as_csv(small_file()), encoding="utf-8")
    compressed.write_bytes(gzip.compress(plain.read_bytes()))
    assert read_retail_file(plain) == read_retail_file(compressed) == sort_out(small_file())


def test_blank_lines_and_endless_fields_are_unreadable_lines(tmp_path: Path) -> None:
    file = tmp_path / "retail.csv"
    file.write_text(as_csv([line()]) + "\r\n" + ",".join(line(name="LANTERN" * 20_000)) + "\r\n", encoding="utf-8")
    retail = read_retail_file(file)
    assert (retail.lines, len(retail.invoices)) == (3, 1)
    assert retail.set_aside == {SetAside.UNREADABLE: 2}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"order,sku\r\n1,A\r\n",
        gzip.compress(as_csv(small_file()).encode())[:-40],
        as_csv([line(name="CAF\u00c9")]).encode("latin-1"),
    ],
    ids=["empty", "other columns", "cut off", "other encoding"],
)
def test_what_is_no_such_file_is_refused_by_name(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "retail.csv"
    file.write_bytes(content)
    with pytest.raises(FileRefused, match=r"retail\.csv"):
        read_retail_file(file)
