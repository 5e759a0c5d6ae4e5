"""How a day is said where the calendar of the formatter does not know: French counts the first of a month."""

import re
from typing import Final

_FIRST: Final = re.compile(r"\b1(?= \w+)")
_FRENCH: Final = "fr"


def with_first(day: str, locale: str) -> str:
    """Returns a day with the name of its month as ``locale`` says it: ``vendredi 1er mai``, ``1er mai 2026``."""
    return _FIRST.sub("1er", day, count=1) if locale.startswith(_FRENCH) else day
