"""What a check of the audit is: one question to the database per invariant.

A statement returns the offenders it found as ``(how many in all, subject, detail)``, at most five of them, and no row
when all is well.
"""

from typing import LiteralString

import msgspec


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One invariant; its name is the sentence that must be true."""

    name: str
    sql: LiteralString
