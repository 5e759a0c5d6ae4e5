"""Secrets kept in files that only their owner reads, made once and the same ever after."""

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def kept_text(path: Path, make: Callable[[], str]) -> str:
    """Returns the text in the file at ``path``, which is made from ``make`` where there is none yet, with mode 0600.

    Of several that make it at once, all return the text of the first.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _write_private(path, make())
    return path.read_text(encoding="ascii").strip()


def _write_private(path: Path, text: str) -> None:
    """Makes the file appear whole or not at all; when somebody else is first, that file stays."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")  # readable by its owner only
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{text}\n")
    with suppress(FileExistsError):
        os.link(draft, path)
    Path(draft).unlink()
