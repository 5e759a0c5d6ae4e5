"""Clicks on the same button, one after the other: the second finds the first one's answer instead of standing in it."""

import asyncio
from weakref import WeakValueDictionary


class Turns:
    """A lock for each key, for as long as somebody holds or awaits it."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, key: str) -> asyncio.Lock:
        """Returns the lock of a key."""
        return self._locks.setdefault(key, asyncio.Lock())
