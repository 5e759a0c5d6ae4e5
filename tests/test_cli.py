import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from aftercart import __version__
from aftercart.access.model import hash_of_secret
from aftercart.kit.embedded_postgres import EmbeddedPostgres


def aftercart(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: setting for name, setting in os.environ.items() if not name.startswith("AFTERCART_")}
    return subprocess.run(
        (sys.executable, "-m", "aftercart", *arguments),
        cwd=cwd,
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_names_the_subcommands_and_exit_codes(tmp_path: Path) -> None:
    answer = aftercart("--help", cwd=tmp_path)
    assert answer.returncode == 0
    assert "migrate" in answer.stdout
    assert "Exit codes: 0 done, 1 failed or problems found, 2 wrongly used." in answer.stdout


def test_the_version_is_told(tmp_path: Path) -> None:
    assert aftercart("--version", cwd=tmp_path).stdout == f"{__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("mirgate",), 'Unknown command "mirgate"'),
        (("migrate", "--databse-url", "x"), "Unknown option: --databse-url"),
        (("migrate", "--data-dir", "a", "--database-url", "b"), "--database-url and --data-dir exclude each other"),
    ],
)
def test_wrong_use_is_told_with_code_2(arguments: tuple[str, ...], complaint: str, tmp_path: Path) -> None:
    answer = aftercart(*arguments, cwd=tmp_path)
    assert answer.returncode == 2
    assert complaint in answer.stderr


def test_a_bad_setting_is_told_with_code_2(tmp_path: Path) -> None:
    answer = aftercart("migrate", cwd=tmp_path, AFTERCART_PORT="http")
    assert answer.returncode == 2
    assert answer.stderr == "aftercart: AFTERCART_PORT is 'http': Expected `int`, got `str`\n"


def test_a_database_that_does_not_answer_is_told_with_code_1(tmp_path: Path) -> None:
    answer = aftercart("migrate", "--database-url", f"postgresql://postgres@/x?host={tmp_path}", cwd=tmp_path)
    assert answer.returncode == 1
    assert answer.stderr.startswith("aftercart: connection")
    assert "Traceback" not in answer.stderr


def test_migrate_works_on_the_database_of_the_environment(database_url: str, tmp_path: Path) -> None:
    answer = aftercart("migrate", cwd=tmp_path, AFTERCART_DATABASE_URL=database_url)
    assert (answer.returncode, answer.stdout) == (0, "nothing to apply\n")


def test_migrate_works_beside_a_running_server_and_leaves_it_running(
    own_postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    answer = aftercart("migrate", "--data-dir", str(own_postgres.data_dir), cwd=tmp_path)
    assert answer.returncode == 0
    assert answer.stdout.startswith("applied 0001_")
    assert own_postgres.is_running()


def test_migrate_alone_starts_its_server_and_stops_it(tmp_path: Path) -> None:
    answer = aftercart("migrate", cwd=tmp_path)
    assert answer.returncode == 0
    server = EmbeddedPostgres(tmp_path / ".aftercart")
    assert (server.data_dir / "postgres" / "PG_VERSION").exists()
    assert not server.is_running()


def test_create_key_prints_a_key_that_opens_the_shop(database_url: str, tmp_path: Path) -> None:
    answer = aftercart(
        "access",
        "create-key",
        "--role",
        "integrator",
        "--label",
        "web shop",
        "--database-url",
        database_url,
        cwd=tmp_path,
    )
    assert answer.returncode == 0
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("SELECT secret_hash, role, label FROM access.api_keys").fetchall()
    assert rows == [(hash_of_secret(answer.stdout.splitlines()[-1]), "integrator", "web shop")]


def test_a_refused_wish_is_told_with_code_1(database_url: str, tmp_path: Path) -> None:
    order_id = "019a0000-0000-7000-8000-000000000000"
    answer = aftercart(
        "access", "create-key", "--role", "admin", "--order", order_id, "--database-url", database_url, cwd=tmp_path
    )
    assert answer.returncode == 1
    assert answer.stderr.startswith("aftercart: invalid at order_id")
