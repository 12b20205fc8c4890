"""The kinds of files: what each is called, how it is known, what reads it, and what to do when nothing can. Pure.

`KINDS` is the one list. A file is known by its content where that tells, so that its name may be anything, and else by
the end of its name. To read another kind, add a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePath

from archive.parsing import Reading, read_lines
from archive.reading.exporter_table import Part, weeks_of_table
from archive.reading.html import declared_charset, read_html
from archive.reading.jsonweeks import read_json, read_json_lines
from archive.reading.mhtml import is_mhtml, read_mhtml
from archive.reading.page_frame import is_page
from archive.reading.text import decode, signature
from archive.reading.zips import names_in_zip
from archive.refusal import ImportRefused
from archive.week import Week

MAX_BYTES = 20 * 1024**2
MAX_ZIP_BYTES = 500 * 1024**2
MAX_LARGE_BYTES = 200 * 1024**2
"""A .json or .jsonl file can be a whole archive, exported."""

PASTE = "请打开它，全选复制，粘贴到“导入一期”里"
UNPACK = "请先解压，再导入里面的文件"
COPY_FROM_PICTURE = "请用微信或手机的“提取文字”取出字来，再粘贴到“导入一期”里"
_CONTENT_TYPES = "[Content_Types].xml"
"""A part that every Office file has: a zip of weeks may hold a folder `word/`, too."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file. `document`, `weeks` or `parts` reads it; where nothing does, `remedy` says what to do."""

    name: str
    """What editors call it."""
    suffixes: tuple[str, ...]
    """Ends of its files' names. The first is the usual one."""
    is_content: Callable[[bytes], bool] | None = None
    """Whether the content is of this kind; None where only the name tells."""
    document: Callable[[bytes], Reading] | None = None
    """Reads what an editor writes: one week that the parser has to understand."""
    weeks: Callable[[bytes], list[Week]] | None = None
    """Reads weeks that need no parser."""
    parts: Callable[[bytes], list[Part]] | None = None
    """Takes it apart: name and content of files that hold a week each, or why one can not be read."""
    is_package: bool = False
    """Whether it holds files that are read one by one (`archive.reading.members`)."""
    shows_images: bool = False
    """Whether it names images that may lie beside it."""
    is_picture: bool = False
    """Whether it belongs to a page beside it, if it lies in a folder."""
    remedy: str = ""
    max_bytes: int = MAX_BYTES

    @property
    def is_readable(self) -> bool:
        return not self.remedy

    def refusal(self) -> ImportRefused:
        """Returns the refusal of a file that nothing here can read."""
        gap = " " if self.name[0].isascii() else ""
        return ImportRefused(f"这是{gap}{self.name}，读不了。{self.remedy}")


def kind_of(name: str, data: bytes) -> Kind:
    """Returns the kind of a file by its content, or by the end of its name. Raises ImportRefused when neither tells.

    >>> kind_of("周报", b"%PDF-1.7").name, kind_of("周报.MD", b"# 1").name
    ('PDF 文件', 'Markdown 文件')
    """
    known = (kind for kind in KINDS if kind.is_content and kind.is_content(data))
    by_content, by_name = next(known, None), kind_by_name(name)
    kind = by_name or by_content if by_content and by_content.is_package else by_content or by_name
    if kind:
        return kind
    suffix = PurePath(name).suffix.lower() or "（没有扩展名）"
    raise ImportRefused(f"不认识的文件类型 {suffix}，能导入 {' '.join(suffixes())}。{PASTE}")


def kind_by_name(name: str) -> Kind | None:
    """Returns the kind that the end of a file's name says, None when no kind has it."""
    return _BY_SUFFIX.get(PurePath(name).suffix.lower())


def parts_of(name: str, data: bytes) -> list[Part]:
    """Returns the weeks that a file is a list of, each as a file: its rows. Raises ImportRefused."""
    kind = kind_of(name, data)
    return kind.parts(data) if kind.parts else []


def suffixes(kinds: Iterable[Kind] | None = None) -> list[str]:
    """Returns the ends of names of files that can be read."""
    return [suffix for kind in kinds or KINDS if kind.is_readable for suffix in kind.suffixes]


