"""Sentences: what refusals and events are called in each language; the only place where the core speaks prose."""

from aftercart.sentences.promises import step_sentence
from aftercart.sentences.telling import LANGUAGES, Language, event_sentence, label, refusal_sentence

__all__ = ["LANGUAGES", "Language", "event_sentence", "label", "refusal_sentence", "step_sentence"]
