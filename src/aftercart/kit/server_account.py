"""Finds the system account that PostgreSQL runs as, because PostgreSQL refuses to run as root."""

import os
import pwd
import stat
import subprocess
from pathlib import Path
from typing import Final

import msgspec

ACCOUNT_NAME: Final = "aftercart"


class EmbeddedPostgresFailed(Exception):
    """The embedded PostgreSQL could not be prepared, started or stopped; the message says why and what to do."""


class ServerAccount(msgspec.Struct, frozen=True, kw_only=True):
    """User and group ids to run the server's programs as; both None: the account of this process."""

    user: int | None = None
    group: int | None = None

    @property
    def extra_groups(self) -> tuple[int, ...] | None:
        """The supplementary groups: none for another account, unchanged for our own."""
        return None if self.user is None else ()

    def take_ownership(self, path: Path) -> None:
        """Give `path` to this account."""
        if self.user is not None and self.group is not None:
            os.chown(path, self.user, self.group)

    def open_the_way_to(self, path: Path) -> None:
        """Let this account pass through every folder above `path`: adds o+x where it is missing, nothing more."""
        if self.user is not None:
            for folder in path.parents:
                if folder.stat().st_uid != self.user:
                    _add_mode(folder, stat.S_IXOTH)

    def open_program_files(self, folder: Path) -> None:
        """Let this account read and run what was installed in `folder`, also under a strict umask."""
        if self.user is None:
            return
        for path in (folder, *folder.rglob("*")):
            is_executable = path.stat().st_mode & stat.S_IXUSR
            _add_mode(path, stat.S_IROTH | (stat.S_IXOTH if is_executable else 0))


def choose_account(cluster_dir: Path) -> ServerAccount:
    """Choose who runs the server of `cluster_dir`: ourselves; or, when we are root, its owner or a system user.

    The system user `aftercart` is made when it is missing. Raises `EmbeddedPostgresFailed` when that is impossible, or
    when the files belong to somebody else.
    """
    owner = cluster_dir.stat() if cluster_dir.exists() else None
    if os.geteuid() != 0:
        if owner is not None and owner.st_uid != os.geteuid():
            raise EmbeddedPostgresFailed(
                f"{cluster_dir} belongs to another user: run as that user, or choose another AFTERCART_DATA_DIR"
            )
        return ServerAccount()
    if owner is not None and owner.st_uid != 0:
        return ServerAccount(user=owner.st_uid, group=owner.st_gid)
    entry = _find_account() or _make_account()
    return ServerAccount(user=entry.pw_uid, group=entry.pw_gid)


def _find_account() -> pwd.struct_passwd | None:
    return next((entry for entry in pwd.getpwall() if entry.pw_name == ACCOUNT_NAME), None)


def _make_account() -> pwd.struct_passwd:
    command = ("useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT_NAME)
    try:
        outcome = subprocess.run(command, capture_output=True, text=True, check=False)
        complaint = outcome.stderr.strip()
    except FileNotFoundError as missing:
        complaint = str(missing)
    entry = _find_account()  # looked up again: another process may have been first
    if entry is None:
        raise EmbeddedPostgresFailed(
            f"PostgreSQL refuses to run as root and the system user {ACCOUNT_NAME!r} cannot be made ({complaint}): "
            "run as an ordinary user, or set AFTERCART_DATABASE_URL"
        )
    return entry


def _add_mode(path: Path, bits: int) -> None:
    mode = path.stat().st_mode
    if mode & bits != bits:
        path.chmod(stat.S_IMODE(mode) | bits)
