"""`aftercart bench walking` reads real orders, and says what is wrong with a file that has none."""

from pathlib import Path

import pytest

from aftercart.cli.bench import FAILED, walking

LINES = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
536365,71053,LANTERN,6,2010-12-01 08:26:00,3.39,17850.0,United Kingdom
536365,71053,LANTERN,2,2010-12-01 08:26:00,3.39,17850.0,United Kingdom
536366,22633,WARMER,6,2010-12-01 08:28:00,1.85,17850.0,United Kingdom
"""


def test_the_orders_of_a_file_are_walked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "orders.csv").write_text(LINES)
    walking(tmp_path / "orders.csv")
    told = capsys.readouterr().out
    assert "all orders: 2 with 3 stops" in told
    assert "all orders: walks 35% shorter than one order at a time" in told


def test_a_file_without_orders_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "orders.csv").write_text("a,b\n1,2\n")
    with pytest.raises(SystemExit) as ended:
        walking(tmp_path / "orders.csv")
    assert ended.value.code == FAILED
    assert "does not begin with the columns" in capsys.readouterr().err
