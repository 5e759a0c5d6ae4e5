from pathlib import Path

import psycopg
import pytest

from aftercart.cli.app import app


def run(*arguments: str) -> None:
    app(arguments, exit_on_error=False, result_action="return_value")


def test_the_demo_is_filled_and_shown_again(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AFTERCART_DATA_DIR", str(tmp_path))
    run("demo", "--database-url", database_url)
    first = capsys.readouterr().out.splitlines()
    run("demo", "--database-url", database_url)
    second = capsys.readouterr().out.splitlines()
    assert (first[0], second[0]) == ("the demo is filled", "the demo was there already")
    assert first[1] == "42 products in 233 variants, 23 locations, 3 channels, 26 orders"
    assert first[1:] == second[1:]
    assert first[2].startswith("API key (admin): ak_")


def test_a_customer_gets_a_key_to_the_order_of_a_number(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AFTERCART_DATA_DIR", str(tmp_path))
    run("demo", "--database-url", database_url)
    with psycopg.connect(database_url) as connection:
        (order_id, number) = connection.execute("SELECT order_id, number FROM orders.orders LIMIT 1").fetchall()[0]
        run("access", "create-key", "--role", "customer", "--order", number.lower(), "--database-url", database_url)
        keys = connection.execute("SELECT order_id FROM access.api_keys WHERE role = 'customer'").fetchall()
    assert keys == [(order_id,)]
    assert capsys.readouterr().out.splitlines()[-1].startswith("ak_")


def test_a_customers_key_without_an_order_is_made_with_a_warning(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run("access", "create-key", "--role", "customer", "--database-url", database_url)
    printed = capsys.readouterr()
    assert printed.err == "aftercart: a customer's key without --order reaches nothing\n"
    assert printed.out.splitlines()[-1].startswith("ak_")
