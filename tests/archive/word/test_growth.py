"""However much of one kind a Word file has, it is rewritten in linear time."""

from __future__ import annotations

import io
import zipfile

import pytest

from archive.reading.word.conversion import convert
from archive.reading.word.package import Package
from tests.archive.word.builder import ALL, chart, content, new, run, text_box
from tests.growth import is_linear

WORD = run("一")
PIECES = {
    "paragraphs": f"<w:p>{WORD}</w:p>",
    "deleted marks": f'<w:p><w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr>{WORD}</w:p>',
    "hidden runs": f"<w:p>{run('一', '<w:vanish/>')}{WORD}</w:p>",
    "numbers": f'<w:p><w:pPr><w:pStyle w:val="ListNumber"/></w:pPr>{WORD}</w:p>',
    "boxes": f"<w:p>{text_box(f'<w:p>{WORD}</w:p>')}</w:p>",
    "drop caps": f'<w:p><w:pPr><w:framePr w:dropCap="drop"/></w:pPr>{WORD}</w:p>',
    "controls": f"<w:sdt><w:sdtContent><w:p>{WORD}</w:p></w:sdtContent></w:sdt>",
    "charts": f"<w:p>{chart()}</w:p>",
    "tables": f"<w:tbl><w:tr><w:tc><w:p>{WORD}</w:p></w:tc></w:tr></w:tbl>",
}


@pytest.mark.slow
@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES.keys())
def test_a_document_is_rewritten_in_linear_time(piece: str) -> None:
    with zipfile.ZipFile(io.BytesIO(content(new()))) as package:
        parts = {name: package.read(name) for name in package.namelist()}

    def made(size: int) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as package:
            for name, part in {**parts, "word/document.xml": _document(piece * size)}.items():
                package.writestr(name, part)
        return out.getvalue()

    assert is_linear(lambda data: convert(Package(data)), made, of=500)


def _document(body: str) -> bytes:
    return f"<w:document {ALL}><w:body>{body}</w:body></w:document>".encode()
