import csv
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from tests.importing.retail_lines import small_file

from aftercart.importing.classify import COLUMNS
from aftercart.importing.report import Report


def import_online_retail(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    inherited = {name: setting for name, setting in os.environ.items() if not name.startswith("AFTERCART_")}
    return subprocess.run(
        (sys.executable, "-m", "aftercart", "import", "online-retail", *arguments),
        cwd=cwd,
        env={**inherited, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def retail_csv(tmp_path: Path) -> Path:
    file = tmp_path / "retail.csv"
    with file.open("w", encoding="utf-8", newline="") as text:
        csv.writer(text).writerows((COLUMNS, *small_file()))
    return file


def test_the_report_is_shown_and_written(database_url: str, retail_csv: Path, tmp_path: Path) -> None:
    arguments = ("--database-url", database_url, "--json", "report.json")
    first = import_online_retail(str(retail_csv), *arguments, cwd=tmp_path)
    assert (first.returncode, first.stdout.count("set aside: ")) == (0, 9)
    report = msgspec.json.decode((tmp_path / "report.json").read_bytes(), type=Report)
    assert report.lines_told == report.lines == len(small_file())
    for figure in (f"{report.revenue_minor // 100:,}", f"{report.stock_out_lines} lines met a stock-out", "orders/s"):
        assert figure in first.stdout
    again = import_online_retail(str(retail_csv), *arguments, cwd=tmp_path)
    assert again.returncode == 0
    assert f"{report.placed.orders} of them before this run" in again.stdout


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("missing.csv",), "there is no file missing.csv"),
        (("other.csv",), "other.csv does not begin with the columns InvoiceNo, StockCode"),
        (("other.csv", "--json", "missing/report.json"), "there is no directory missing"),
        ((), "FILE"),
    ],
)
def test_wrong_use_is_told_with_code_2_before_anything_starts(
    arguments: tuple[str, ...], complaint: str, tmp_path: Path
) -> None:
    (tmp_path / "other.csv").write_text("order,sku\n1,A\n", encoding="utf-8")
    answer = import_online_retail(*arguments, cwd=tmp_path)
    assert answer.returncode == 2
    assert complaint in answer.stderr
    assert not (tmp_path / ".aftercart").exists()


def test_a_database_that_does_not_answer_is_told_with_code_1(retail_csv: Path, tmp_path: Path) -> None:
    url = f"postgresql://postgres@/x?host={tmp_path}"
    answer = import_online_retail(str(retail_csv), "--database-url", url, cwd=tmp_path)
    assert answer.returncode == 1
    assert "aftercart: connection" in answer.stderr
