"""A Word package → one that mammoth reads without loss, what was left out on the way, and what the page header says.

Mammoth reads a document as a flow of paragraphs in a few known styles. What Word shows besides, numbers, notes, text
boxes, levels of styles, is written into that flow first, a step a module.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from archive.reading.word import flow, notes, objects
from archive.reading.word.notes import NOTE_STYLE
from archive.reading.word.numbering import Numbering
from archive.reading.word.package import Package
from archive.reading.word.printed import keep_printed
from archive.reading.word.references import keep_known
from archive.reading.word.styles import Style, Styles, outline_level, read_int
from archive.reading.word.xml import Element, make, remove, switch, value, w

_STYLES = ("Title", *(f"heading {level}" for level in range(1, 7)), "caption")
_DEEPEST_LIST = 4
_KEPT_OF_RUNS = ("vertAlign",)
MARK = "list:"
"""Begins the name of the bookmark that tells of an automatic number: `list:7.0.0:3:3. ` is number 3 of that list."""


@dataclass(slots=True)
class Converted:
    """A document in words that mammoth knows."""

    package: bytes
    left_out: Counter[str] = field(default_factory=Counter)
    gaps: list[str] = field(default_factory=list)
    header: list[str] = field(default_factory=list)


def convert(package: Package) -> Converted:
    """Rewrites the document of a package."""
    styles = Styles(package.tree("styles"))
    document = package.document
    links = package.links(package.document_name)
    captions = flow.mark_captions(document)
    left_out, gaps = _cleaned(document, styles)
    noted: dict[str, Mapping[str, Element]] = {}
    for name in ("footnote", "endnote"):
        part = package.tree(f"{name}s")
        if part is not None:
            more, gaps_of_notes = _cleaned(part, styles)
            left_out += more
            gaps += gaps_of_notes
            objects.drop_pictures(part)
            notes.with_own_links(part, package.links(package.part_name(f"{name}s")), links, name)
        noted[w(f"{name}Reference")] = notes.notes_of(part)
    flow.place_text_boxes(document)
    flow.join_drop_caps(document)
    notes.place_notes(document, noted)
    gaps += keep_known(document, links, package.pictures)
    flow.open_deep_tables(document)
    flow.end_cells(document)
    _Writer(styles, Numbering(package.tree("numbering"), styles), captions).write(document)
    header: list[str] = []
    for part in package.headers():
        _cleaned(part, styles)
        flow.place_text_boxes(part)
        header += flow.page_words(part)
    new = package.rewritten(_styles_part(), _numbering_part(), links)
    return Converted(new, left_out, gaps, list(dict.fromkeys(header)))


def _cleaned(root: Element, styles: Styles) -> tuple[Counter[str], list[str]]:
    objects.choose_alternatives(root)
    left_out = keep_printed(root, styles)
    flow.keep_ruby_bases(root)
    flow.unwrap_fields(root) if root.tag != w("hdr") else None
    return left_out, objects.leave_gaps(root)


class _Writer:
    """Gives each paragraph its number and one of the styles that mammoth is told of, and each run its weight."""

    def __init__(self, styles: Styles, numbering: Numbering, captions: set[Element]) -> None:
        self._styles = styles
        self._numbering = numbering
        self._captions = captions

    def write(self, document: Element) -> None:
        for paragraph in document.iter(w("p")):
            self._paragraph(paragraph)

    def _paragraph(self, paragraph: Element) -> None:
        old = paragraph.find(w("pPr"))
        style = self._styles.find(value(old, "pStyle"))
        is_caption = style.kind == "caption" or paragraph in self._captions
        outline = value(old, "outlineLvl")
        level = outline_level(outline) if outline else style.level
        new = make("pPr")
        if is_caption or style.kind:
            new.append(make("pStyle", val="caption" if is_caption else style.kind))
        elif level:
            new.append(make("pStyle", val=f"heading {level}"))
        mark = self._numbered(old, style, new)
        if paragraph.getparent().tag != w("tc") and not _says_anything(paragraph):
            mark = None  # Word counts an empty paragraph, but there is nothing to read
        if old is not None:
            paragraph.remove(old)
        for child in paragraph.iter(w("r")):
            self._run(child, style, is_heading=bool(level or style.kind))
        if mark is not None:
            paragraph.insert(0, mark)
        paragraph.insert(0, new)

    def _numbered(self, old: Element | None, style: Style, new: Element) -> Element | None:
        own = None if old is None else old.find(w("numPr"))
        num_id = value(own, "numId") or style.list_id
        if not num_id or num_id == "0":
            return None
        level = value(own, "ilvl")
        of_style = None if level else self._numbering.level_of_style(num_id, value(old, "pStyle"))
        at = read_int(level) if level else style.list_level if of_style is None else of_style
        label = self._numbering.label(num_id, at)
        if label is None:
            return None
        if label.is_bullet:
            depth = make("ilvl", val=str(min(label.level, _DEEPEST_LIST)))
            new.append(make("numPr", depth, make("numId", val="1")))
            return None
        number = str(label.number) if label.is_plain else ""
        return make("bookmarkStart", id="0", name=f"{MARK}{label.list_id}:{number}:{label.text}")

    def _run(self, run: Element, paragraph: Style, *, is_heading: bool) -> None:
        old = run.find(w("rPr"))
        new = make("rPr")
        style_id = value(old, "rStyle")
        if style_id == NOTE_STYLE:
            new.append(make("rStyle", val=NOTE_STYLE))
        style = self._styles.find(style_id)
        for name, by_run, by_paragraph in (
            ("b", style.is_bold, paragraph.is_bold),
            ("i", style.is_italic, paragraph.is_italic),
        ):
            said = switch(old, name)
            if said is None:
                said = by_run
            if said is None and not is_heading:
                said = by_paragraph
            if said:
                new.append(make(name))
        for name in _KEPT_OF_RUNS:
            if old is not None and (kept := old.find(w(name))) is not None:
                new.append(kept)
        if old is not None:
            remove(old)
        if len(new):
            run.insert(0, new)


def _says_anything(paragraph: Element) -> bool:
    return any((one.text or "").strip() for one in paragraph.iter(w("t"))) or any(
        True for _ in paragraph.iter(w("drawing"), w("pict"), w("object"), w("sym"))
    )


def _styles_part() -> Element:
    paragraphs = (make("style", make("name", val=name), type="paragraph", styleId=name) for name in _STYLES)
    mark = make("style", make("name", val=NOTE_STYLE), type="character", styleId=NOTE_STYLE)
    return make("styles", *paragraphs, mark)


def _numbering_part() -> Element:
    """One list of bullets: numbers are text by now."""
    levels = (
        make("lvl", make("numFmt", val="bullet"), ilvl=str(level)) for level in range(_DEEPEST_LIST + 1)
    )
    bullets = make("abstractNum", *levels, abstractNumId="1")
    return make("numbering", bullets, make("num", make("abstractNumId", val="1"), numId="1"))
