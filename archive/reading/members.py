"""An upload, a folder or a zip → its files one by one, each to be read or with the refusal that says why not.

    entries = folder_entries(path)  # or file_entries(path), zip_entries(file), [upload_entry(name, file, size)]
    with LimitedProcess() as process:
        for member in members(entries, process):
            if member.refusal is None:
                weeks = process.call(read_weeks, member.name, member.data)  # may raise ImportRefused, too

Needs no database. Nothing is written to the disk, so no name in a zip can lead out of a folder.
"""

from __future__ import annotations

import io
import posixpath
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePath, PurePosixPath
from typing import IO
from zipfile import ZipFile, ZipInfo

from archive.limited import LimitedProcess
from archive.reading.beside import named_images, with_images
from archive.reading.kinds import (
    MAX_BYTES,
    MAX_ZIP_BYTES,
    UNPACK,
    Kind,
    check_size,
    kind_by_name,
    kind_of,
    parts_of,
    suffixes,
)
from archive.reading.zips import check_zip, files_in, open_zip, unpack
from archive.refusal import ImportRefused

_FOLDERS = ("_files", ".files", ".fld")
_ASSETS = "assets"
_NO_WEEKS = ("__MACOSX", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that can be read: in a folder, in a zip, or uploaded."""

    name: str
    """Its path, folders joined by `/`: `2019/第三周.docx`."""
    size: int
    open: Callable[[], AbstractContextManager[IO[bytes]]] = field(repr=False)
    is_named: bool = False
    """Whether somebody chose this very file: then it is never passed over."""
    is_packed: bool = False
    """Whether it lies in a zip."""

    def read(self, most: int) -> bytes:
        """Returns its content. Raises ImportRefused when it is larger than `most` bytes or can not be read."""
        check_size(self.size, most)
        try:
            with self.open() as file:
                return file.read()
        except OSError as error:
            raise ImportRefused(f"文件读不了：{error.strerror}。请检查权限") from None


@dataclass(frozen=True, slots=True)
class Member:
    """A file to be read alone, with the images that lay beside it in it; or the refusal that says why not."""

    name: str
    """Where it stands, for people: `2019.zip/第三周.html`. Its end tells its kind."""
    data: bytes = field(default=b"", repr=False)
    refusal: ImportRefused | None = None


def upload_entry(name: str, file: IO[bytes], size: int) -> Entry:
    """Returns an uploaded file as an entry that was chosen; it stays open."""

    def opened() -> AbstractContextManager[IO[bytes]]:
        file.seek(0)
        return nullcontext(file)

    return Entry(name, size, opened, is_named=True)


def file_entries(path: Path) -> list[Entry]:
    """Returns a file on the disk as an entry that was chosen, and those that a page of its name shows."""
    shown = [
        replace(entry, name=f"{folder.name}/{entry.name}")
        for folder in map(Path, _folders_of(path))
        if _may_show(path.name) and folder.is_dir()
        for entry in folder_entries(folder)
    ]
    return [replace(_on_disk(path, path.name), is_named=True), *shown]


def _on_disk(path: Path, name: str) -> Entry:
    return Entry(name, path.stat().st_size, lambda: path.open("rb"))


def folder_entries(folder: Path) -> list[Entry]:
    """Returns the files of a folder and of all folders below it, in order of name."""
    found = [
        _on_disk(path, path.relative_to(folder).as_posix()) for path in folder.rglob("*") if path.is_file()
    ]
    return _in_order(found)


def zip_entries(file: IO[bytes]) -> list[Entry]:
    """Returns the files of a zip, in order of name. Raises ImportRefused.

    `file` stays open as long as they are read.
    """
    package = open_zip(file)
    check_zip(package)
    return _in_order(
        [
            Entry(name, part.file_size, partial(_opened, package, part), is_packed=True)
            for name, part in files_in(package)
            if name
        ]
    )


def _opened(package: ZipFile, part: ZipInfo) -> IO[bytes]:
    return io.BytesIO(unpack(package, part))


def _in_order(entries: list[Entry]) -> list[Entry]:
    """By name without suffix: of two digests that end on one day, `2025-03-21-2.json` is the second."""
    return sorted(entries, key=lambda entry: (PurePosixPath(entry.name).with_suffix("").parts, entry.name))


def members(entries: Sequence[Entry], process: LimitedProcess) -> Iterator[Member]:
    """Yields what can be a week, and a refusal for each file that would be one if it could be read.

    Passed over are hidden files, what a page shows (its folder `…_files`, pictures), and kinds that are no weeks. A
    zip is opened, a zip in it is not. One that is refused stops no other.
    """
    by_path = {_key(entry.name): entry for entry in entries}
    shown = _shown_folders(entries)
    for entry in entries:
        if entry.is_named or not _is_passed_over(entry.name, shown):
            try:
                yield from _members_of(entry, by_path, process)
            except ImportRefused as refused:
                yield Member(entry.name, refusal=refused)


def only_member(entries: Sequence[Entry], process: LimitedProcess) -> Member:
    """Returns the one file that can be read. Raises ImportRefused when there is none, or more than one.

    For who can take one week at a time, and is given a page with its images as a zip, or a table with one row.
    """
    found: list[Member] = []
    for member in members(entries, process):
        if member.refusal:
            if member.name != entries[0].name:
                member.refusal.message = f"{member.name}：{member.refusal.message}"
            raise member.refusal
        found.append(member)
        if len(found) > 1:
            raise ImportRefused(
                f"这里一次读一期，{entries[0].name} 里有不止一期（{found[0].name}、{found[1].name} …）。"
                "请解开，一期一期地导入；或者到“整批导入旧刊”里一起交上来"
            )
    if not found:
        raise ImportRefused("这里面没有能导入的文件。请打开看看是不是选错了")
    return found[0]


def _members_of(entry: Entry, beside: Mapping[str, Entry], process: LimitedProcess) -> Iterator[Member]:
    kind = kind_by_name(entry.name)
    if kind and kind.is_package:
        yield from _in_zip(entry, process)
        return
    if kind and not kind.is_readable and entry.size > MAX_BYTES:
        raise kind.refusal()
    if kind is None and not entry.is_named and entry.size > MAX_BYTES:
        return
    data = entry.read(kind.max_bytes if kind else MAX_BYTES)
    try:
        kind = kind_of(entry.name, data)
    except ImportRefused:
        if entry.is_named:
            raise
        return
    if kind.is_picture and not entry.is_named:
        return
    if not kind.is_readable:
        raise kind.refusal()
    if kind.is_package:
        yield from _in_zip(entry, process)
    elif kind.parts:
        for name, content in process.call(parts_of, entry.name, data):
            refusal = content if isinstance(content, ImportRefused) else None
            yield Member(
                f"{entry.name}/{name}", b"" if isinstance(content, ImportRefused) else content, refusal
            )
    else:
        yield Member(entry.name, _whole(entry, data, kind, beside, process))


def _in_zip(entry: Entry, process: LimitedProcess) -> Iterator[Member]:
    if entry.is_packed:
        raise ImportRefused(f"压缩包里还有压缩包，没有打开它。{UNPACK}")
    check_size(entry.size, MAX_ZIP_BYTES)
    with entry.open() as file:
        is_empty = True
        for member in members(zip_entries(file), process):
            is_empty = False
            yield replace(member, name=f"{entry.name}/{member.name}")
    if is_empty:
        raise ImportRefused(f"压缩包里没有能导入的文件（{' '.join(suffixes())}）。请打开看看是不是选错了")


# --- What is no week, but belongs to one ---------------------------------------------------------------


def _is_passed_over(name: str, shown: Collection[str]) -> bool:
    path = PurePosixPath(name)
    if any(part in _NO_WEEKS or part.startswith((".", "~$")) for part in path.parts):
        return True
    kind = kind_by_name(name)
    return (kind is not None and kind.is_picture) or any(_key(str(one)) in shown for one in path.parents)


def _shown_folders(entries: Iterable[Entry]) -> set[str]:
    """Returns the folders that hold what a page beside them shows, and no weeks."""
    pages = [PurePosixPath(entry.name) for entry in entries if _may_show(entry.name)]
    return {_key(str(folder)) for page in pages for folder in _folders_of(page)}


def _may_show(name: str) -> bool:
    kind = kind_by_name(name)
    return kind is None or kind.shows_images


def _folders_of(page: PurePath) -> Iterator[PurePath]:
    """Yields where what a page shows may lie: browsers and Word add to its name, exporters use one folder for all."""
    for end in _FOLDERS:
        yield page.with_name(page.stem + end)
    if kind_by_name(page.name):
        yield page.with_name(_ASSETS)


def _whole(
    entry: Entry, data: bytes, kind: Kind, beside: Mapping[str, Entry], process: LimitedProcess
) -> bytes:
    """The file with the images in it that lie beside it: those that are there and that it names."""
    if not kind.shows_images or len(beside) == 1:
        return data
    found = {}
    folder = posixpath.dirname(entry.name)
    size = len(data)
    for path in process.call(named_images, data):
        image = beside.get(_key(posixpath.normpath(posixpath.join(folder, path))))
        if image and image is not entry:
            size += image.size
            check_size(size)
            found[path] = image.read(MAX_BYTES)
    return process.call(with_images, data, found) if found else data


def _key(name: str) -> str:
    """A path as systems compare it that mean the same file: macOS writes é in two characters."""
    return unicodedata.normalize("NFC", name).casefold()
