"""A folder of mails, one file each, the newest of them kept."""

import hashlib
import re
from datetime import datetime
from pathlib import Path
from typing import Final

MAILS_KEPT: Final = 500
_NAME: Final = re.compile(r"[0-9]{8}T[0-9]{12}-[0-9a-f]{16}")


class MailFolder:
    """Keeps mails as files named after their arrival; the name without its ending is the mail's id."""

    def __init__(self, path: Path, *, kept: int = MAILS_KEPT) -> None:
        self._path = path
        self._kept = kept

    def keep(self, content: bytes, *, message_id: str, at: datetime) -> None:
        """Keeps a mail; one that comes again under the same Message-ID is kept once, as mail programs show it."""
        self._path.mkdir(parents=True, exist_ok=True)
        digest = hashlib.blake2b(message_id.encode(), digest_size=8).hexdigest()
        if any(self._path.glob(f"*-{digest}.eml")):
            return
        name = f"{at:%Y%m%dT%H%M%S%f}-{digest}"
        draft = self._path / f"{name}.draft"
        draft.write_bytes(content)
        draft.rename(self._path / f"{name}.eml")
        for old in self.ids()[self._kept :]:
            (self._path / f"{old}.eml").unlink(missing_ok=True)

    def ids(self) -> list[str]:
        """Returns the ids of all mails, the newest first."""
        return sorted((path.stem for path in self._path.glob("*.eml")), reverse=True)

    def find(self, mail_id: str) -> bytes | None:
        """Returns a mail as it came, ``None`` when there is none of this id."""
        path = self._path / f"{mail_id}.eml"
        if not _NAME.fullmatch(mail_id) or not path.exists():
            return None
        return path.read_bytes()
