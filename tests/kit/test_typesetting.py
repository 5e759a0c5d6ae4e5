"""Documents: what people typed stays text, letters that no font has stop nobody, the same content is the same file."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from tests.printed import Code, codes_on_pdf, metadata_of, pages_of

from aftercart.kit.barcodes import code128_svg, data_matrix_svg
from aftercart.kit.typesetting import Template

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TEXT = b"#let it = json(bytes(sys.inputs.content))\n#set document(title: it.text)\n#it.text\n"
CODES = (
    TEXT
    + b"""
#image(bytes(it.code), format: "svg", alt: "a code", width: 60mm, height: 15mm, fit: "stretch")
#v(10mm)
#image(bytes(it.matrix), format: "svg", alt: "a code", width: 20mm, height: 20mm)
"""
)


class Note(msgspec.Struct):
    text: str
    code: str = ""
    matrix: str = ""


def template(folder: Path, source: bytes = TEXT) -> Template:
    path = folder / "note.typ"
    path.write_bytes(source)
    return Template(path)


@pytest.mark.parametrize(
    "text", ["#panic()", "*bold* _it_ = $x$", "</script>", 'a "b" \\ c', "@ref <label>", "l'Œuvre"]
)
def test_what_people_typed_stays_text(text: str, tmp_path: Path) -> None:
    (page,) = pages_of(template(tmp_path).pdf(Note(text=text), at=AT))
    assert page.strip() == text


def test_the_document_follows_the_standard_for_accessibility(tmp_path: Path) -> None:
    pdf = template(tmp_path).pdf(Note(text="Bonjour"), at=AT)
    assert b"pdfuaid:part>1<" in pdf
    assert metadata_of(pdf)["Title"] == "Bonjour"


def test_a_letter_that_no_font_has_stops_nobody(tmp_path: Path) -> None:
    nobodys_letter = "\u0378"
    pdf = template(tmp_path).pdf(Note(text=f"for {nobodys_letter} you"), at=AT)
    assert b"pdfuaid:part" not in pdf
    assert b"/MarkInfo" in pdf, "it is tagged all the same"
    assert pages_of(pdf)[0].endswith("you")


def test_a_fault_of_the_template_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="unknown variable"):
        template(tmp_path, b"#nothing").pdf(Note(text="x"), at=AT)


def test_the_same_content_at_the_same_moment_is_the_same_file(tmp_path: Path) -> None:
    one, other = template(tmp_path), template(tmp_path)
    assert one.pdf(Note(text="a"), at=AT) == other.pdf(Note(text="a"), at=AT)
    assert one.pdf(Note(text="a"), at=AT) != one.pdf(Note(text="a"), at=AT + timedelta(days=1))


def test_many_threads_get_each_their_own_document(tmp_path: Path) -> None:
    one = template(tmp_path)
    texts = [f"number {number}" for number in range(40)]

    def page_with(text: str) -> bytes:
        return one.pdf(Note(text=text), at=AT)

    with ThreadPoolExecutor(8) as pool:
        documents = list(pool.map(page_with, texts))
    assert [pages_of(document) for document in documents] == [[text] for text in texts]


def test_a_scanner_reads_the_codes(tmp_path: Path) -> None:
    note = Note(text="x", code=code128_svg("CB473124829FR"), matrix=data_matrix_svg("P-7Q4K-1"))
    pdf = template(tmp_path, CODES).pdf(note, at=AT)
    assert codes_on_pdf(pdf) == [Code("Code 128", "CB473124829FR"), Code("Data Matrix", "P-7Q4K-1")]


def test_what_a_barcode_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="ASCII"):
        code128_svg("é")
    with pytest.raises(ValueError, match="empty"):
        code128_svg("")
    with pytest.raises(ValueError, match="too long"):
        data_matrix_svg("x" * 5_000)
