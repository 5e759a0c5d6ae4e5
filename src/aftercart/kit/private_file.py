"""Secrets kept in files that only their owner reads, made once and the same ever after."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def kept_text(path: Path, make: Callable[[], str]) -> str:
    """Returns the text in the file at ``path``, which is made from ``make`` where there is none yet, with mode 0600.

    Of several processes that make it at once, all return the text of the first.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _write_private(path, make())
    return path.read_text(encoding="ascii").strip()


def _write_private(path: Path, text: str) -> None:
    """Makes the file appear whole or not at all; when another process is first, its file stays."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{text}\n")
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
