"""Brings a database to the shape this version of Aftercart expects, forward only and one file at a time."""

import hashlib
import re
from collections.abc import Sequence
from importlib.abc import Traversable
from importlib.resources import files
from typing import Final

import msgspec
import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.sql import SQL, Identifier

_FILE_NAME: Final = re.compile(r"(?P<version>\d{4})_(?P<name>[a-z0-9_]+)\.sql")


class MigrationRefused(Exception):
    """The database or the migration files are not in a state that can be migrated; the message says which and why."""


class Migration(msgspec.Struct, frozen=True, kw_only=True):
    """One file: `text` holds statements that run in one transaction; `checksum` is their SHA-256 in hex."""

    version: int
    name: str
    text: str
    checksum: str


def migrate(url: str, *, folder: Traversable | None = None) -> list[str]:
    """Apply what is missing, making the database itself when it does not exist; returns the names of the files applied.

    `folder` holds files named `0001_name.sql`, numbered from 1 without a gap; by default those of this package. Several
    processes may call this at once: one applies, the others wait and find nothing left to do. Raises
    `MigrationRefused` when an applied file has changed since, or when the database is newer than the files or not UTF8.
    """
    migrations = read_migrations(folder or files("aftercart").joinpath("migrations"))
    _create_database_if_missing(url)
    with psycopg.connect(url, autocommit=True) as connection:
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise MigrationRefused(f"The database is encoded in {encoding}: make one with ENCODING 'UTF8'")
        with connection.transaction():
            _wait_for_other_migrators(connection)
            connection.execute("CREATE SCHEMA IF NOT EXISTS kit")
            connection.execute(
                """
                CREATE TABLE IF NOT EXISTS kit.migrations (
                    version integer PRIMARY KEY,
                    name text NOT NULL,
                    checksum text NOT NULL,
                    applied_at timestamptz NOT NULL DEFAULT now()
                )
                """
            )
        return [migration.name for migration in migrations if _apply(connection, migrations, migration)]


def read_migrations(folder: Traversable) -> Sequence[Migration]:
    """Read and number the files of `folder`; raises `MigrationRefused` for a wrong name, a gap or a doubled number."""
    migrations: list[Migration] = []
    for number, file in enumerate(sorted(folder.iterdir(), key=lambda file: file.name), start=1):
        match = _FILE_NAME.fullmatch(file.name)
        if match is None or int(match["version"]) != number:
            raise MigrationRefused(f"{file.name} should be named {number:04}_some_name.sql")
        text = file.read_text(encoding="utf-8")
        checksum = hashlib.sha256(text.encode()).hexdigest()
        migrations.append(Migration(version=number, name=file.name, text=text, checksum=checksum))
    return migrations


def _apply(connection: psycopg.Connection, migrations: Sequence[Migration], migration: Migration) -> bool:
    """Apply `migration` unless another process was first; tells whether it did."""
    with connection.transaction():
        _wait_for_other_migrators(connection)
        if _applied_version(connection, migrations) >= migration.version:
            return False
        connection.execute("SET LOCAL lock_timeout = '10s'")  # rather give up than queue all traffic behind us
        connection.execute("SET LOCAL statement_timeout = 0")
        connection.execute(migration.text.encode())
        connection.execute(
            "INSERT INTO kit.migrations (version, name, checksum) VALUES (%(version)s, %(name)s, %(checksum)s)",
            {"version": migration.version, "name": migration.name, "checksum": migration.checksum},
        )
    return True


def _applied_version(connection: psycopg.Connection, migrations: Sequence[Migration]) -> int:
    """Return the number of the last file applied, 0 when none is, after checking all of them."""
    applied = connection.execute("SELECT version, name, checksum FROM kit.migrations ORDER BY version").fetchall()
    known = {migration.version: migration for migration in migrations}
    for version, name, checksum in applied:
        if version not in known:
            raise MigrationRefused(f"The database was migrated by a newer Aftercart ({name}): upgrade Aftercart")
        if known[version].checksum != checksum:
            raise MigrationRefused(f"{name} was changed after it had been applied: add a new file instead")
    return applied[-1][0] if applied else 0


def _wait_for_other_migrators(connection: psycopg.Connection) -> None:
    connection.execute("SELECT pg_advisory_xact_lock(hashtext('aftercart migrations'))")


def _create_database_if_missing(url: str) -> None:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        database = conninfo_to_dict(url).get("dbname")
        with psycopg.connect(make_conninfo(url, dbname="postgres"), autocommit=True) as connection:
            query = "SELECT 1 FROM pg_catalog.pg_database WHERE datname = %(database)s"
            if database is None or connection.execute(query, {"database": database}).fetchone():
                return  # another process was first; any other fault shows again at the next connection
            try:
                connection.execute(SQL("CREATE DATABASE {} ENCODING 'UTF8'").format(Identifier(str(database))))
            except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                return  # another process was first