def check_size(size: int, most: int = MAX_BYTES) -> None:
    """Refuses a file of more than `most` bytes."""
    if size > most:
        limit = most // 1024**2
        raise ImportRefused(f"文件有 {size / 1024**2:.1f} MB，最多 {limit} MB。请压缩图片，或分成几个文件")


def _signed(*names: str) -> Callable[[bytes], bool]:
    return lambda data: signature(data) in names


def _office(folder: str) -> Callable[[bytes], bool]:
    """Knows an Office file by the folder that its parts lie in: to the first bytes it is any zip."""

    def is_content(data: bytes) -> bool:
        names = names_in_zip(data)
        return _CONTENT_TYPES in names and any(name.startswith(folder) for name in names)

    return is_content


def _read_page(data: bytes) -> Reading:
    return read_html(decode(data, declared_charset(data)))


# Each is loaded with the first file of its kind: every process of the site would wait for all of them.
def _read_markdown(data: bytes) -> Reading:
    from archive.reading.markdown import read_markdown

    return read_markdown(decode(data))


def _read_docx(data: bytes) -> Reading:
    from archive.reading.word import read_docx

    return read_docx(data)


def _read_pdf(data: bytes) -> Reading:
    from archive.reading.pdf import read_pdf

    return read_pdf(data)


KINDS: tuple[Kind, ...] = (
    Kind("纯文本", (".txt",), document=lambda data: Reading(read_lines(decode(data)))),
    Kind("Markdown 文件", (".md", ".markdown"), document=_read_markdown, shows_images=True),
    Kind("网页", (".html", ".htm"), is_page, document=_read_page, shows_images=True),
    Kind("网页归档", (".mhtml", ".mht"), is_mhtml, document=read_mhtml),
    Kind("Word 文件", (".docx",), _office("word/"), document=_read_docx),
    Kind("Excel 表格", (".xlsx",), _office("xl/"), parts=weeks_of_table),
    Kind("JSON", (".json",), weeks=lambda data: read_json(decode(data)), max_bytes=MAX_LARGE_BYTES),
    Kind("JSON Lines", (".jsonl",), weeks=lambda data: read_json_lines(decode(data)), max_bytes=MAX_LARGE_BYTES),
    Kind("zip 压缩包", (".zip",), lambda data: bool(names_in_zip(data)), is_package=True, max_bytes=MAX_ZIP_BYTES),
    Kind("PDF 文件", (".pdf",), _signed("PDF 文件"), document=_read_pdf),
    Kind("旧版或加了密码的 Office 文件（.doc、.xls、.wps）", (".doc", ".dot", ".wps", ".xls", ".et", ".ppt"),
         _signed("旧版或加密的 Word 文件（.doc）"), remedy=f"{PASTE}；或另存为 .docx"),
    Kind("RTF 文件", (".rtf",), _signed("RTF 文件"), remedy=f"{PASTE}；或另存为 .docx"),
    Kind("启用宏的 Word 文件", (".docm",), remedy="请在 Word 里另存为“Word 文档（.docx）”"),
    Kind("Pages 文稿", (".pages",), remedy=f"{PASTE}；或导出为 Word"),
    Kind("邮件", (".eml", ".msg"), remedy=PASTE),
    Kind("RAR 压缩包", (".rar",), _signed("RAR 压缩包"), remedy=UNPACK),
    Kind("7z 压缩包", (".7z",), _signed("7z 压缩包"), remedy=UNPACK),
    Kind("压缩包", (".gz", ".tgz", ".bz2", ".xz", ".tar"),
         _signed("gzip 压缩包", "bzip2 压缩包", "xz 压缩包"), remedy=UNPACK),
    Kind("图片", (".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".heic"),
         _signed("PNG 图片", "JPEG 图片", "GIF 图片"), remedy=COPY_FROM_PICTURE, is_picture=True),
)  # fmt: skip
"""Those that are known by their content stand before those that their content would be taken for."""

_BY_SUFFIX = {suffix: kind for kind in KINDS for suffix in kind.suffixes}
