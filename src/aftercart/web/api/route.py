"""A route of the API: how it is called and carried out, and everything its documentation needs to know."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, Final, Literal

import msgspec

from aftercart.kit.commands import Command
from aftercart.kit.refusal import Refusal
from aftercart.web.api.call import Call
from aftercart.web.api.reply import Reply

_PARAMETER: Final = re.compile(r"{(\w+)}")
COMMAND_BYTES_MAX: Final = 1_000_000
DOCUMENT_BYTES_MAX: Final = 16_000_000
"""For calls that carry thousands of lines: variants, stock documents, batches of orders."""


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """One documented answer: its status, what it means, and the shape of its body (JSON unless ``media_type``)."""

    status: int
    meaning: str
    shape: Any
    media_type: str = "application/json"
    has_etag: bool = False


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """One method of one path. ``command`` is the wish it carries to the bus, if it does.

    ``body`` and ``query`` are the types of what is sent. ``refusals`` are those worth telling the reader; every route
    may also answer 401, 403, 500 and 503. ``anonymous`` routes need no key.
    """

    name: str
    method: Literal["GET", "POST"]
    path: str
    tag: str
    summary: str
    description: str = ""
    handle: Callable[[Call], Awaitable[Reply]]
    command: type[Command] | None = None
    body: Any = None
    query: Any = None
    answers: tuple[Answered, ...]
    refusals: tuple[type[Refusal], ...] = ()
    key: Literal["required", "optional", "unused"] = "unused"
    anonymous: bool = False
    bytes_max: int = COMMAND_BYTES_MAX

    @property
    def parameters(self) -> tuple[str, ...]:
        """Returns the names of the parameters in its path."""
        return tuple(_PARAMETER.findall(self.path))
