import asyncio
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from aftercart.kit.embedded_postgres import EmbeddedPostgres, pgbench_path, supervise
from aftercart.kit.server_account import EmbeddedPostgresFailed

BACK_AGAIN_SECONDS_MAX = 10
OTHER_PROCESS = """
import sys, time
from pathlib import Path
from aftercart.kit.embedded_postgres import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]))
server.start()
print("started", flush=True)
sys.stdin.readline()
server.stop()
print("stopped", flush=True)
sys.stdin.readline()
"""


@contextmanager
def other_process(data_dir: Path) -> Generator[subprocess.Popen[str]]:
    """Another process that has started the same server, and stops it when it reads a line."""
    command = (sys.executable, "-c", OTHER_PROCESS, str(data_dir))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "started\n"
        try:
            yield process
        finally:
            process.kill()


def postmaster_pid(server: EmbeddedPostgres) -> int:
    return int((server.data_dir / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def kill_postmaster(server: EmbeddedPostgres) -> None:
    os.kill(postmaster_pid(server), signal.SIGKILL)


def ask(server: EmbeddedPostgres, question: str) -> object:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        row = connection.execute(question.encode()).fetchone()
        assert row is not None
        return row[0]


def keep_seven(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")


def wait_until(is_so: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + BACK_AGAIN_SECONDS_MAX
    while not is_so():
        assert time.monotonic() < give_up_at, f"not so within {BACK_AGAIN_SECONDS_MAX} s"


def wait_for_death(server: EmbeddedPostgres) -> None:
    wait_until(lambda: not server.is_running())


def answers(server: EmbeddedPostgres) -> bool:
    try:
        return ask(server, "SELECT 1") == 1
    except psycopg.OperationalError:
        return False


def test_starting_twice_is_harmless_and_data_survives_a_stop(own_postgres: EmbeddedPostgres) -> None:
    own_postgres.start()
    keep_seven(own_postgres)
    own_postgres.stop()
    assert not own_postgres.is_running()
    own_postgres.start()
    assert ask(own_postgres, "SELECT n FROM kept") == 7


def test_text_is_utf8_and_knows_letters_beyond_ascii(own_postgres: EmbeddedPostgres) -> None:
    assert ask(own_postgres, "SHOW server_encoding") == "UTF8"
    assert ask(own_postgres, "SELECT lower('ÉLODIE')") == "élodie"
    assert ask(own_postgres, "SHOW synchronous_commit") == "on"


def test_the_server_does_not_share_the_terminal(own_postgres: EmbeddedPostgres) -> None:
    assert os.getsid(postmaster_pid(own_postgres)) == postmaster_pid(own_postgres)


def test_only_its_account_may_open_the_socket(own_postgres: EmbeddedPostgres) -> None:
    socket = own_postgres.data_dir / "postgres" / ".s.PGSQL.5432"
    assert stat.S_IMODE(socket.stat().st_mode) == 0o700


def test_eight_starts_at_once_make_one_server(tmp_path: Path) -> None:
    servers = [EmbeddedPostgres(tmp_path / "data") for _ in range(8)]
    with ThreadPoolExecutor(8) as executor:
        for started in [executor.submit(server.start) for server in servers]:
            started.result()
    assert len({postmaster_pid(server) for server in servers}) == 1
    for server in servers:
        assert server.is_running()
        server.stop()
    assert not servers[0].is_running()


def test_the_last_process_with_a_handle_stops_the_server(own_postgres: EmbeddedPostgres) -> None:
    with other_process(own_postgres.data_dir) as other:
        own_postgres.stop()
        assert own_postgres.is_running()
        assert other.stdin
        assert other.stdout
        other.stdin.write("stop\n")
        other.stdin.flush()
        assert other.stdout.readline() == "stopped\n"
        assert not own_postgres.is_running()


def test_a_killed_process_holds_no_handle(own_postgres: EmbeddedPostgres) -> None:
    with other_process(own_postgres.data_dir) as other:
        other.kill()
    own_postgres.stop()
    assert not own_postgres.is_running()


def test_a_server_whose_processes_were_all_killed_is_taken_over(own_postgres: EmbeddedPostgres) -> None:
    own_postgres.stop()
    with other_process(own_postgres.data_dir) as other:
        other.kill()
    assert own_postgres.is_running()
    own_postgres.start()
    assert ask(own_postgres, "SELECT 1") == 1


def test_a_killed_server_starts_again_with_what_was_committed(own_postgres: EmbeddedPostgres) -> None:
    keep_seven(own_postgres)
    kill_postmaster(own_postgres)
    wait_for_death(own_postgres)
    assert own_postgres.ensure_running()
    assert not own_postgres.ensure_running()
    assert ask(own_postgres, "SELECT n FROM kept") == 7


def test_backends_that_outlive_their_server_do_not_block_the_next(own_postgres: EmbeddedPostgres) -> None:
    with psycopg.connect(own_postgres.url("postgres"), autocommit=True) as busy, ThreadPoolExecutor(1) as executor:
        backend = psutil.Process(busy.info.backend_pid)
        endless = executor.submit(busy.execute, "SELECT count(*) FROM generate_series(1, 1e12::bigint)")
        kill_postmaster(own_postgres)
        wait_for_death(own_postgres)
        assert backend.is_running(), "the broken control: it would block the next server"
        started_at = time.monotonic()
        own_postgres.ensure_running()
        assert time.monotonic() - started_at < BACK_AGAIN_SECONDS_MAX
        with pytest.raises(psycopg.OperationalError):
            endless.result()
    assert ask(own_postgres, "SELECT 1") == 1


def test_a_dead_server_that_its_parent_did_not_wait_for_does_not_block_the_next(
    own_postgres: EmbeddedPostgres,
) -> None:
    own_postgres.stop()
    with other_process(own_postgres.data_dir):
        zombie = psutil.Process(postmaster_pid(own_postgres))
        zombie.kill()
        wait_until(lambda: zombie.status() == psutil.STATUS_ZOMBIE)
        own_postgres.start()
        assert ask(own_postgres, "SELECT 1") == 1


def test_a_lock_file_with_the_id_of_a_stranger_does_not_block_the_next(own_postgres: EmbeddedPostgres) -> None:
    lock_file = own_postgres.data_dir / "postgres" / "postmaster.pid"
    lines = lock_file.read_text().splitlines()
    own_postgres.stop()
    lock_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    assert not own_postgres.is_running()
    own_postgres.start()
    assert ask(own_postgres, "SELECT 1") == 1


async def test_supervision_brings_a_killed_server_back_within_ten_seconds(own_postgres: EmbeddedPostgres) -> None:
    supervision = asyncio.create_task(supervise(own_postgres))
    for _ in range(2):
        kill_postmaster(own_postgres)
        await asyncio.to_thread(wait_for_death, own_postgres)
        await asyncio.to_thread(wait_until, lambda: answers(own_postgres))
    supervision.cancel()
    with suppress(asyncio.CancelledError):
        await supervision


@pytest.mark.parametrize("name", ["a" * 120, "with spaces, 100%25 & ünïcode"], ids=["long", "odd"])
def test_any_path_will_do(tmp_path: Path, name: str) -> None:
    with EmbeddedPostgres(tmp_path / name) as server:
        assert ask(server, "SELECT 1") == 1
        assert server.url("a/b").startswith("postgresql://postgres@/a%2Fb?host=%2F")


def test_a_first_start_that_was_interrupted_is_done_again(tmp_path: Path) -> None:
    half_made = tmp_path / "postgres.new"
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(tmp_path) as server:
        assert ask(server, "SELECT 1") == 1


def test_data_of_another_version_is_refused(own_postgres: EmbeddedPostgres) -> None:
    own_postgres.stop()
    (own_postgres.data_dir / "postgres" / "PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedPostgresFailed, match="was written by PostgreSQL 17 and this is 18"):
        own_postgres.start()


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path, settings={"shared_buffers": "plenty"})
    with pytest.raises(EmbeddedPostgresFailed, match='invalid value for parameter "shared_buffers": "plenty"'):
        server.start()
    server.stop()


def test_pgbench_comes_with_the_server() -> None:
    assert "pgbench (PostgreSQL) 18" in subprocess.check_output((pgbench_path(), "--version"), text=True)
