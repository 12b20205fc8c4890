"""The zip that a Word file is: checked before anything reads it, its parts taken out, a new one put together. Pure."""

from __future__ import annotations

import io
import logging
import lzma
import posixpath
import re
import zipfile
import zlib
from functools import cached_property
from xml.etree import ElementTree

from lxml import etree

from archive.reading.word.xml import OFFICE, RESAVE, Element, dtd_refused, parse_part, r, w
from archive.refusal import ImportRefused

logger = logging.getLogger(__name__)

MAX_ENTRIES = 2000
MAX_UNPACKED = 50 * 1024**2
MAX_RATIO = 100
MAX_PARAGRAPHS = 20_000
"""Empty ones too, and those of tables. A week has a hundred or two; so many take three seconds."""
_SMALL = 1024**2
"""A small part may be as repetitive as it likes: nothing grows out of it."""
_DOCTYPE = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
_UNREADABLE = (zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError, zlib.error, lzma.LZMAError)
"""What zipfile raises for a part that is damaged, encrypted, or packed in a way that it does not know."""
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_MACRO_TYPE = re.compile(rb"macroEnabled|vbaProject", re.IGNORECASE)


def check_package(data: bytes) -> None:
    """Refuses what a Word file never is: a bomb, a carrier of macros, a reader of other people's files.

    Only what zipfile unpacks is looked at, and it never unpacks more of a part than the part says it holds.
    """
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise ImportRefused(f"这不是 Word 文件（.docx）。如果是旧版 .doc 或加了密码，{RESAVE}") from None
    with package:
        parts = package.infolist()
        _check_sizes(parts)
        names = {part.filename for part in parts}
        if "[Content_Types].xml" not in names or not any(name.startswith("word/") for name in names):
            raise ImportRefused(f"这是压缩包，不是 Word 文件（.docx）。{RESAVE}")
        for part in parts:
            try:
                content = package.read(part)
            except _UNREADABLE:
                raise ImportRefused(f"Word 文件的 {part.filename} 坏了或加了密。{RESAVE}") from None
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
            logger.warning("%s is packed more than %d times", part.filename, MAX_RATIO)
            raise ImportRefused(f"这个 Word 文件不正常，没有导入。{RESAVE}")
    if unpacked > _SMALL and unpacked > MAX_RATIO * max(packed, 1):
        logger.warning("A Word file is packed more than %d times", MAX_RATIO)
        raise ImportRefused(f"这个 Word 文件不正常，没有导入。{RESAVE}")


def _check_part(name: str, content: bytes) -> None:
    lowered = name.lower()
    if lowered.startswith("word/") and (count := content.count(b"</w:p>")) > MAX_PARAGRAPHS:
        raise ImportRefused(f"Word 文件有 {count} 段，最多 {MAX_PARAGRAPHS} 段。请分成几个文件")
    if "vbaproject" in lowered or "vbadata" in lowered:
        raise ImportRefused("Word 文件带有宏。请在 Word 里另存为“Word 文档（.docx）”，不要选“启用宏的文档”")
    if lowered == "[content_types].xml" and _MACRO_TYPE.search(content):
        raise ImportRefused("这是启用宏的 Word 文件（.docm）。请在 Word 里另存为“Word 文档（.docx）”")
    # A drawing may have one, and is never parsed: a part that is parsed under its name is refused by `parse_part`.
    if not lowered.endswith(".svg") and any(mark in content for mark in _DOCTYPE):
        raise dtd_refused(name)
    if lowered.endswith(".rels"):
        _check_relationships(name, content)


def _check_relationships(name: str, content: bytes) -> None:
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - no DTD in it: checked above
    except ElementTree.ParseError:
        raise ImportRefused(f"Word 文件的 {name} 坏了。{RESAVE}") from None
    for relation in root.iter():
        is_external = relation.get("TargetMode", "").lower() == "external"
        if is_external and not relation.get("Type", "").endswith("/hyperlink"):
            kind = relation.get("Type", "").rpartition("/")[2]
            raise ImportRefused(
                f"Word 文件链接了外面的文件（{kind}：{relation.get('Target', '')[:100]}）。"
                "请在 Word 里断开链接：文件 → 信息 → 编辑指向文件的链接，把图片改成插入，再导入"
            )


