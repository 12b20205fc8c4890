"""PDF files, workbooks, saved pages and zips that were made to take for ever, or all memory, are refused in words."""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence

import pytest

from archive.limited import LimitedProcess
from archive.reading import read_weeks
from archive.reading.members import members, upload_entry
from archive.refusal import ImportRefused
from tests.tiers import thinned

pytestmark = pytest.mark.slow

TOO_COMPLEX = "这份内容太大或太复杂.*请分成几份"
BROKEN = "这个 PDF 坏了，打不开。请重新导出"
NO_PAGE = "没有找到网页。请在浏览器里打开它"
NO_TEXT = "这个 PDF 里没有文字。请用"


def pdf(objects: Sequence[bytes]) -> bytes:
    """A PDF of these objects, the first of which is the catalogue."""
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.7\n")
    for number, content in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, content))
    table, size = out.tell(), len(objects) + 1
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, table))
    return out.getvalue()


def stream(content: bytes, entries: bytes = b"") -> bytes:
    packed = zlib.compress(content, 9)
    return b"<</Length %d/Filter/FlateDecode%b>>stream\n%b\nendstream" % (len(packed), entries, packed)


CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>"


def page(content: bytes, *others: bytes, resources: bytes = b"") -> bytes:
    one = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>%b>>>>"
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    tree = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    return pdf([CATALOGUE, tree, one % resources, stream(content), font, *others])


def deep_tree(depth: int) -> bytes:
    nodes = (b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (number + 1) for number in range(2, depth))
    return pdf([CATALOGUE, *nodes, b"<</Type/Page/MediaBox[0 0 9 9]>>"])


def workbook(sheet: bytes, padding: int = 0) -> bytes:
    """A workbook of one sheet; `padding` bytes beside it make the whole look packed as usual."""
    kinds = "http://schemas.openxmlformats.org/package/2006/content-types"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    related = '<Relationships xmlns="{}"><Relationship Id="r1" Type="{}/{}" Target="{}"/></Relationships>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", f'<Types xmlns="{kinds}"/>')
        package.writestr(
            "_rels/.rels", related.format(relations, office, "officeDocument", "xl/workbook.xml")
        )
        package.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        package.writestr(
            "xl/_rels/workbook.xml.rels",
            related.format(relations, office, "worksheet", "worksheets/sheet1.xml"),
        )
        package.writestr(
            "xl/worksheets/sheet1.xml",
            b'<worksheet xmlns="%b"><sheetData>%b</sheetData></worksheet>' % (main.encode(), sheet),
        )
        package.writestr("xl/padding.bin", os.urandom(padding))
    return out.getvalue()


def cell(place: bytes, text: bytes) -> bytes:
    return b'<c r="%b" t="inlineStr"><is><t>%b</t></is></c>' % (place, text)


def nested_parts(depth: int) -> bytes:
    head = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b0\r\n\r\n"
    parts = (
        b"--b%d\r\nContent-Type: multipart/related; boundary=b%d\r\n\r\n" % (number, number + 1)
        for number in range(depth)
    )
    return b"".join([head, *parts, b"--b%d\r\nContent-Type: text/html\r\n\r\n<p>x</p>\r\n" % depth])


MHTML = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n"
HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "400,000 objects": ("w.pdf", lambda: pdf([CATALOGUE, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<</Type/Page/MediaBox[0 0 9 9]>>", *[b"0"] * 400_000]), NO_TEXT),
    "a tree of 50,000 levels": ("w.pdf", lambda: deep_tree(50_000), BROKEN),
    "a tree that holds itself": ("w.pdf", lambda: pdf([CATALOGUE, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"]), BROKEN),
    "two thousand million pages": ("w.pdf", lambda: pdf([CATALOGUE, b"<</Type/Pages/Kids[3 0 R]/Count 2000000000>>", b"<</Type/Page/MediaBox[0 0 9 9]>>"]), NO_TEXT),
    "arrays in arrays": ("w.pdf", lambda: pdf([b"<</Type/Catalog/Pages 2 0 R/X " + b"[" * 1_000_000 + b">>", b"<</Type/Pages/Kids[]/Count 0>>"]), BROKEN),
    "100 MB in a page": ("w.pdf", lambda: page(b"BT /F 9 Tf (x) Tj ET\n" * 5_000_000), TOO_COMPLEX),
    "a form that draws itself": ("w.pdf", lambda: page(b"/X Do", stream(b"/X Do /X Do", FORM), resources=b"/XObject<</X 6 0 R>>"), f"{TOO_COMPLEX}|{NO_TEXT}"),
    "a cell in the last corner": ("w.xlsx", lambda: workbook(b'<row r="1">%b</row><row r="1048576">%b</row>' % (cell(b"A1", b"x"), cell(b"XFD1048576", b"x"))), f"{TOO_COMPLEX}|最多 5000 行"),
    "a million rows": ("w.xlsx", lambda: workbook(b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (row, row) for row in range(1, 400_000))), "最多 5000 行。请分成几个文件"),
    "a bomb": ("w.xlsx", lambda: workbook(b'<row r="1">%b</row>' % cell(b"A1", b"x" * 90_000_000)), "压缩炸弹"),
    "a bomb beside what does not pack": ("w.xlsx", lambda: workbook(b'<row r="1">%b</row>' % cell(b"A1", b"x" * 90_000_000), 2_000_000), "不像人填的表.*请把要导入的行复制"),
    "1000 parts in each other": ("w.mhtml", lambda: nested_parts(1000), NO_PAGE),
    "300,000 parts": ("w.mhtml", lambda: MHTML + b"--b\r\n\r\nx\r\n" * 300_000, f"{TOO_COMPLEX}|最多 2000 个"),
    "100,000 letters in each other": ("w.mhtml", lambda: MHTML + b"--b\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 100_000, NO_PAGE),
    "a million parameters": ("w.mhtml", lambda: MHTML + b"--b\r\nContent-Type: text/html" + b"; x=y" * 1_000_000 + b"\r\n\r\nx", TOO_COMPLEX),
}  # fmt: skip


@pytest.mark.parametrize("name", thinned(HOSTILE, every=2))
def test_what_was_made_to_take_too_much_is_refused_in_words(name: str) -> None:
    file, make, said = HOSTILE[name]
    with LimitedProcess() as process, pytest.raises(ImportRefused, match=said):
        process.call(read_weeks, file, make())


def zip_of(count: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for number in range(count):
            package.writestr(f"{number}.txt", b"x")
    return out.getvalue()


def that_lies(package: bytes) -> bytes:
    """The same zip, whose last record tells of one file: zipfile believes the record of large zips before it."""
    at = package.rindex(b"PK\x05\x06")
    return package[: at + 8] + struct.pack("<HHI", 1, 1, 100) + package[at + 16 :]


@pytest.mark.parametrize("package", [zip_of(70_000), that_lies(zip_of(70_000))], ids=["honest", "lying"])
def test_a_zip_of_too_many_files_is_refused_before_its_directory_is_read(package: bytes) -> None:
    with LimitedProcess() as process:
        [found] = members([upload_entry("w.zip", io.BytesIO(package), len(package))], process)
    assert found.refusal is not None
    assert "压缩包里的文件超过 2000 个。请分成几个压缩包" in found.refusal.message
