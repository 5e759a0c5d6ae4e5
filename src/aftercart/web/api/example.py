"""One call of the story that the documentation tells."""

from typing import Any

import msgspec


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """One call of the story: of which route, with what, and which status it gets.

    A path that asks for an order gets the one that the example ``of`` placed, work on it at a ``place`` and its parcels
    likewise; one that asks for an endpoint gets that of ``erp_endpoint``, for a pick list the last that was made.
    ``with_code`` puts in the code that ``code_by_mail`` asked for.
    """

    route: str
    name: str
    summary: str
    status: int = 200
    query: dict[str, list[str]] = {}
    headers: dict[str, str] = {}
    body: Any = None
    of: str = "checkout"
    place: str = ""
    with_code: bool = False
