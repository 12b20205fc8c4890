"""Puts what stands beside, within or above the text into its flow: text boxes, drop caps, ruby, fields, tables."""

from __future__ import annotations

from archive.reading.word.xml import Element, local, make, put_before, remove, replace_by, text_of, unwrap, w

_DEEPEST_TABLE = 3
"""Tables within tables that mammoth may read; it reads by recursion."""
_WRAPPERS = tuple(map(w, ("smartTag", "customXml", "fldSimple", "dir", "bdo")))


def unwrap_fields(root: Element) -> None:
    """Leaves of content controls, tags and simple fields what they show."""
    for control in reversed(list(root.iter(w("sdt")))):
        content = control.find(w("sdtContent"))
        replace_by(control, *(() if content is None else list(content)))
    for properties in list(root.iter(w("customXmlPr"), w("smartTagPr"), w("fldData"))):
        remove(properties)
    unwrap(root, *_WRAPPERS)


def mark_captions(root: Element) -> set[Element]:
    """The paragraphs that Word numbers as captions, by a field `SEQ`. Asked before fields are unwrapped."""
    simple = (field for field in root.iter(w("fldSimple")) if _is_sequence(field.get(w("instr"), "")))
    complex_ = (field for field in root.iter(w("instrText")) if _is_sequence(field.text or ""))
    paragraphs = (next(field.iterancestors(w("p")), None) for field in (*simple, *complex_))
    return {paragraph for paragraph in paragraphs if paragraph is not None}


def _is_sequence(instruction: str) -> bool:
    return instruction.split()[:1] == ["SEQ"]


def keep_ruby_bases(root: Element) -> None:
    """Leaves of characters with their reading above them the characters."""
    for ruby in reversed(list(root.iter(w("ruby")))):
        base = ruby.find(w("rubyBase"))
        parts = (
            []
            if base is None
            else [part for one in base.iter(w("r")) for part in one if part.tag != w("rPr")]
        )
        replace_by(ruby, *parts)


def join_drop_caps(root: Element) -> None:
    """Puts a large first letter, which is a paragraph in a frame, before the rest of its word."""
    for paragraph in reversed(list(root.iter(w("p")))):
        frame = paragraph.find(f"{w('pPr')}/{w('framePr')}")
        if frame is None or frame.get(w("dropCap"), "none") == "none":
            continue
        following = paragraph.getnext()
        if following is not None and following.tag == w("p"):
            put_before(paragraph, following)


def place_text_boxes(root: Element) -> None:
    """Puts what a text box says behind the paragraph that it is anchored to; boxes in boxes follow one another."""
    for box in reversed(list(root.iter(w("txbxContent")))):
        anchor = next(box.iterancestors(w("p")), None)
        holder = next(
            (one for one in box.iterancestors() if local(one) in ("drawing", "pict", "object")), None
        )
        if anchor is None or anchor.getparent() is None:
            continue
        blocks = list(box)
        if text_of(box).strip() or any(True for _ in box.iter(w("drawing"), w("pict"))):
            for block in reversed(blocks):
                anchor.addnext(block)
        remove(box)
        if holder is not None and _shows_nothing(holder):
            remove(holder)
        if not _says_anything(anchor) and anchor.getparent() is not None and blocks:
            remove(anchor)


def _shows_nothing(holder: Element) -> bool:
    return not any(local(one) in ("blip", "imagedata", "txbxContent") for one in holder.iter("{*}*"))


def _says_anything(paragraph: Element) -> bool:
    return bool(text_of(paragraph).strip()) or any(
        True for _ in paragraph.iter(w("drawing"), w("pict"), w("object"), w("footnoteReference"), w("sym"))
    )


def open_deep_tables(root: Element) -> None:
    """Opens the outer ones of tables in many others into paragraphs: nobody can read those as tables."""
    heights: dict[Element, int] = {}
    tables = list(root.iter(w("tbl")))
    for table in reversed(tables):  # inner ones first
        heights[table] = height = heights.get(table, 0) + 1
        outer = next(table.iterancestors(w("tbl")), None)
        if outer is not None:
            heights[outer] = max(heights.get(outer, 0), height)
    for table in tables:
        if heights[table] > _DEEPEST_TABLE:
            blocks = [
                block
                for cell in table.iterfind(f"{w('tr')}/{w('tc')}")
                for block in cell
                if block.tag in (w("p"), w("tbl"))
            ]
            replace_by(table, *blocks)


def end_cells(root: Element) -> None:
    """Gives every cell the paragraph that Word asks of it."""
    for cell in root.iter(w("tc")):
        if cell.find(w("p")) is None:
            cell.append(make("p"))


def page_words(root: Element) -> list[str]:
    """The lines of a page header, without the number of the page."""
    for field in list(root.iter(w("fldSimple"))):
        if _is_page(field.get(w("instr"), "")):
            remove(field)
    lines = []
    for paragraph in root.iter(w("p")):
        words, is_page, depth = [], False, 0
        for part in paragraph.iter(w("t"), w("tab"), w("br"), w("instrText"), w("fldChar")):
            kind = part.get(w("fldCharType"), "")
            depth += {"begin": 1, "end": -1}.get(kind, 0)
            is_page = depth > 0 and (is_page or (part.tag == w("instrText") and _is_page(part.text or "")))
            if part.tag in (w("tab"), w("br")):
                words.append(" " if part.getparent().tag == w("r") else "")
            elif part.tag == w("t") and not is_page:
                words.append(part.text or "")
        if line := " ".join("".join(words).split()):
            lines.append(line)
    return list(dict.fromkeys(lines))


def _is_page(instruction: str) -> bool:
    return instruction.split()[:1] in (["PAGE"], ["NUMPAGES"], ["SECTIONPAGES"])
