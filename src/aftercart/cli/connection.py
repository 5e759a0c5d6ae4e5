"""Finds the database that a subcommand works on, and has it running and migrated while the subcommand runs."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Group, Parameter

from aftercart.kit.embedded_postgres import EmbeddedPostgres
from aftercart.kit.migrate import migrate
from aftercart.settings import SettingRefused, Settings, load_settings

DATABASE_GROUP = Group("Database")


@Parameter(name="*", group=DATABASE_GROUP)
@dataclass(frozen=True, kw_only=True)
class DatabaseOptions:
    """Which database to work on. A dataclass, because cyclopts reads no msgspec structs."""

    database_url: Annotated[str | None, Parameter(help="A PostgreSQL 15 to 18. [env: AFTERCART_DATABASE_URL]")] = None
    data_dir: Annotated[
        Path | None,
        Parameter(help="Where the embedded PostgreSQL keeps its data. [env: AFTERCART_DATA_DIR, else ./.aftercart]"),
    ] = None


class RunningDatabase(msgspec.Struct, frozen=True, kw_only=True):
    """A database that answers at `url`; `embedded` is the server to supervise, None when somebody else runs it."""

    url: str
    embedded: EmbeddedPostgres | None = None
    settings: Settings


@contextmanager
def running_database(options: DatabaseOptions | None = None) -> Generator[RunningDatabase]:
    """Have the chosen database running: an option wins over the environment, that over aftercart.toml.

    The embedded server is started when nobody has, and stopped at the end when nobody else uses it.
    """
    chosen = options or DatabaseOptions()
    if chosen.database_url and chosen.data_dir:
        raise SettingRefused("--database-url and --data-dir exclude each other")
    settings = load_settings()
    if chosen.data_dir is None and (url := chosen.database_url or settings.database_url):
        yield RunningDatabase(url=url, settings=settings)
        return
    with EmbeddedPostgres(chosen.data_dir or settings.data_dir) as embedded:
        yield RunningDatabase(url=embedded.url(), embedded=embedded, settings=settings)


@contextmanager
def migrated_database(options: DatabaseOptions | None = None) -> Generator[RunningDatabase]:
    """Have the chosen database running and in the shape this version expects."""
    with running_database(options) as database:
        migrate(database.url)
        yield database
