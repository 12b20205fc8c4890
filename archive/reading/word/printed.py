"""Leaves of a document what Word prints: no deleted or hidden text, no comments; what was inserted is accepted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from archive.reading.word.styles import Styles
from archive.reading.word.xml import Element, local, put_before, remove, switch, text_of, unwrap, value, w

_DELETED = (w("del"), w("moveFrom"))
_INSERTED = (w("ins"), w("moveTo"))
_FORMER = tuple(map(w, (
    "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblGridChange",
    "trPrChange", "tcPrChange", "numberingChange",
)))  # fmt: skip
_NEVER = tuple(map(w, ("commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef", "proofErr",
    "permStart", "permEnd", "bookmarkStart", "bookmarkEnd", "lastRenderedPageBreak", "delText", "delInstrText",
    "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd")))  # fmt: skip


def keep_printed(root: Element, styles: Styles) -> Counter[str]:
    """Takes out what is not printed, and returns how much of each kind: `deleted`, `inserted`, `hidden`, `comments`."""
    count: Counter[str] = Counter()
    count["comments"] = sum(1 for _ in root.iter(w("commentReference")))
    _accept_paragraph_marks(root, count)
    _drop_deleted(root, count)
    for inserted in list(root.iter(*_INSERTED)):
        is_mark = inserted.getparent() is not None and local(inserted.getparent()) in ("rPr", "trPr", "tcPr")
        count["inserted"] += not is_mark and bool(text_of(inserted).strip())
    unwrap(root, *_INSERTED)
    for element in list(root.iter(*_FORMER, *_NEVER)):
        remove(element)
    _drop_hidden(root, styles, count)
    return count


def _drop_deleted(root: Element, count: Counter[str]) -> None:
    for element in list(root.iter(*_DELETED)):
        parent = element.getparent()
        if parent is None:
            continue
        if local(parent) == "trPr":
            row = parent.getparent()
            if row is not None:
                count["deleted"] += 1
                remove(row)
        elif local(parent) == "rPr":  # only the mark of the paragraph: done
            remove(element)
        else:
            count["deleted"] += 1
            remove(element)
    for element in list(root.iter(w("cellDel"))):
        cell = element.getparent().getparent()
        count["deleted"] += 1
        remove(cell)
    for table in list(root.iter(w("tbl"))):
        if next(table.iter(w("tc")), None) is None:
            remove(table)


def _accept_paragraph_marks(root: Element, count: Counter[str]) -> None:
    """Where the end of a paragraph was deleted, the next one goes on in it, in its own style as Word has it."""
    for paragraph in reversed(list(root.iter(w("p")))):
        mark = paragraph.find(f"{w('pPr')}/{w('rPr')}")
        if mark is None or all(mark.find(name) is None for name in _DELETED):
            continue
        following = paragraph.getnext()
        if following is not None and following.tag == w("p"):
            put_before(paragraph, following)
            count["deleted"] += 1


def _drop_hidden(root: Element, styles: Styles, count: Counter[str]) -> None:
    last: Element | None = None
    for paragraph in list(root.iter(w("p"))):
        style = value(paragraph, "pPr", "pStyle")
        hidden = [one for one in _runs(paragraph) if _is_hidden(one, style, styles)]
        for run in hidden:
            if text_of(run).strip() or len(run) > 1:
                count["hidden"] += last is None or last.getnext() is not run  # runs side by side are one text
            last = run
        for run in hidden:
            if next(run.iter(w("fldChar")), None) is None:  # or a field would have no end
                remove(run)
            else:
                for child in [one for one in run if one.tag in (w("t"), w("tab"), w("br"), w("sym"))]:
                    remove(child)
        is_mark_hidden = (
            switch(paragraph.find(f"{w('pPr')}/{w('rPr')}"), "vanish") or styles.find(style).is_hidden
        )
        if is_mark_hidden and hidden and not text_of(paragraph).strip():
            _remove_paragraph(paragraph)


def _runs(paragraph: Element) -> Iterator[Element]:
    """The runs of a paragraph, not those of a text box in it."""
    return (run for run in paragraph.iter(w("r")) if next(run.iterancestors(w("p")), None) is paragraph)


def _is_hidden(run: Element, paragraph_style: str, styles: Styles) -> bool:
    properties = run.find(w("rPr"))
    own = switch(properties, "vanish")
    if own is not None:
        return own
    of_style = styles.find(value(properties, "rStyle")).is_hidden
    return bool(styles.find(paragraph_style).is_hidden if of_style is None else of_style)


def _remove_paragraph(paragraph: Element) -> None:
    parent = paragraph.getparent()
    is_last = parent is not None and parent.tag == w("tc") and len(parent.findall(w("p"))) == 1
    if not is_last and next(paragraph.iter(w("drawing"), w("pict"), w("object")), None) is None:
        remove(paragraph)
