"""What every test may ask for: above all a migrated database of its own on a real PostgreSQL."""

import fcntl
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import hypothesis
import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from tests.run_dirs import make_run_dir, remove_left_over_run_dirs, remove_run_dir, template_name

from aftercart.kit.embedded_postgres import EmbeddedPostgres
from aftercart.kit.migrate import migrate
from aftercart.views.audit import audit

RUN_DIR_VARIABLE = "AFTERCART_TEST_RUN_DIR"
SHARED_SERVER = "shared-server"
# A test's database need not survive a power cut; what tests kill is a process, and that it survives.
FAST_SETTINGS = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "128MB", "max_connections": "200"}

SOAK = "AFTERCART_SOAK" in os.environ
# A property test tells how to see its failure again: by the same seed every time, or by the blob it prints.
hypothesis.settings.register_profile(
    "aftercart", deadline=None, derandomize=not SOAK, print_blob=True, max_examples=2_000 if SOAK else 100
)
hypothesis.settings.load_profile("aftercart")


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder that all workers of this run share; they learn of it from the environment."""
    config.addinivalue_line("markers", "broken_on_purpose: this test leaves a database that the audit would refuse")
    if not hasattr(config, "workerinput"):
        remove_left_over_run_dirs()
        os.environ[RUN_DIR_VARIABLE] = str(make_run_dir())
        os.environ["PYTEST_DEBUG_TEMPROOT"] = os.environ[RUN_DIR_VARIABLE]  # `tmp_path` is made there too


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what this run started."""
    if not hasattr(config, "workerinput"):
        remove_run_dir(_run_dir())


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """Run asynchronous tests and fixtures on the event loop that the server uses."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(scope="session")
def share() -> Callable[[int], int]:
    """How much of a long test to run: `share(20)` is 20 in `make soak` and 2 in `make test`."""
    divisor = 1 if SOAK else 10
    return lambda full: max(1, full // divisor)


@pytest.fixture(scope="session")
def server_url() -> Generator[str]:
    """The URL of a PostgreSQL to make databases on: AFTERCART_TEST_DATABASE_URL, or one server for the whole run."""
    given = os.environ.get("AFTERCART_TEST_DATABASE_URL")
    if given:
        yield given
        return
    with EmbeddedPostgres(_run_dir() / SHARED_SERVER, settings=FAST_SETTINGS) as server:
        yield server.url("postgres")


@pytest.fixture(scope="session")
def template_database(server_url: str) -> str:
    """The name of a migrated database that tests copy theirs from; migrated once per run."""
    name = template_name(_run_dir())
    with (_run_dir() / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = _run_dir() / "template.done"
        if not done.exists():
            migrate(make_conninfo(server_url, dbname=name))
            done.touch()
    return name


@pytest.fixture
def database_url(server_url: str, template_database: str, request: pytest.FixtureRequest) -> Generator[str]:
    """The URL of a migrated database of this test's own; the audit runs over it when the test is done.

    Only a test marked `broken_on_purpose` may leave a database that does not add up.
    """
    with copied_database(server_url, template_database) as url:
        yield url
        if request.node.get_closest_marker("broken_on_purpose") is None:
            after_database_test(url)


@pytest.fixture
def own_postgres() -> Generator[EmbeddedPostgres]:
    """A running server of this test's own, for tests that kill it; its database `aftercart` is not made yet."""
    with EmbeddedPostgres(_run_dir() / f"server-{uuid4().hex}", settings=FAST_SETTINGS) as server:
        yield server


@contextmanager
def copied_database(server_url: str, template: str) -> Generator[str]:
    """Make a database as a copy of `template`, lend its URL, and drop it in the end."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
    try:
        yield make_conninfo(server_url, dbname=name)
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def after_database_test(url: str) -> None:
    """Check what must hold in every database after every test, every order folded from its events."""
    assert audit(url).failed == ()


def _run_dir() -> Path:
    return Path(os.environ[RUN_DIR_VARIABLE])
