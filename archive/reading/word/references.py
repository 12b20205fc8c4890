"""Takes out of a document what leads nowhere: mammoth refuses a whole file for one link or picture that is missing."""

from __future__ import annotations

from collections.abc import Container

from archive.named_gaps import gap
from archive.reading.word.styles import read_int
from archive.reading.word.xml import Element, r, remove, run, w

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_VML = "{urn:schemas-microsoft-com:vml}"
_MOST_COLUMNS = 63
"""A table of Word's has no more."""


def keep_known(document: Element, links: Container[str], pictures: Container[str]) -> list[str]:
    """Unlinks what is linked to nothing, and leaves gaps where pictures are missing: returns their words."""
    for link in document.iter(w("hyperlink")):
        if r("id") in link.attrib and link.get(r("id")) not in links:
            del link.attrib[r("id")]
    for click in list(document.iter(f"{_DRAWING}hlinkClick", w("footnoteReference"), w("endnoteReference"))):
        remove(click)
    for symbol in list(document.iter(w("sym"))):
        if not _is_hexadecimal(symbol.get(w("char"), "")):
            remove(symbol)
    for span in list(document.iter(w("gridSpan"))):
        if not 0 < read_int(span.get(w("val"), "")) <= _MOST_COLUMNS:
            remove(span)
    gaps = []
    for image, name in [
        *((image, r("embed")) for image in document.iter(f"{_DRAWING}blip")),
        *((image, r("id")) for image in document.iter(f"{_VML}imagedata")),
    ]:
        if image.get(name, "") not in pictures:
            gaps += _gap_for(image)
            remove(image)
    return gaps


def _gap_for(image: Element) -> list[str]:
    """Puts the gap behind the run that holds the picture."""
    holder = next((one for one in image.iterancestors(w("r"))), None)
    if holder is None or holder.getparent() is None:
        return []
    properties = next(holder.iter("{*}docPr"), None)
    said = {} if properties is None else properties.attrib
    words = gap("图片", said.get("descr") or said.get("title") or "")
    holder.addnext(run(words))
    return [words]


def _is_hexadecimal(text: str) -> bool:
    return 0 < len(text) <= 6 and all(char in "0123456789abcdefABCDEF" for char in text)
