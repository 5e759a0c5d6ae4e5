"""The examples of the documentation: the calls of the story, with the answers a real shop gave when a test told it."""

from pathlib import Path
from typing import Any, Final

import msgspec

from aftercart.web.api.example import Example
from aftercart.web.api.example_story import STORY

_ANSWERS: Final = Path(__file__).with_name("example_answers.json")


class RecordedAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a call of the story was answered when it was last recorded; ``path`` is what stood in its path."""

    path: dict[str, str] = {}
    answer: Any


class RecordedExample(msgspec.Struct, frozen=True, kw_only=True):
    """A call with its answer."""

    example: Example
    path: dict[str, str]
    answer: Any


def recorded_examples() -> tuple[RecordedExample, ...]:
    """Returns the story with the answers of its last recording; a call not recorded yet has none."""
    answers = msgspec.json.decode(_ANSWERS.read_bytes(), type=dict[str, RecordedAnswer])
    unknown = RecordedAnswer(answer=None)
    return tuple(
        RecordedExample(
            example=example,
            path=answers.get(example.name, unknown).path,
            answer=answers.get(example.name, unknown).answer,
        )
        for example in STORY
    )


def record_answers(answers: dict[str, RecordedAnswer]) -> None:
    """Keeps the answers of a story told anew."""
    _ANSWERS.write_bytes(msgspec.json.format(msgspec.json.encode(answers), indent=1) + b"\n")
