"""Documents set from templates: content in, PDF out, tagged so that a screen reader can follow it."""

import threading
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import msgspec
import typst

if TYPE_CHECKING:
    from typst import PDFStandard

_ACCESSIBLE: Final = "ua-1"


class Template:
    """A Typst template; it reads its content as JSON from ``sys.inputs.content`` and no file outside its folder.

    What people typed stays text, whatever it looks like. Letters that the fonts of Typst lack come from the machine's.
    One document is set at a time; setting one takes some milliseconds, so ask for it outside the event loop.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._compiler: typst.Compiler | None = None

    def pdf(self, content: msgspec.Struct, *, at: datetime) -> bytes:
        """Returns the document as PDF/UA-1, dated ``at``: the same bytes for the same content and moment.

        With a letter that no font of this machine has, the document is tagged all the same and shows a box there, which
        the standard does not allow.
        """
        with self._lock:
            try:
                return self._set(content, at=at, standards=[_ACCESSIBLE])
            except typst.TypstError as fault:
                if "could not be displayed" not in str(fault):
                    raise
                return self._set(content, at=at, standards=[])

    def _set(self, content: msgspec.Struct, *, at: datetime, standards: "list[PDFStandard]") -> bytes:
        if self._compiler is None:
            self._compiler = typst.Compiler(self._path, root=self._path.parent, font_paths=_fonts())
        inputs = {"content": msgspec.json.encode(content).decode()}
        document = self._compiler.compile(
            format="pdf", sys_inputs=inputs, pdf_standards=standards, timestamp=int(at.timestamp())
        )
        return cast("bytes", document)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts()
