"""A Word file is checked before anything reads it, and read where it can do no harm."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from archive.limited import CPU_SECONDS, LimitedProcess
from archive.reading import read_file
from archive.refusal import ImportRefused
from tests.archive.makers import TEXT, rezip, save_docx

RELATIONSHIPS = "word/_rels/document.xml.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return save_docx(tmp_path / "good.docx")


def refusal(path: Path) -> str:
    with pytest.raises(ImportRefused) as refused:
        read_file(path)
    assert str(refused.value).startswith(f"{path}: ")
    assert "请" in str(refused.value)
    return str(refused.value)


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as package:
        return package.read(name).decode()


def with_relationship(good: Path, kind: str, target: str) -> dict[str, bytes]:
    added = f'<Relationship Id="rX" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
    return {RELATIONSHIPS: part(good, RELATIONSHIPS).replace("</Relationships>", added).encode()}


def test_file_that_is_not_a_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.docx"
    path.write_text(TEXT)
    assert "这不是 Word 文件" in refusal(path)


def test_zip_that_is_not_a_word_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.docx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("week.txt", TEXT)
    assert "这是压缩包，不是 Word 文件" in refusal(path)


def test_zip_bomb_is_refused(tmp_path: Path, good: Path) -> None:
    bomb = rezip(good, tmp_path / "w.docx", changed={"word/document.xml": b"<a>" + b" " * 40 * 1024**2})
    assert bomb.stat().st_size < 200_000
    assert "这个 Word 文件不正常" in refusal(bomb)


def test_package_of_more_than_50_mb_is_refused(tmp_path: Path, good: Path) -> None:
    assert "解开有" in refusal(rezip(good, tmp_path / "w.docx", changed={"word/a.bin": b" " * 60 * 1024**2}))


def test_package_of_more_than_2000_parts_is_refused(tmp_path: Path, good: Path) -> None:
    many = {f"word/media/{number}.png": b"x" for number in range(2001)}
    assert "最多 2000 个" in refusal(rezip(good, tmp_path / "w.docx", changed=many))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_part_with_a_dtd_is_refused(tmp_path: Path, good: Path, encoding: str) -> None:
    document = part(good, "word/document.xml").split("?>", 1)[1]
    xxe = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>{document}'
    path = rezip(good, tmp_path / "w.docx", changed={"word/document.xml": xxe.encode(encoding)})
    assert "这个 Word 文件不正常" in refusal(path)


def test_a_part_with_a_dtd_is_refused_under_the_name_of_a_drawing_too(tmp_path: Path, good: Path) -> None:
    """The main part may have any name; a drawing that is only kept may have a DTD, as some programs write it."""
    document = part(good, "word/document.xml").split("?>", 1)[1]
    changed = {
        "word/document.svg": f'<!DOCTYPE a [<!ENTITY x "字">]>{document}'.encode(),
        "_rels/.rels": part(good, "_rels/.rels").replace("word/document.xml", "word/document.svg").encode(),
        "[Content_Types].xml": part(good, "[Content_Types].xml").replace("/word/document.xml", "/word/document.svg").encode(),
    }  # fmt: skip
    assert "这个 Word 文件不正常" in refusal(rezip(good, tmp_path / "w.docx", changed=changed))
    drawing = {"word/media/a.svg": b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x"><svg/>'}
    assert read_file(rezip(good, tmp_path / "v.docx", changed=drawing))


def test_macros_are_refused_under_any_name(tmp_path: Path, good: Path) -> None:
    assert "宏" in refusal(
        rezip(good, tmp_path / "w.docx", changed={"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"})
    )
    types = part(good, "[Content_Types].xml").replace(
        "vnd.openxmlformats-officedocument.wordprocessingml.document.main",
        "vnd.ms-word.document.macroEnabled.main",
    )
    renamed = rezip(good, tmp_path / "v.docx", changed={"[Content_Types].xml": types.encode()})
    assert "启用宏" in refusal(renamed)


@pytest.mark.parametrize("kind", ["image", "oleObject", "attachedTemplate", "frame"])
def test_link_to_a_file_outside_is_refused(tmp_path: Path, good: Path, kind: str) -> None:
    changed = with_relationship(good, kind, "file:///etc/passwd")
    assert f"链接了外面的文件（{kind}：file:///etc/passwd）" in refusal(
        rezip(good, tmp_path / "w.docx", changed=changed)
    )


def test_hyperlink_is_not_a_link_to_a_file(tmp_path: Path, good: Path) -> None:
    path = rezip(
        good, tmp_path / "w.docx", changed=with_relationship(good, "hyperlink", "https://example.com/")
    )
    assert len(read_file(path)[0].articles) == 3


@pytest.mark.parametrize("damage", [b"", b"<w:document", b"\x00\x01"])
def test_damaged_document_is_refused(tmp_path: Path, good: Path, damage: bytes) -> None:
    assert "读不了" in refusal(rezip(good, tmp_path / "w.docx", changed={"word/document.xml": damage}))


def test_damaged_zip_is_refused(tmp_path: Path, good: Path) -> None:
    data = bytearray(good.read_bytes())
    middle = data.index(b"word/document.xml") + 60
    data[middle : middle + 200] = b"\xff" * 200
    path = tmp_path / "w.docx"
    path.write_bytes(data)
    refusal(path)


@pytest.fixture
def large(tmp_path: Path, good: Path) -> Path:
    """A Word file of 150,000 pieces of text."""
    document = part(good, "word/document.xml")
    many = "".join(f"<w:r><w:t>{number:x}</w:t></w:r>" for number in range(150_000))
    content = document.replace("<w:p>", f"<w:p>{many}</w:p><w:p>", 1).encode()
    return rezip(good, tmp_path / "large.docx", changed={"word/document.xml": content})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("seconds", "memory"),
    [(1, 768), (60, 300), (CPU_SECONDS, 768)],
    ids=["seconds", "memory", "as it runs"],
)
def test_conversion_that_needs_too_much_time_or_memory_is_stopped(
    large: Path, seconds: int, memory: int
) -> None:
    with (
        LimitedProcess(seconds, memory * 1024**2) as process,
        pytest.raises(ImportRefused, match=r"large\.docx: 这份内容太大或太复杂，没有导入。请分成几份"),
    ):
        read_file(large, process)


def test_a_word_file_of_150_000_paragraphs_is_refused_before_it_is_converted(
    tmp_path: Path, good: Path
) -> None:
    many = "".join(f"<w:p><w:r><w:t>{number:x}</w:t></w:r></w:p>" for number in range(150_000))
    document = part(good, "word/document.xml").replace("<w:p>", many + "<w:p>", 1).encode()
    path = rezip(good, tmp_path / "w.docx", changed={"word/document.xml": document})
    assert "最多 20000 段。请分成几个文件" in refusal(path)


def test_a_process_that_was_stopped_does_not_keep_the_next_file_from_being_read(
    large: Path, good: Path
) -> None:
    with LimitedProcess(seconds=1) as process:
        with pytest.raises(ImportRefused):
            read_file(large, process)
        assert len(read_file(good, process)[0].articles) == 3
        assert len(read_file(good, process)[0].articles) == 3
