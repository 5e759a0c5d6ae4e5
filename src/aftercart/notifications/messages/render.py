"""A letter as text and as HTML; mail programs show the one they can."""

import textwrap
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from aftercart.notifications.messages.letter import Letter

TEXT_COLUMNS: Final = 76
_TEMPLATES: Final = Path(__file__).with_name("templates")


def render_text(letter: Letter) -> str:
    """Returns the letter as plain text, lines of prose at most ``TEXT_COLUMNS`` wide."""
    return _ENVIRONMENT.get_template("letter.txt").render(letter=letter)


def render_html(letter: Letter) -> str:
    """Returns the letter as a page that needs nothing from elsewhere; whatever a customer typed stays text."""
    return _ENVIRONMENT.get_template("letter.html").render(letter=letter)


def wrapped(text: str) -> str:
    """Returns prose broken into lines; a word that is longer than a line stays whole."""
    return textwrap.fill(text, TEXT_COLUMNS, break_long_words=False, break_on_hyphens=False)


def underlined(text: str) -> str:
    """Returns a title as text can show it."""
    return f"{text}\n{'-' * len(text)}"


def grouped(code: str) -> str:
    """Returns a code in two halves, as people read it out."""
    half = len(code) // 2
    return f"{code[:half]} {code[half:]}"


_ENVIRONMENT: Final = Environment(
    loader=FileSystemLoader(_TEMPLATES),
    autoescape=select_autoescape(("html",)),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_ENVIRONMENT.filters.update(wrapped=wrapped, underlined=underlined, grouped=grouped)
