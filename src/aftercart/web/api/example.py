"""One call of the story that the documentation tells."""

from typing import Any

import msgspec


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """One call of the story: of which route, with what, and which status it gets.

    ``on_order`` asks for the order that the example ``of`` placed.
    """

    route: str
    name: str
    summary: str
    status: int = 200
    query: dict[str, list[str]] = {}
    headers: dict[str, str] = {}
    body: Any = None
    on_order: bool = False
    of: str = "checkout"
