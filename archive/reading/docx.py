"""Word files → HTML: the package is checked first, then mammoth reads it. Pure."""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib
from xml.etree import ElementTree

import mammoth

from archive.refusal import ImportRefused

MAX_ENTRIES = 2000
MAX_UNPACKED = 50 * 1024**2
MAX_RATIO = 100
_SMALL = 1024**2
"""A small part may be as repetitive as it likes: nothing grows out of it."""
STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
b => strong
i => em
"""
_RESAVE = "请在 Word 里另存为新的 .docx 再导入"
_DOCTYPE = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
_UNREADABLE = (zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError, zlib.error, lzma.LZMAError)
"""What zipfile raises for a part that is damaged, encrypted, or packed in a way that it does not know."""
_MACRO_TYPE = re.compile(rb"macroEnabled|vbaProject", re.IGNORECASE)


def docx_to_html(data: bytes) -> str:
    """Returns the document as HTML, its images as `data:` addresses."""
    check_package(data)
    try:
        result = mammoth.convert_to_html(
            io.BytesIO(data),
            style_map=STYLES,
            ignore_empty_paragraphs=False,
            include_embedded_style_map=False,
            external_file_access=False,
        )
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever mammoth and the parsers below it meet in a damaged file
        reason = f"{type(error).__name__}: {error}"[:200]
        raise ImportRefused(f"这个 Word 文件读不了（{reason}）。{_RESAVE}") from None
    html: str = result.value
    return html


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
