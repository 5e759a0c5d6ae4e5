"""Opening a CSV file, compressed with gzip or not, and reading the lines of one that has a header."""

import csv
import gzip
import zlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TextIO

import msgspec

_GZIP_MAGIC: Final = b"\x1f\x8b"
_DELIMITERS: Final = (";", "\t", ",")


class FileRefused(Exception):
    """The file is not what it should be, or it is damaged; the message says what is wrong, and where."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line below the header: where it stands in the file, and its fields by column, without spaces around them."""

    number: int
    fields: dict[str, str]


@contextmanager
def opened(path: Path) -> Generator[TextIO]:
    """Opens a text file, whether it is compressed or not; what is damaged inside becomes ``FileRefused``."""
    with path.open("rb") as raw:
        compressed = raw.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC
    try:
        with (
            gzip.open(path, "rt", encoding="utf-8-sig", newline="")
            if compressed
            else path.open(encoding="utf-8-sig", newline="")
        ) as text:
            yield text
    except (gzip.BadGzipFile, EOFError, zlib.error, UnicodeDecodeError) as fault:
        raise FileRefused(f"{path} is damaged: {fault}") from fault


def read_lines(path: Path, *, columns: Sequence[str]) -> Iterator[Line]:
    """Yields the lines of a CSV file with a header, split at commas, semicolons or tabs, whichever the header has.

    Raises ``FileRefused`` when a column is missing or the file is damaged. Other columns are read too.
    """
    with opened(path) as text:
        header = text.readline()
        delimiter = next((sign for sign in _DELIMITERS if sign in header), ",")
        names = [name.strip() for row in csv.reader([header], delimiter=delimiter) for name in row]
        missing = [column for column in columns if column not in names]
        if missing:
            raise FileRefused(f"{path} has no column {', '.join(missing)}")
        reader = csv.reader(text, delimiter=delimiter)
        try:
            for fields in reader:
                if any(field.strip() for field in fields):
                    yield _line(path, reader.line_num + 1, names, fields)
        except csv.Error as fault:
            raise FileRefused(f"{path}, line {reader.line_num + 1}: {fault}") from fault


def _line(path: Path, number: int, names: list[str], fields: list[str]) -> Line:
    if len(fields) > len(names):
        raise FileRefused(f"{path}, line {number}: {len(fields)} fields where the header has {len(names)}")
    return Line(number=number, fields={name: field.strip() for name, field in zip(names, fields, strict=False)})
