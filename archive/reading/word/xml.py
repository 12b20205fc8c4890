"""The XML of Word files: read with limits, and a few words for its elements. Pure."""

from __future__ import annotations

import logging
from functools import cache
from typing import TypeAlias

from lxml import etree

from archive.refusal import ImportRefused

logger = logging.getLogger(__name__)

RESAVE = "请在 Word 里另存为新的 .docx 再导入"
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": _MAIN.encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": OFFICE.encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/math": b"http://schemas.openxmlformats.org/officeDocument/2006/math",
    b"http://purl.oclc.org/ooxml/drawingml/": b"http://schemas.openxmlformats.org/drawingml/2006/",
}
"""Strict Open XML, which Word writes on request, has other names for the same."""
Element: TypeAlias = etree._Element
_OFF = ("0", "false", "off", "none")


def parse_part(name: str, data: bytes) -> Element:
    """Returns the root of a part. No entity is replaced; what has a DTD, or is too deep for libxml2, is refused."""
    for strict, usual in _STRICT.items():
        data = data.replace(strict, usual)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if "depth" in str(error).lower():
            raise ImportRefused(f"这个 Word 文件里的内容嵌套太深，读不了。{RESAVE}，或只留下正文") from None
        raise ImportRefused(f"这个 Word 文件的 {name} 坏了，读不了。{RESAVE}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise dtd_refused(name)
    return root


def dtd_refused(name: str) -> ImportRefused:
    """Returns the refusal of a part with a document type, in which entities could be declared."""
    logger.warning("%s of a Word file has a DTD", name)
    return ImportRefused(f"这个 Word 文件不正常，没有导入。{RESAVE}")


@cache
def w(name: str) -> str:
    """The full name of an element or attribute of Word's: `w("p")` is `{http://…/main}p`."""
    return f"{{{_MAIN}}}{name}"


@cache
def r(name: str) -> str:
    """The same of a relationship: `r("id")`."""
    return f"{{{OFFICE}}}{name}"


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    name: str = etree.QName(element).localname
    return name


def make(name: str, /, *children: Element, **attributes: str) -> Element:
    """Returns a new element of Word's."""
    element = etree.Element(w(name), {w(key): value for key, value in attributes.items()})
    element.extend(children)
    return element


def run(text: str, *properties: Element) -> Element:
    """Returns a run of text."""
    words = make("t")
    words.text = text
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return make("r", *((make("rPr", *properties),) if properties else ()), words)


def value(element: Element | None, *path: str) -> str:
    """The `w:val` of the element at a path of children, empty where there is none."""
    for name in path:
        element = None if element is None else element.find(w(name))
    return "" if element is None else element.get(w("val"), "")


def switch(properties: Element | None, name: str) -> bool | None:
    """Whether a property is on: `<w:b/>` is, `<w:b w:val="0"/>` is not; None where it is not said."""
    found = None if properties is None else properties.find(w(name))
    return None if found is None else found.get(w("val"), "1") not in _OFF


def text_of(element: Element) -> str:
    """The words of an element, tabs and line breaks as spaces."""
    words = []
    for part in element.iter(w("t"), w("tab"), w("br"), w("noBreakHyphen")):
        if part.tag == w("t"):
            words.append(part.text or "")
        elif part.getparent().tag == w("r"):
            words.append("-" if part.tag == w("noBreakHyphen") else " ")
    return "".join(words)


def remove(element: Element) -> None:
    """Takes an element out of its parent."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def replace_by(element: Element, *others: Element) -> None:
    """Puts others in the place of an element: its own children, to unwrap it."""
    if element.getparent() is not None:
        for other in others:
            element.addprevious(other)
        remove(element)


def put_before(paragraph: Element, following: Element) -> None:
    """Moves what a paragraph says to the beginning of the next one, and takes the paragraph out.

    Of a row of them the last goes first, and each piece is moved once; a slice would count all that is there.
    """
    at = 0 if following.find(w("pPr")) is None else 1
    for child in reversed([child for child in paragraph if child.tag != w("pPr")]):
        following.insert(at, child)
    remove(paragraph)


def unwrap(root: Element, *names: str) -> int:
    """Puts the children of elements of these names in their place, and returns how many there were."""
    found = list(root.iter(*names))
    for element in reversed(found):  # inner ones first
        replace_by(element, *list(element))
    return len(found)
