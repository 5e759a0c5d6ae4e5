"""The process that operators start: how it begins, shares its database, ends, and gets over its PostgreSQL's death."""

import os
import signal
import socket
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from tests.server import (
    RunningServer,
    aftercart,
    create_key_now,
    serving,
    wait_until,
)
from tests.shop_over_http import ShopOverHttp

from aftercart.kit.embedded_postgres import EmbeddedPostgres
from aftercart.views.audit import audit

STOPS_WITHIN_SECONDS = 8.0


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Generator[Path]:
    """One folder for the embedded PostgreSQL of all these tests; each leaves it stopped, and uses a SKU of its own."""
    folder = tmp_path_factory.mktemp("shop")
    yield folder
    EmbeddedPostgres(folder).stop()


def postmaster_pid(data_dir: Path) -> int:
    return int((data_dir / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def new_key(data_dir: Path, role: str = "admin") -> str:
    answer = aftercart("access", "create-key", "--role", role, "--data-dir", str(data_dir), folder=data_dir)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.splitlines()[-1]


def assert_clean_end(server: RunningServer, *, exit_code: int) -> None:
    assert exit_code == 0, server.log
    assert "Traceback" not in server.log
    assert "RuntimeWarning" not in server.log


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly_and_its_postgresql_with_it(
    number: signal.Signals, data_dir: Path, tmp_path: Path
) -> None:
    with serving(data_dir, tmp_path) as server:
        assert EmbeddedPostgres(data_dir).is_running()
        with httpx.Client(base_url=server.address, trust_env=False) as idle_connection:
            assert idle_connection.get("/health").json() == {"status": "ok"}
            started = time.monotonic()
            assert_clean_end(server, exit_code=server.stop(number))
            assert time.monotonic() - started < STOPS_WITHIN_SECONDS
    assert not EmbeddedPostgres(data_dir).is_running()


def test_a_port_in_use_is_told_with_code_1(database_url: str, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        answer = aftercart("serve", "--port", port, "--database-url", database_url, folder=tmp_path)
    assert answer.returncode == 1
    assert answer.stderr == f"aftercart: 127.0.0.1:{port} cannot be listened on: Address already in use\n"


def test_a_second_start_finds_what_the_first_left(data_dir: Path, tmp_path: Path) -> None:
    with serving(data_dir, tmp_path) as server:
        key = new_key(data_dir)
        with ShopOverHttp(server.address, key) as shop:
            shop.open(stock={"TASSE": 5})
            placed = shop.place({"TASSE": 2}).json()
        assert server.stop() == 0
    with serving(data_dir, tmp_path) as server, ShopOverHttp(server.address, key) as shop:
        assert shop.read(placed["id"]).json() == placed
        assert shop.available("TASSE") == 3


def test_subcommands_work_beside_it(data_dir: Path, tmp_path: Path) -> None:
    with serving(data_dir, tmp_path) as server:
        key = new_key(data_dir)
        with ShopOverHttp(server.address, key) as shop:
            shop.open(stock={"BOL": 5})
            shop.place({"BOL": 2})
            audited = aftercart("audit", *server.target, folder=tmp_path)
            assert (audited.returncode, audited.stdout.splitlines()[-1][-15:]) == (0, "invariants hold"), audited
            assert aftercart("migrate", *server.target, folder=tmp_path).stdout == "nothing to apply\n"
            assert shop.place({"BOL": 3}).status_code == 201
        assert EmbeddedPostgres(data_dir).is_running()


def test_an_import_runs_beside_it(data_dir: Path, tmp_path: Path) -> None:
    invoices = tmp_path / "invoices.csv"
    invoices.write_text(
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
        "536365,85123A,WHITE HANGING HEART,6,2010-12-01 08:26:00,2.55,17850,United Kingdom\n"
        "536366,22633,HAND WARMER,6,2010-12-01 08:28:00,1.85,17850,France\n"
    )
    with serving(data_dir, tmp_path) as server:
        key = new_key(data_dir)
        imported = aftercart("import", "online-retail", str(invoices), *server.target, folder=tmp_path)
        assert imported.returncode == 0, imported.stderr
        with ShopOverHttp(server.address, key) as shop:
            found = {order["reference"] for order in shop.get("/v1/orders").json()["items"]}
            assert {"536365", "536366"} <= found


def test_requests_and_loops_may_run_in_two_processes(database_url: str, tmp_path: Path) -> None:
    key = create_key_now(database_url, role="admin")
    with (
        serving(database_url, tmp_path, "--role", "web") as web,
        ShopOverHttp(web.address, key) as shop,
    ):
        shop.open(stock={"ASSIETTE": 0}, missing_stock="backorder")
        order = shop.place({"ASSIETTE": 1}).json()
        shop.receive({"ASSIETTE": 1})
        assert shop.read(order["id"]).json()["status"] == "backordered", "without a worker nobody reacts"
        with serving(database_url, tmp_path, "--role", "worker", answers=False) as worker:
            wait_until(lambda: shop.read(order["id"]).json()["status"] == "confirmed")
            assert_clean_end(worker, exit_code=worker.stop())
        assert_clean_end(web, exit_code=web.stop(signal.SIGTERM))


def test_a_worker_waits_for_no_port(database_url: str, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with serving(database_url, tmp_path, "--role", "worker", port=port, answers=False) as worker:
            wait_until(lambda: leases(database_url))
            assert_clean_end(worker, exit_code=worker.stop())
    assert [lease for lease in leases(database_url) if lease[1]] == [], "a worker that ends gives its leases back"


def leases(url: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT name, expires_at > clock_timestamp() FROM kit.leases").fetchall()


def test_it_starts_its_postgresql_again_and_answers(data_dir: Path, tmp_path: Path) -> None:
    with serving(data_dir, tmp_path) as server:
        key = new_key(data_dir)
        with ShopOverHttp(server.address, key) as shop:
            shop.open(stock={"VERRE": 5}, missing_stock="backorder")
            first = shop.place({"VERRE": 2}).json()
            os.kill(postmaster_pid(data_dir), signal.SIGKILL)
            wait_until(lambda: not EmbeddedPostgres(data_dir).is_running())
            took = wait_until(server.is_well)
            print(f"answers {took:.1f} s after the death of its PostgreSQL")
            assert shop.read(first["id"]).json() == first
            second = shop.place({"VERRE": 4}).json()
            assert second["status"] == "backordered"
            shop.receive({"VERRE": 1})
            wait_until(lambda: shop.read(second["id"]).json()["status"] == "confirmed")
        assert_clean_end(server, exit_code=server.stop())
    with EmbeddedPostgres(data_dir) as postgres:
        assert audit(postgres.url()).failed == ()


def test_of_two_on_one_folder_the_last_one_stops_postgresql(data_dir: Path, tmp_path: Path) -> None:
    with serving(data_dir, tmp_path) as first, serving(data_dir, tmp_path) as second:
        assert first.stop() == 0
        assert second.is_well()
        assert second.stop() == 0
    assert not EmbeddedPostgres(data_dir).is_running()
