"""Looks at, stops and buries the PostgreSQL processes of one data directory."""

import atexit
import hashlib
import logging
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Final

import msgspec
import psutil

STOP_SECONDS_MAX: Final = 60
PAUSE_SECONDS: Final = 0.02

_logger = logging.getLogger(__name__)
_children: list[subprocess.Popen[bytes]] = []


class Postmaster(msgspec.Struct, frozen=True, kw_only=True):
    """What a living server says of itself in its file `postmaster.pid`."""

    pid: int
    socket_dir: Path | None
    is_ready: bool


def cluster_name(cluster_dir: Path) -> str:
    """Return the name that all processes of this data directory show in the process list."""
    return f"aftercart-{hashlib.sha256(os.fsencode(cluster_dir)).hexdigest()[:16]}"


def find_postmaster(cluster_dir: Path) -> Postmaster | None:
    """Return the living server of this data directory, ready or still starting; None when there is none."""
    try:
        lines = (cluster_dir / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    is_still_being_written = len(lines) < 5
    if is_still_being_written or not is_alive(int(lines[0]), cluster_dir):
        return None
    is_ready = len(lines) > 7 and lines[7].strip() == "ready"
    socket_dir = Path(lines[4]) if lines[4] else None  # empty while the server starts
    return Postmaster(pid=int(lines[0]), socket_dir=socket_dir, is_ready=is_ready)


def is_alive(pid: int, cluster_dir: Path) -> bool:
    """Tell whether `pid` is a living PostgreSQL process of this data directory.

    Ids of dead processes are given again, so the command line is compared too. It is readable for everybody, unlike the
    working directory, which root in a container may not see.
    """
    for child in _children:
        child.poll()
    try:
        process = psutil.Process(pid)
        if process.name() != "postgres" or process.status() == psutil.STATUS_ZOMBIE:
            return False
        return cluster_name(cluster_dir) in " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return False


def adopt(child: subprocess.Popen[bytes]) -> None:
    """Remember a server that this process started, so that it is waited for when it dies, whoever needs to know."""
    _children.append(child)


@atexit.register
def _let_go() -> None:
    # A server outlives whoever started it while others hold a handle: that is meant, and no reason for Popen to warn.
    for child in _children:
        if child.poll() is None:
            child.returncode = 0


def terminate(cluster_dir: Path, *, socket_dir: Path) -> None:
    """Stop the server in order, or harder when that takes longer than `STOP_SECONDS_MAX`; leaves no process behind."""
    for fast_then_immediate_shutdown in (signal.SIGINT, signal.SIGQUIT):
        postmaster = find_postmaster(cluster_dir)
        if postmaster is None:
            break
        os.kill(postmaster.pid, fast_then_immediate_shutdown)
        for _ in range(int(STOP_SECONDS_MAX / PAUSE_SECONDS)):
            if not is_alive(postmaster.pid, cluster_dir):
                break
            time.sleep(PAUSE_SECONDS)
    clear_remains(cluster_dir, socket_dir=socket_dir)


def clear_remains(cluster_dir: Path, *, socket_dir: Path) -> None:
    """Kill what a dead server left behind, so that the next one finds shared memory and lock files free.

    The backends of a killed server live on until they look up, and a killed server that its parent has not waited for
    still counts as running in PostgreSQL's own check of its two lock files.
    """
    orphans = [pid for pid in psutil.pids() if is_alive(pid, cluster_dir)]
    for pid in orphans:
        _logger.warning("killing the orphaned PostgreSQL process %d", pid)
        _kill(pid)
    while any(is_alive(pid, cluster_dir) for pid in orphans):
        time.sleep(PAUSE_SECONDS)
    (cluster_dir / "postmaster.pid").unlink(missing_ok=True)
    (socket_dir / ".s.PGSQL.5432.lock").unlink(missing_ok=True)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        _logger.info("the orphaned PostgreSQL process %d went by itself", pid)