class Package:
    """The parts of a Word file that was checked."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            self._parts = {part.filename: package.read(part) for part in package.infolist()}
        mains = [
            target for kind, target, _, _ in self._relations("_rels/.rels", "") if kind == "officeDocument"
        ]
        self.document_name = next((name for name in mains if name in self._parts), "word/document.xml")
        if self.document_name not in self._parts:
            raise ImportRefused(f"这个 Word 文件读不了：里面没有正文。{RESAVE}")
        self._related = self._relations(
            _relations_of(self.document_name), posixpath.dirname(self.document_name)
        )

    @cached_property
    def document(self) -> Element:
        """The main part: what the pages show."""
        return parse_part(self.document_name, self._parts[self.document_name])

    def part_name(self, kind: str) -> str:
        """The name of the part that the document calls its `styles`, `numbering`, `footnotes`; empty without one."""
        return next(
            (target for one, target, _, _ in self._related if one == kind and target in self._parts), ""
        )

    def tree(self, kind: str) -> Element | None:
        """The root of such a part."""
        name = self.part_name(kind)
        return parse_part(name, self._parts[name]) if name else None

    def headers(self) -> list[Element]:
        """The page headers of the first section: that of the first page, then that of all."""
        sections = self.document.iter(w("sectPr"))
        first = next(sections, None)
        if first is None:
            return []
        targets = {name: target for kind, target, name, _ in self._related if kind == "header"}
        kinds = {
            one.get(w("type"), "default"): one.get(r("id"), "")
            for one in first.iterchildren(w("headerReference"))
        }
        if first.find(w("titlePg")) is None:
            kinds.pop("first", None)
        names = [targets.get(kinds[kind], "") for kind in ("first", "default", "even") if kind in kinds]
        return [parse_part(name, self._parts[name]) for name in names if name in self._parts]

    def links(self, name: str) -> dict[str, str]:
        """The addresses that a part leads to, by their ids."""
        found = self._relations(_relations_of(name), "") if name else []
        return {
            one: target for kind, target, one, is_external in found if kind == "hyperlink" and is_external
        }

    @cached_property
    def pictures(self) -> dict[str, str]:
        """The parts of the document's pictures, by their ids."""
        return {
            name: target
            for kind, target, name, _ in self._related
            if kind == "image" and target in self._parts
        }

    def rewritten(self, styles: Element, numbering: Element, links: dict[str, str]) -> bytes:
        """Returns a package of the document as it is now, these parts, its pictures and nothing else."""
        folder, pictures = posixpath.dirname(self.document_name), self.pictures
        relations = [(f"xwk{kind}", kind, f"/{folder}/{kind}.xml") for kind in ("styles", "numbering")]
        relations += [(name, "image", f"/{target}") for name, target in pictures.items()]
        relations += [(name, "hyperlink", target) for name, target in links.items()]
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w") as package:  # not packed: it is read at once
            package.writestr("[Content_Types].xml", self._parts["[Content_Types].xml"])
            package.writestr("_rels/.rels", _relations_part([("rId1", "officeDocument", self.document_name)]))
            package.writestr(_relations_of(self.document_name), _relations_part(relations))
            package.writestr(self.document_name, etree.tostring(self.document))
            package.writestr(f"{folder}/styles.xml", etree.tostring(styles))
            package.writestr(f"{folder}/numbering.xml", etree.tostring(numbering))
            for target in {*pictures.values()}:
                package.writestr(target, self._parts[target])
        return written.getvalue()

    def _relations(self, name: str, folder: str) -> list[tuple[str, str, str, bool]]:
        """Kind, target, id of each relation in a part of them, and whether it leads out of the package."""
        if name not in self._parts:
            return []
        found = []
        for relation in parse_part(name, self._parts[name]):
            is_external = relation.get("TargetMode", "").lower() == "external"
            target = relation.get("Target", "")
            if not is_external:
                target = posixpath.normpath(posixpath.join(f"/{folder}", target)).lstrip("/")
            found.append(
                (relation.get("Type", "").rpartition("/")[2], target, relation.get("Id", ""), is_external)
            )
        return found


def _relations_of(name: str) -> str:
    folder, _, base = name.rpartition("/")
    return posixpath.join(folder, "_rels", f"{base}.rels")


def _relations_part(relations: list[tuple[str, str, str]]) -> bytes:
    root = etree.Element(f"{{{_RELATIONS}}}Relationships", nsmap={None: _RELATIONS})
    for name, kind, target in relations:
        more = {"TargetMode": "External"} if kind == "hyperlink" else {}
        etree.SubElement(
            root,
            f"{{{_RELATIONS}}}Relationship",
            {"Id": name, "Type": f"{OFFICE}/{kind}", "Target": target, **more},
        )
    content: bytes = etree.tostring(root)
    return content
