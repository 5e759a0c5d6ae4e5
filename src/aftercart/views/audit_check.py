"""The shape of a check: a sentence that must be true, and the question that finds what breaks it."""

from typing import LiteralString

import msgspec


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One invariant; its name is the sentence that must be true."""

    name: str
    sql: LiteralString
