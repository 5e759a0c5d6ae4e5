"""All a carrier ever did, one line after the other in a file; what it knows is read from there.

A line is written before the answer leaves, so that a carrier that was killed knows all it ever answered. A line that
was cut off is one that nobody was answered for, and is forgotten.
"""

import fcntl
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final, Self

import msgspec

from aftercart.integrations.sandbox.carrier.marks import Mark
from aftercart.shipping.ports import LabelRequest, TrackingEvent

FILE: Final = "journal.jsonl"


class Bought(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A label was made and billed."""

    request: LabelRequest
    tracking_number: str
    price_minor: int
    at: datetime


class Voided(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A key is not to be used any more."""

    key: str
    at: datetime


class HandedOver(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The carrier has these parcels."""

    tracking_numbers: tuple[str, ...]
    at: datetime


class Told(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Something that was planned as the so-many-th may be asked for from now on."""

    plan: int
    event: TrackingEvent


class Faulted(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A fault that was asked for happened to a ``call`` (``buy``, ``void``) with a key."""

    call: str
    key: str
    mark: Mark


Entry = Bought | Voided | HandedOver | Told | Faulted
_DECODER: Final = msgspec.json.Decoder(Entry)


class JournalInUse(Exception):
    """Another carrier writes to this journal."""


class Journal:
    """The file in a folder, for one carrier at a time; close it with ``with``. Raises ``JournalInUse``."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(folder / FILE, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._descriptor)
            raise JournalInUse(str(folder)) from error
        self.entries = read_journal(folder)
        """What was in it when it was opened."""
        os.ftruncate(self._descriptor, _whole_bytes((folder / FILE).read_bytes()))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)

    def write(self, entries: Iterable[Entry]) -> None:
        """Appends entries in their order; what is written outlives this process, not a power cut."""
        left = b"".join(msgspec.json.encode(entry) + b"\n" for entry in entries)
        while left:
            left = left[os.write(self._descriptor, left) :]


def read_journal(folder: Path) -> list[Entry]:
    """Returns what a carrier did, the oldest first; its journal may be open, and is not there before it began."""
    path = folder / FILE
    if not path.exists():
        return []
    content = path.read_bytes()
    return [_DECODER.decode(line) for line in content[: _whole_bytes(content)].splitlines()]


def _whole_bytes(content: bytes) -> int:
    return content.rfind(b"\n") + 1
