"""Folders and zips are read file by file; a bad one is a refusal with its name and remedy, and stops no other."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.limited import LimitedProcess
from archive.reading import read_file, read_weeks
from archive.reading.kinds import MAX_BYTES
from archive.reading.members import (
    Member,
    file_entries,
    folder_entries,
    members,
    upload_entry,
    zip_entries,
)
from archive.reading.zips import MAX_ENTRIES
from archive.refusal import ImportRefused
from tests.archive.makers import TEXT, TITLES, html_week, image_bytes, save_docx, zipped


@pytest.fixture(scope="module")
def process() -> Iterator[LimitedProcess]:
    with LimitedProcess() as child:
        yield child


def uploaded(name: str, data: bytes, process: LimitedProcess) -> list[Member]:
    return list(members([upload_entry(name, io.BytesIO(data), len(data))], process))


def refusals(found: list[Member]) -> dict[str, str]:
    return {member.name: member.refusal.message for member in found if member.refusal}


def names(found: list[Member]) -> list[str]:
    return [member.name for member in found if not member.refusal]


# --- What is in it -------------------------------------------------------------------------------------


def test_each_file_of_a_zip_is_read_and_each_bad_one_says_why(
    process: LimitedProcess, tmp_path: Path
) -> None:
    data = zipped(
        {
            "2024/第1周.txt": TEXT.encode("gbk"),
            "2024/第2周.docx": save_docx(tmp_path / "w.docx").read_bytes(),
            "2024/第3周.doc": b"\xd0\xcf\x11\xe0",
            "2024/第4周": html_week(),
            "2024/更早.zip": zipped({"w.txt": TEXT}),
            "2024/更早.rar": b"Rar!\x1a\x07",
            "2024/cover.png": image_bytes(),
            "2024/style.css": "p {}",
            "2024/~$第2周.docx": b"x",
            "__MACOSX/2024/._第1周.txt": b"x",
            ".DS_Store": b"x",
        }
    )
    found = uploaded("往期.zip", data, process)
    assert names(found) == ["往期.zip/2024/第1周.txt", "往期.zip/2024/第2周.docx", "往期.zip/2024/第4周"]
    assert {name: text[:12] for name, text in refusals(found).items()} == {
        "往期.zip/2024/第3周.doc": "这是旧版或加了密码的 O",
        "往期.zip/2024/更早.zip": "压缩包里还有压缩包，没有",
        "往期.zip/2024/更早.rar": "这是 RAR 压缩包，读",
    }
    assert all("请" in text for text in refusals(found).values())
    for member in found:
        if not member.refusal:
            [week] = process.call(read_weeks, member.name, member.data)
            assert tuple(article.title for article in week.articles) == TITLES


def test_a_folder_gives_what_a_zip_of_it_gives(process: LimitedProcess, tmp_path: Path) -> None:
    files: dict[str, bytes | str] = {
        "b/2.txt": TEXT,
        "a.md": TEXT,
        "b/1.txt": TEXT,
        "b/.x.txt": TEXT,
        "b/x.bak": TEXT,
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(str(content))
    in_folder = list(members(folder_entries(tmp_path), process))
    in_zip = list(members(zip_entries(io.BytesIO(zipped(files))), process))
    assert in_folder == in_zip
    assert names(in_folder) == ["a.md", "b/1.txt", "b/2.txt"]


# --- Names ---------------------------------------------------------------------------------------------


def renamed(name: bytes) -> bytes:
    """The zip of a file `aaaa.txt`, whose name is written in bytes that only its packer knows the encoding of."""
    placeholder = b"a" * (len(name) - 4) + b".txt"
    packed = zipped({placeholder.decode(): TEXT}, zipfile.ZIP_STORED)
    return packed.replace(placeholder, name)


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_names_are_read_as_windows_and_macos_write_them(process: LimitedProcess, encoding: str) -> None:
    data = renamed("半导体周报/第三周.txt".encode(encoding))
    assert names(uploaded("w.zip", data, process)) == ["w.zip/半导体周报/第三周.txt"]


def test_a_name_in_the_extra_field_goes_before_that_in_another_encoding(process: LimitedProcess) -> None:
    info = zipfile.ZipInfo("week.txt")
    unicode_path = b"\x01" + struct.pack("<I", zlib.crc32(b"week.txt")) + "周报.txt".encode()
    info.extra = struct.pack("<HH", 0x7075, len(unicode_path)) + unicode_path
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr(info, TEXT)
    assert names(uploaded("w.zip", out.getvalue(), process)) == ["w.zip/周报.txt"]


def test_a_name_leads_nowhere_else(process: LimitedProcess) -> None:
    data = zipped({"../../etc/w.txt": TEXT, "/srv/v.txt": TEXT, "..\\u.txt": TEXT})
    assert sorted(names(uploaded("w.zip", data, process))) == [
        "w.zip/etc/w.txt",
        "w.zip/srv/v.txt",
        "w.zip/u.txt",
    ]


# --- What is turned away -------------------------------------------------------------------------------


def test_a_bomb_among_weeks_is_refused_alone(process: LimitedProcess) -> None:
    data = zipped(
        {"bomb.txt": b"0" * (MAX_BYTES - 1), "w.txt": TEXT, "noise.jpg": image_bytes(900, 900, "BMP")}
    )
    padded = data[:-22].replace(b"", b"") + data[-22:]
    found = uploaded("w.zip", padded, process)
    assert "压缩炸弹" in refusals(found).get("w.zip/bomb.txt", refusals(found).get("w.zip", ""))


def test_a_zip_that_is_all_bomb_is_refused(process: LimitedProcess) -> None:
    found = uploaded("w.zip", zipped({f"{n}.txt": b"0" * 19_000_000 for n in range(3)}), process)
    assert list(refusals(found)) == ["w.zip"]
    assert "压缩超过 100 倍，像是压缩炸弹。请先解压" in refusals(found)["w.zip"]


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (zipped({f"{n}.txt": "" for n in range(MAX_ENTRIES + 1)}), "超过 2000 个。请分成几个"),
        (zipped({"w.txt": TEXT})[:-30], "不完整，打不开。请先解压"),
        (zipped({"a.png": image_bytes(), "b.css": "x"}), "没有能导入的文件"),
        (zipped({}), "没有能导入的文件"),
    ],
    ids=["many", "cut", "pictures", "empty"],
)
def test_a_zip_that_is_none_is_refused_as_a_whole(
    process: LimitedProcess, data: bytes, complaint: str
) -> None:
    found = uploaded("w.zip", data, process)
    assert list(refusals(found)) == ["w.zip"] == [member.name for member in found]
    assert complaint in refusals(found)["w.zip"]


def test_a_file_with_a_password_and_a_damaged_one_are_refused_and_the_others_read(
    process: LimitedProcess,
) -> None:
    data = bytearray(zipped({"1.txt": TEXT, "2.txt": TEXT + "甲", "3.txt": TEXT}, zipfile.ZIP_STORED))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        damaged = package.getinfo("2.txt").header_offset + 60
    data[damaged] ^= 0xFF
    directory = data.index(b"PK\x01\x02")
    data[directory + 8] |= 1  # the first file's flags: encrypted
    found = uploaded("w.zip", bytes(data), process)
    assert names(found) == ["w.zip/3.txt"]
    assert "加了密码。请先解压" in refusals(found)["w.zip/1.txt"]
    assert "坏了，解不开。请先解压" in refusals(found)["w.zip/2.txt"]


def test_a_large_file_is_refused_by_its_size_unread(process: LimitedProcess, tmp_path: Path) -> None:
    with (tmp_path / "w.txt").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert "最多 20 MB" in refusals(list(members(folder_entries(tmp_path), process)))["w.txt"]


# --- Images beside a page ------------------------------------------------------------------------------


def wechat_page(folder: str) -> str:
    image = f'<p><img data-src="https://mmbiz.example/640?wx_fmt=png" src="{folder}/640%20a"></p>'
    return html_week(first_body=f"<p>甲。</p>{image}<p>乙。</p>")


def test_a_page_is_read_with_the_images_that_were_saved_beside_it(
    process: LimitedProcess, tmp_path: Path
) -> None:
    (tmp_path / "周报_files").mkdir()
    (tmp_path / "周报_files" / "640 a").write_bytes(image_bytes())
    (tmp_path / "周报_files" / "saved_resource.html").write_text(html_week())
    (tmp_path / "周报.html").write_text(wechat_page("./周报_files"))
    files = {
        path.relative_to(tmp_path).as_posix(): path.read_bytes()
        for path in tmp_path.rglob("*")
        if path.is_file()
    }
    for found in (
        list(members(folder_entries(tmp_path), process)),
        list(members(file_entries(tmp_path / "周报.html"), process)),
        list(members(zip_entries(io.BytesIO(zipped(dict(files)))), process)),
    ):
        [member] = found
        [week] = process.call(read_weeks, member.name, member.data)
        assert [len(article.images) for article in week.articles] == [1, 0, 0]
        assert week.warnings == ()


def test_a_folder_that_only_sounds_like_that_of_a_page_is_read(process: LimitedProcess) -> None:
    data = zipped({"周报_files/1.txt": TEXT, "assets/2.txt": TEXT, "周报.files/3.txt": TEXT})
    assert len(names(uploaded("w.zip", data, process))) == 3


def test_a_page_alone_says_that_its_images_are_missing(tmp_path: Path) -> None:
    path = tmp_path / "周报.html"
    path.write_text(wechat_page("./周报_files"))
    [week] = read_file(path)
    assert [warning.code for warning in week.warnings] == ["figure-remote"]
    assert "mmbiz.example" in week.warnings[0].message


def test_markdown_is_read_with_the_images_beside_it(process: LimitedProcess, tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "图 1.png").write_bytes(image_bytes())
    (tmp_path / "w.md").write_text(
        TEXT.replace("\n2. ", "\n![产能](<assets/图 1.png>)\n![](../../etc/passwd)\n2. ")
    )
    [member] = members(folder_entries(tmp_path), process)
    [week] = process.call(read_weeks, member.name, member.data)
    assert [len(article.images) for article in week.articles] == [1, 0, 0]


def test_a_page_in_gbk_with_images_stays_readable(process: LimitedProcess, tmp_path: Path) -> None:
    (tmp_path / "w.files").mkdir()
    (tmp_path / "w.files" / "640 a").write_bytes(image_bytes())
    (tmp_path / "w.htm").write_bytes(wechat_page("w.files").replace("utf-8", "gb2312").encode("gbk"))
    [member] = members(folder_entries(tmp_path), process)
    [week] = process.call(read_weeks, member.name, member.data)
    assert tuple(article.title for article in week.articles) == TITLES


def test_an_unreadable_folder_entry_says_so(process: LimitedProcess, tmp_path: Path) -> None:
    path = tmp_path / "w.txt"
    path.write_text(TEXT)
    entries = file_entries(path)
    path.unlink()
    [member] = members(entries, process)
    with pytest.raises(ImportRefused, match="文件读不了"):
        raise member.refusal or AssertionError
