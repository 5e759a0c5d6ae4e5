"""The folder of a test run: what it keeps while it runs, and how that goes away, also after a run that was killed."""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final
from uuid import uuid4

import psutil
import psycopg

from aftercart.kit.embedded_postgres import EmbeddedPostgres

_PREFIX: Final = "aftercart-tests-"


def make_run_dir() -> Path:
    """Make the folder of the run that this process controls."""
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))


def template_name(run_dir: Path) -> str:
    """Return the name of the database that the tests of a run copy theirs from."""
    return f"template_{run_dir.name.replace('-', '_')}"


def remove_run_dir(run_dir: Path) -> None:
    """Stop the servers of a run and remove its folder; raises `FileNotFoundError` when another process did so first."""
    for running in run_dir.rglob("postgres/postmaster.pid"):
        EmbeddedPostgres(running.parent.parent).stop()
    # Of two that remove it at once, one gets it; the name tells who is at it, so that nobody else tries.
    mine = run_dir.rename(run_dir.with_name(f"{_PREFIX}{os.getpid()}-{uuid4().hex}"))
    given = os.environ.get("AFTERCART_TEST_DATABASE_URL")
    if given:
        with psycopg.connect(given, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {template_name(run_dir)}".encode())
    shutil.rmtree(mine)


def remove_left_over_run_dirs() -> None:
    """Remove the folders of runs that were killed before they could do so; another run may be doing the same."""
    for run_dir in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        controller = int(run_dir.name.removeprefix(_PREFIX).partition("-")[0])
        with contextlib.suppress(FileNotFoundError):
            if run_dir.stat().st_uid == os.geteuid() and not psutil.pid_exists(controller):
                remove_run_dir(run_dir)
