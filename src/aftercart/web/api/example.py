"""One call of the story that the documentation tells."""

from typing import Any

import msgspec


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """One call of the story: of which route, with what, and which status it gets.

    ``on_order`` asks for the order that the example ``of`` placed, ``on_endpoint`` for the endpoint of
    ``erp_endpoint``, ``with_code`` puts in the code that ``code_by_mail`` asked for.
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
    on_endpoint: bool = False
    with_code: bool = False
