"""What one language has to say: a sentence for everything that is refused or happens, a name for every value."""

import re
from collections.abc import Mapping
from typing import Literal

import msgspec


class Tables(msgspec.Struct, frozen=True, kw_only=True):
    """The tables of one language.

    Sentences are templates over the values of their refusal or event; ``{lines_count}`` is how many ``lines`` there
    are, in words of ``counts`` (one, many); ``{lines_list}`` is each of them by its template in ``entries``, and
    ``{units}`` how many units the event moves. ``expected`` turns the phrases of ``Invalid``, which are English,
    into this language. ``steps`` are those of a promise by their kind, and by their reason or range after a dot.
    ``unknown`` stands for a date nobody knows. ``only_price`` is said where a quantity stayed and its price did not,
    ``only_promise`` where a promise moved and nothing is waited for, ``touched`` where a hand was faster, and when.
    """

    language: Literal["en", "fr"]
    body: str
    refusals: Mapping[str, str]
    events: Mapping[str, str]
    only_price: str
    only_promise: str
    touched: str
    labels: Mapping[str, Mapping[str, str]]
    counts: Mapping[str, tuple[str, str]]
    entries: Mapping[str, str]
    unknown: str
    singular: frozenset[int]
    expected: tuple[tuple[re.Pattern[str], str], ...]
    steps: Mapping[str, str]
