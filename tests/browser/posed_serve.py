"""Starts `aftercart` on the same morning with the same numbers each time, so that pictures change only with the pages.

python posed_serve.py serve --demo ...
"""

import time
from datetime import UTC, datetime, timedelta
from typing import Final

from aftercart import shop
from aftercart.cli import main
from aftercart.kit.ids import SeededIds

MORNING: Final = datetime(2026, 3, 3, 9, 20, tzinfo=UTC)
SEED: Final = 7


class PosedClock:
    """The machine's clock, as if it had been started on that morning."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    def now(self) -> datetime:
        """Returns the present moment."""
        return MORNING + timedelta(seconds=time.monotonic() - self._started)


class PosedIds(SeededIds):
    """The same numbers each time."""

    def __init__(self) -> None:
        super().__init__(SEED)


if __name__ == "__main__":
    shop.__dict__.update(SystemClock=PosedClock, RandomIds=PosedIds)
    main()
