import csv
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import psycopg
import pytest
from tests.importing.retail_lines import small_file

from aftercart.importing.classify import COLUMNS
from aftercart.importing.comparison import Comparison
from aftercart.importing.report import Report


def import_online_retail(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return run_import("online-retail", *arguments, cwd=cwd)


def run_import(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    inherited = {name: setting for name, setting in os.environ.items() if not name.startswith("AFTERCART_")}
    return subprocess.run(
        (sys.executable, "-m", "aftercart", "import", *arguments),
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


def test_policies_are_compared_and_nothing_is_left_behind(database_url: str, retail_csv: Path, tmp_path: Path) -> None:
    arguments = (str(retail_csv), "--edits", "0.5", "--seed", "3", "--limit", "60", "--json", "comparison.json")
    compared = run_import("compare", *arguments, "--database-url", database_url, cwd=tmp_path)
    assert compared.returncode == 0, compared.stderr
    comparison = msgspec.json.decode((tmp_path / "comparison.json").read_bytes(), type=Comparison)
    assert (comparison.invoices, comparison.edit_share, comparison.seed) == (60, 0.5, 3)
    assert [result.release.mode.value for result in comparison.results] == [
        "immediately",
        "after_grace",
        "until_cutoff",
    ]
    for figure in ("after_grace 30", "refused: order_already_released", "daventry: busiest hour", "60 invoices"):
        assert figure in compared.stdout
    with psycopg.connect(database_url) as connection:
        left = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'aftercart_compare_%'").fetchall()
        orders = connection.execute("SELECT 1 FROM orders.orders").fetchall()
    assert (left, orders) == ([], [])


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("missing.csv",), "there is no file missing.csv"),
        (("other.csv",), "other.csv does not begin with the columns"),
        (("other.csv", "--edits", "1.5"), "--edits is a share from 0 to 1, not 1.5"),
        (("other.csv", "--limit", "0"), "--limit is at least 1, not 0"),
        (("other.csv", "--json", "missing/report.json"), "there is no directory missing"),
    ],
)
def test_a_comparison_that_cannot_be_is_told_before_anything_starts(
    arguments: tuple[str, ...], complaint: str, tmp_path: Path
) -> None:
    (tmp_path / "other.csv").write_text("order,sku\n1,A\n", encoding="utf-8")
    answer = run_import("compare", *arguments, cwd=tmp_path)
    assert answer.returncode == 2
    assert complaint in answer.stderr
    assert not (tmp_path / ".aftercart").exists()


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


def test_directories_are_brought_in_and_their_counts_told(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text(f"{POINTS_HEADER}\n{POINT}\n", encoding="utf-8")
    (tmp_path / "communes.csv").write_text(f"{COMMUNES_HEADER}\n69383;69003;45.75,4.85\n1;1000;\n", encoding="utf-8")
    for counts in ("1 new, 0 changed, 0 as before", "0 new, 0 changed, 1 as before"):
        answer = run_import(
            "pickup-points", "points.csv", "--network", "relays", "--database-url", database_url, cwd=tmp_path
        )
        assert (answer.returncode, answer.stdout) == (0, f"1 pickup points of relays: {counts}\n"), answer.stderr
    answer = run_import("postcodes", "communes.csv", "--database-url", database_url, cwd=tmp_path)
    assert answer.returncode == 2
    assert "line 3, column Code_postal: expected a postcode of FR" in answer.stderr
    (tmp_path / "communes.csv").write_text(f"{COMMUNES_HEADER}\n69383;69003;45.75,4.85\n1;01000;\n", encoding="utf-8")
    answer = run_import("postcodes", "communes.csv", "--database-url", database_url, cwd=tmp_path)
    assert answer.stdout.splitlines() == [
        "1 postcodes of 2 lines: 1 new, 0 changed, 0 as before",
        "1 lines say no place; 1 postcodes have no place at all",
    ]


POINTS_HEADER = "code,name,line1,postcode,city,country,latitude,longitude,opening_hours"
POINT = "FR-1,Le Relais,1 rue Neuve,69003,Lyon,FR,45.75,4.85,Mo-Sa 09:00-19:00"
COMMUNES_HEADER = "Code_commune_INSEE;Code_postal;coordonnees_gps"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("pickup-points", "missing.csv", "--network", "relays"), "there is no file missing.csv"),
        (("pickup-points", "other.csv", "--network", "relays"), "other.csv has no column code, name"),
        (("pickup-points", "other.csv"), "network"),
        (("postcodes", "other.csv"), "other.csv has no column Code_postal, coordonnees_gps"),
    ],
)
def test_wrong_use_of_directories_is_told_before_anything_starts(
    arguments: tuple[str, ...], complaint: str, tmp_path: Path
) -> None:
    (tmp_path / "other.csv").write_text("order,sku\n1,A\n", encoding="utf-8")
    answer = run_import(*arguments, cwd=tmp_path)
    assert answer.returncode == 2
    assert complaint in answer.stderr.lower() or complaint in answer.stderr
    assert not (tmp_path / ".aftercart").exists()
