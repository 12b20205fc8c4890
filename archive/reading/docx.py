"""Word files: the package is checked first, then converted to HTML by a child process with hard limits."""

from __future__ import annotations

import io
import lzma
import re
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path
from xml.etree import ElementTree

from archive.refusal import ImportRefused

MAX_ENTRIES = 2000
MAX_UNPACKED = 50 * 1024**2
MAX_RATIO = 100
CPU_SECONDS = 20
MEMORY_BYTES = 512 * 1024**2
WALL_SECONDS = 60
_SMALL = 1024**2
"""A small part may be as repetitive as it likes: nothing grows out of it."""
_CHILD = Path(__file__).with_name("_docx_child.py")
_RESAVE = "请在 Word 里另存为新的 .docx 再导入"
_DOCTYPE = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
_UNREADABLE = (zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError, zlib.error, lzma.LZMAError)
"""What zipfile raises for a part that is damaged, encrypted, or packed in a way that it does not know."""
_OUT_OF_MEMORY = re.compile(rb"^(?:MemoryError|SystemError: error return without)", re.MULTILINE)
_MACRO_TYPE = re.compile(rb"macroEnabled|vbaProject", re.IGNORECASE)


def docx_to_html(data: bytes) -> str:
    """Returns the document as HTML, its images as `data:` addresses."""
    check_package(data)
    try:
        # Our own script, our own interpreter; -I keeps the environment and the working folder out.
        child = subprocess.run(  # noqa: S603
            [sys.executable, "-I", str(_CHILD), str(CPU_SECONDS), str(MEMORY_BYTES)],
            input=data,
            capture_output=True,
            timeout=WALL_SECONDS,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        raise ImportRefused(
            f"读这个 Word 文件超过 {WALL_SECONDS} 秒，已停止。请分成几个文件，或存成 .txt 再导入"
        ) from None
    if child.returncode == 0:
        return child.stdout.decode()
    if child.returncode < 0 or _OUT_OF_MEMORY.search(child.stderr):
        raise ImportRefused(
            f"这个 Word 文件太复杂：{CPU_SECONDS} 秒、{MEMORY_BYTES // 1024**2} MB 内存之内读不完。"
            "请分成几个文件，或存成 .txt 再导入"
        )
    reason = child.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["没有说明"]
    raise ImportRefused(f"这个 Word 文件读不了（{reason[0][:200]}）。{_RESAVE}")


def check_package(data: bytes) -> None:
    """Refuses what a Word file never is: a bomb, a carrier of macros, a reader of other people's files.

    Only what zipfile unpacks is looked at, and it never unpacks more of a part than the part says it holds.
    """
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise ImportRefused(f"这不是 Word 文件（.docx）。如果是旧版 .doc 或加了密码，{_RESAVE}") from None
    with package:
        parts = package.infolist()
        _check_sizes(parts)
        names = {part.filename for part in parts}
        if "[Content_Types].xml" not in names or not any(name.startswith("word/") for name in names):
            raise ImportRefused(f"这是压缩包，不是 Word 文件（.docx）。{_RESAVE}")
        for part in parts:
            try:
                content = package.read(part)
            except _UNREADABLE:
                raise ImportRefused(f"Word 文件的 {part.filename} 坏了或加了密。{_RESAVE}") from None
            _check_part(part.filename, content)


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MAX_ENTRIES:
        raise ImportRefused(
            f"Word 文件里有 {len(parts)} 个部件，最多 {MAX_ENTRIES} 个。请减少图片或分成几个文件"
        )
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if unpacked > MAX_UNPACKED:
        limit = f"最多 {MAX_UNPACKED // 1024**2} MB"
        raise ImportRefused(f"Word 文件解开有 {unpacked / 1024**2:.0f} MB，{limit}。请压缩图片或分成几个文件")
    for part in parts:
        if part.file_size > _SMALL and part.file_size > MAX_RATIO * max(part.compress_size, 1):
            raise ImportRefused(
                f"Word 文件的 {part.filename} 压缩超过 {MAX_RATIO} 倍，像是压缩炸弹。{_RESAVE}"
            )
    if unpacked > _SMALL and unpacked > MAX_RATIO * max(packed, 1):
        raise ImportRefused(f"Word 文件压缩超过 {MAX_RATIO} 倍，像是压缩炸弹。{_RESAVE}")


def _check_part(name: str, content: bytes) -> None:
    lowered = name.lower()
    if "vbaproject" in lowered or "vbadata" in lowered:
        raise ImportRefused("Word 文件带有宏。请在 Word 里另存为“Word 文档（.docx）”，不要选“启用宏的文档”")
    if lowered == "[content_types].xml" and _MACRO_TYPE.search(content):
        raise ImportRefused("这是启用宏的 Word 文件（.docm）。请在 Word 里另存为“Word 文档（.docx）”")
    if not lowered.endswith(".svg") and any(mark in content for mark in _DOCTYPE):
        raise ImportRefused(f"Word 文件的 {name} 里有 DTD，正常的 Word 文件没有。{_RESAVE}")
    if lowered.endswith(".rels"):
        _check_relationships(name, content)


def _check_relationships(name: str, content: bytes) -> None:
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - no DTD in it: checked above
    except ElementTree.ParseError:
        raise ImportRefused(f"Word 文件的 {name} 坏了。{_RESAVE}") from None
    for relation in root.iter():
        is_external = relation.get("TargetMode", "").lower() == "external"
        if is_external and not relation.get("Type", "").endswith("/hyperlink"):
            kind = relation.get("Type", "").rpartition("/")[2]
            raise ImportRefused(
                f"Word 文件链接了外面的文件（{kind}：{relation.get('Target', '')[:100]}）。"
                "请在 Word 里断开链接：文件 → 信息 → 编辑指向文件的链接，把图片改成插入，再导入"
            )
