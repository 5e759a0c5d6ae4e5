"""Sentences: what refusals and events are called in each language; the only place where the core speaks prose."""

from typing import Final, Literal

from aftercart.kit.refusal import Refusal

Language = Literal["en", "fr"]

LANGUAGES: Final[tuple[Language, ...]] = ("en", "fr")


def refusal_sentence(refusal: Refusal, language: Language) -> str:
    """Returns why a wish was refused, as a sentence."""
    return str(refusal) + language


def event_sentence(event_type: str, event: dict[str, object], language: Language) -> str:
    """Returns what happened, as a sentence."""
    return event_type + language
