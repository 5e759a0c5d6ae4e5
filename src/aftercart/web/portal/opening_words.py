"""Opening hours as people read them, from how OpenStreetMap writes them."""

import re
from typing import Final

from aftercart.sentences import Language

_WORD: Final = re.compile(r"[A-Z][A-Za-z]|off|closed|24/7")
_WORDS: Final[dict[Language, dict[str, str]]] = {
    "en": {
        "Mo": "Mon", "Tu": "Tue", "We": "Wed", "Th": "Thu", "Fr": "Fri", "Sa": "Sat", "Su": "Sun",
        "PH": "public holidays", "off": "closed", "24/7": "always",
    },
    "fr": {
        "Mo": "lun", "Tu": "mar", "We": "mer", "Th": "jeu", "Fr": "ven", "Sa": "sam", "Su": "dim",
        "PH": "jours fériés", "off": "fermé", "closed": "fermé", "24/7": "toujours",
    },
}  # fmt: skip


def opening_words(hours: str, language: Language) -> str:
    """Returns the hours with days in words: ``Mo-Fr 09:00-19:00; Su off`` is ``Mon-Fri 09:00-19:00; Sun closed``."""
    words = _WORDS[language]
    told = _WORD.sub(lambda match: words.get(match.group(), match.group()), hours)
    return ", ".join(part.strip() for part in told.split(","))
