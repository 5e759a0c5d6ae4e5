from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from aftercart.kit.migrate import MigrationRefused, migrate


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "0001_shelves.sql").write_text("CREATE TABLE shelves (id int); INSERT INTO shelves VALUES (1);")
    (tmp_path / "0002_more_shelves.sql").write_text("INSERT INTO shelves VALUES (2);")
    return tmp_path


@pytest.fixture
def missing_database_url(server_url: str) -> Generator[str]:
    name = f"test_{uuid4().hex}"
    yield make_conninfo(server_url, dbname=name)
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())


def shelves(url: str) -> list[int]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("SELECT id FROM shelves ORDER BY id")]


def test_a_missing_database_is_made_and_migrated_in_order(missing_database_url: str, folder: Path) -> None:
    assert migrate(missing_database_url, folder=folder) == ["0001_shelves.sql", "0002_more_shelves.sql"]
    assert shelves(missing_database_url) == [1, 2]


def test_a_second_run_applies_only_what_is_new(missing_database_url: str, folder: Path) -> None:
    migrate(missing_database_url, folder=folder)
    (folder / "0003_last_shelf.sql").write_text("INSERT INTO shelves VALUES (3);")
    assert migrate(missing_database_url, folder=folder) == ["0003_last_shelf.sql"]
    assert migrate(missing_database_url, folder=folder) == []
    assert shelves(missing_database_url) == [1, 2, 3]


def test_processes_that_migrate_at_once_apply_each_file_once(missing_database_url: str, folder: Path) -> None:
    with ThreadPoolExecutor(8) as executor:
        runs = [executor.submit(migrate, missing_database_url, folder=folder) for _ in range(8)]
        applied = [name for run in runs for name in run.result()]
    assert sorted(applied) == ["0001_shelves.sql", "0002_more_shelves.sql"]
    assert shelves(missing_database_url) == [1, 2]


def test_a_changed_file_is_refused(missing_database_url: str, folder: Path) -> None:
    migrate(missing_database_url, folder=folder)
    (folder / "0001_shelves.sql").write_text("CREATE TABLE shelves (id bigint);")
    with pytest.raises(MigrationRefused, match=r"0001_shelves\.sql was changed"):
        migrate(missing_database_url, folder=folder)


def test_a_database_of_a_newer_version_is_refused(missing_database_url: str, folder: Path) -> None:
    migrate(missing_database_url, folder=folder)
    (folder / "0002_more_shelves.sql").unlink()
    with pytest.raises(MigrationRefused, match="newer Aftercart"):
        migrate(missing_database_url, folder=folder)


def test_a_file_that_fails_leaves_nothing_behind(missing_database_url: str, folder: Path) -> None:
    (folder / "0002_more_shelves.sql").write_text("INSERT INTO shelves VALUES (2); SELECT 1 / 0;")
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(missing_database_url, folder=folder)
    assert shelves(missing_database_url) == [1]
    (folder / "0002_more_shelves.sql").write_text("INSERT INTO shelves VALUES (2);")
    assert migrate(missing_database_url, folder=folder) == ["0002_more_shelves.sql"]


@pytest.mark.parametrize("name", ["0004_gap.sql", "3_short.sql", "0003 spaces.sql", "notes.txt", "0002_twice.sql"])
def test_a_wrong_file_name_is_refused(server_url: str, folder: Path, name: str) -> None:
    (folder / name).write_text("SELECT 1;")
    with pytest.raises(MigrationRefused, match=r"should be named 000\d_some_name\.sql"):
        migrate(server_url, folder=folder)


def test_a_server_that_does_not_answer_is_a_fault(folder: Path) -> None:
    with pytest.raises(psycopg.OperationalError):
        migrate(f"postgresql://postgres@/aftercart?host={folder}", folder=folder)


def test_a_database_in_another_encoding_is_refused(server_url: str, missing_database_url: str, folder: Path) -> None:
    name = conninfo_to_dict(missing_database_url)["dbname"]
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'".encode())
    with pytest.raises(MigrationRefused, match="SQL_ASCII"):
        migrate(missing_database_url, folder=folder)


def test_the_packaged_files_bring_a_database_up(database_url: str) -> None:
    assert migrate(database_url) == []
