"""A letter: a message as its reader sees it, every amount and day in words, before it becomes text and HTML."""

import msgspec


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Something with its amount or its words; ``note`` explains it in small print."""

    label: str
    value: str
    note: str | None = None


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the order with what it costs; ``details`` are its quantity, discount, gift message and the like."""

    name: str
    details: tuple[str, ...]
    amount: str


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is different now."""

    what: str
    before: str
    after: str


class Recap(msgspec.Struct, frozen=True, kw_only=True):
    """The whole order: what, how much, where to, and when."""

    title: str
    items: tuple[Item, ...]
    sums: tuple[Row, ...]
    total: Row
    taxes: tuple[Row, ...]
    facts: tuple[Row, ...]


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A heading with sentences below it."""

    title: str
    sentences: tuple[str, ...]


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """Everything in a message, from top to bottom; what is empty is left out.

    ``before`` and ``now`` name the two sides of ``differences``; ``colon`` is what stands between a word and what it
    introduces, as the language writes it. ``link`` opens the order's page.
    """

    language: str
    shop: str
    subject: str
    heading: str
    greeting: str
    number: str
    colon: str
    sentences: tuple[str, ...] = ()
    code: str | None = None
    differences_title: str = ""
    before: str = ""
    now: str = ""
    differences: tuple[Difference, ...] = ()
    sections: tuple[Section, ...] = ()
    recap: Recap | None = None
    button: str = ""
    link: str | None = None
    small_print: tuple[str, ...] = ()
