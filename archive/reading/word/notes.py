"""Footnotes and endnotes: each stands below the paragraph that cites it, and so in its article."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archive.reading.word.xml import Element, make, r, remove, replace_by, run, text_of, w

NOTE_STYLE = "notemark"
"""The style of the mark in the text; a title is read without it."""
_REFERENCES = (w("footnoteReference"), w("endnoteReference"))


def place_notes(body: Element, notes: Mapping[str, Mapping[str, Element]]) -> None:
    """Puts `注1` where a note is cited, and the note below. `notes` are by the name of their reference, then by id."""
    number = 0
    last: dict[Element, Element] = {}
    for reference in list(body.iter(*_REFERENCES)):
        note = notes[reference.tag].get(reference.get(w("id"), ""))
        paragraph = next(reference.iterancestors(w("p")), None)
        holder = reference.getparent()
        if note is None or paragraph is None or holder.tag != w("r") or not text_of(note).strip():
            remove(reference)
            continue
        number += 1
        mark = run(f"注{number}", make("rStyle", val=NOTE_STYLE))
        replace_by(holder, *_without(holder, reference), mark)
        for line in _lines(note, number):
            below = last.get(paragraph, paragraph)
            below.addnext(line)
            last[paragraph] = line


def _without(holder: Element, reference: Element) -> list[Element]:
    """The run that held a reference, if it says anything else: a mark that the writer chose is no number of ours."""
    is_own = reference.get(w("customMarkFollows"), "0") in ("1", "true", "on")
    remove(reference)
    return [holder] if text_of(holder).strip() and not is_own else []


def _lines(note: Element, number: int) -> Iterator[Element]:
    is_first = True
    for paragraph in [one for one in note.iter(w("p")) if text_of(one).strip()]:
        for mark in list(paragraph.iter(w("footnoteRef"), w("endnoteRef"))):
            remove(mark)
        for words in paragraph.iter(w("t")):
            words.text = (words.text or "").lstrip()
            if words.text:
                break
        content = [child for child in paragraph if child.tag != w("pPr")]
        yield make("p", *((run(f"注{number}："),) if is_first else ()), *content)
        is_first = False


def notes_of(root: Element | None) -> dict[str, Element]:
    """The notes of a part by their ids, without the line that separates them from the page."""
    if root is None:
        return {}
    return {
        note.get(w("id"), ""): note
        for note in root.iterchildren(w("footnote"), w("endnote"))
        if note.get(w("type"), "normal") == "normal"
    }


def with_own_links(root: Element, targets: Mapping[str, str], known: dict[str, str], prefix: str) -> None:
    """Gives the links of a part ids that no other part has, and enters them into `known`."""
    for link in root.iter(w("hyperlink")):
        old = link.get(r("id"), "")
        if old in targets:
            known[f"{prefix}{old}"] = targets[old]
            link.set(r("id"), f"{prefix}{old}")
        elif old:
            del link.attrib[r("id")]
