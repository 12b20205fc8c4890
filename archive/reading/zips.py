"""What is in a zip, looked at without trust: how many files, how large, what their names are. Pure."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from archive.refusal import ImportRefused

MAX_ENTRIES = 2000
MAX_UNPACKED = 2 * 1024**3
MAX_RATIO = 100
_SMALL = 1024**2
"""A small file may be as repetitive as it likes."""
_DIRECTORY_ENTRY = 46
"""Bytes that an entry of the directory takes at the least, its name apart."""
_LONGEST_NAME = 1024
_END = b"PK\x05\x06"
_END_SIZE = 22
_LOCATOR = b"PK\x06\x07"
_LOCATOR_SIZE = 20
_END64_SIZE = 56
"""Of the record of large zips (zip64), which stands before its locator, and that before the end."""
_UTF8 = 0x800
_ENCRYPTED = 0x1
_UNICODE_PATH = 0x7075
_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
UNREADABLE = (
    zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError, NotImplementedError, zlib.error, lzma.LZMAError,
)  # fmt: skip
"""What zipfile raises for a part that is damaged, encrypted, or packed in a way that it does not know."""
REPACK = "请先解压，再导入里面的文件，或重新压缩成 zip"


def open_zip(file: IO[bytes]) -> zipfile.ZipFile:
    """Opens a zip whose directory is not too long to be read. Raises ImportRefused."""
    _check_directory(file)
    try:
        return zipfile.ZipFile(file)
    except UNREADABLE:
        raise ImportRefused(f"这个压缩包坏了，打不开。{REPACK}") from None


def _check_directory(file: IO[bytes]) -> None:
    """Looks at the end of the file, which says how many entries there are, before zipfile reads them all."""
    length = file.seek(0, io.SEEK_END)
    file.seek(max(0, length - _END_SIZE - 0xFFFF))
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + _END_SIZE:
        raise ImportRefused(f"这个压缩包不完整，打不开。{REPACK}")
    counted = [struct.unpack_from("<HI", tail, at + 10)]
    start = length - len(tail) + at - _LOCATOR_SIZE - _END64_SIZE
    if tail[max(0, at - _LOCATOR_SIZE) : at].startswith(_LOCATOR) and start >= 0:
        file.seek(start)  # zipfile believes this second record, whatever the first one says
        counted.append(struct.unpack_from("<QQ", file.read(_END64_SIZE), 32))
    file.seek(0)
    count, size = map(max, zip(*counted, strict=True))
    if count > MAX_ENTRIES or size > MAX_ENTRIES * (_DIRECTORY_ENTRY + _LONGEST_NAME):
        raise ImportRefused(f"压缩包里的文件超过 {MAX_ENTRIES} 个。请分成几个压缩包")


def names_in_zip(data: bytes) -> list[str]:
    """Returns the names of a zip's entries; none when it is no zip, or one that can not be opened."""
    if not data.startswith((b"PK\x03\x04", _END)):
        return []
    try:
        with open_zip(io.BytesIO(data)) as package:
            return package.namelist()
    except ImportRefused:
        return []


def check_zip(package: zipfile.ZipFile) -> None:
    """Refuses a zip that unpacks to more than a folder of weeks is ever large."""
    parts = package.infolist()
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if unpacked > MAX_UNPACKED:
        raise ImportRefused(
            f"压缩包解开有 {unpacked / 1024**3:.1f} GB，最多 {MAX_UNPACKED // 1024**3} GB。请分成几个压缩包"
        )
    if unpacked > _SMALL and unpacked > MAX_RATIO * max(packed, 1):
        raise ImportRefused(f"压缩包压缩超过 {MAX_RATIO} 倍，像是压缩炸弹。{REPACK}")


def files_in(package: zipfile.ZipFile) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """Yields each file with its name as whoever packed it saw it: folders joined by `/`, no way out of them."""
    for part in package.infolist():
        if not part.is_dir():
            names = _name(part).replace("\\", "/").split("/")
            yield "/".join(name for name in names if name not in ("", ".", "..")), part


def _name(part: zipfile.ZipInfo) -> str:
    """The name in the encoding that it was written in: Windows writes GBK without saying so, macOS UTF-8."""
    if part.flag_bits & _UTF8:
        return part.filename
    raw = part.orig_filename.encode("cp437", "replace")
    if name := _unicode_path(part.extra, raw):
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return part.filename


def _unicode_path(extra: bytes, raw: bytes) -> str:
    """The name in UTF-8 that some packers add to the one in their own encoding."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if (
            kind == _UNICODE_PATH
            and len(field) > 5
            and struct.unpack_from("<I", field, 1)[0] == zlib.crc32(raw)
        ):
            return field[5:].decode("utf-8", "replace")
    return ""


def is_bomb(part: zipfile.ZipInfo) -> bool:
    """Whether a file in a zip unpacks to so much more than it takes that nobody packed it in good faith."""
    return part.file_size > _SMALL and part.file_size > MAX_RATIO * max(part.compress_size, 1)


def unpack(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """Returns the content of a file that is no bomb. Raises ImportRefused."""
    if part.flag_bits & _ENCRYPTED:
        raise ImportRefused("压缩包加了密码。请先解压，再导入里面的文件")
    if part.compress_type not in _READABLE:
        raise ImportRefused(f"压缩的方式少见，解不开。{REPACK}")
    if is_bomb(part):
        raise ImportRefused(f"压缩超过 {MAX_RATIO} 倍，像是压缩炸弹。请先解压，再导入")
    try:
        return package.read(part)
    except UNREADABLE:
        raise ImportRefused(f"在压缩包里坏了，解不开。{REPACK}") from None
