"""What a page can not show as text or picture, charts, diagrams, embedded files, formulas: a named gap takes its place.

Equations keep their symbols in the name of the gap, so that no word of an article is lost.
"""

from __future__ import annotations

from lxml import etree

from archive.named_gaps import gap
from archive.reading.word.xml import Element, local, make, remove, replace_by, run, w

_MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_POSITIONED = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_OLE = "{urn:schemas-microsoft-com:office:office}OLEObject"
_GRAPHICS = (
    ("/chart", "图表"),
    ("/diagram", "示意图"),
    ("/ink", "手写"),
    ("/slicer", "图表"),
    ("model3d", "三维模型"),
)
_PROGRAMS = (("Excel", "表格"), ("Chart", "图表"), ("Equation", "公式"), ("MathType", "公式"), ("Visio", "示意图"),
    ("PowerPoint", "幻灯片"), ("Word", "文档"), ("Package", "附件"), ("Acro", "PDF 文件"))  # fmt: skip


def choose_alternatives(root: Element) -> None:
    """Keeps one of the ways in which Word wrote the same thing: the newer, unless only the older has its pictures."""
    for element in reversed(list(root.iter(f"{_COMPATIBLE}AlternateContent"))):
        choice = element.find(f"{_COMPATIBLE}Choice")
        fallback = element.find(f"{_COMPATIBLE}Fallback")
        has_older = fallback is not None and len(fallback) > 0
        takes_choice = choice is not None and (not has_older or _is_read(choice))
        chosen = choice if takes_choice else fallback
        replace_by(element, *(() if chosen is None else list(chosen)))


def _is_read(choice: Element) -> bool:
    """Whether we read what stands here: a text, a picture or something with a name; no group of pictures."""
    is_group = any(local(one) in ("wgp", "wpc") for one in choice.iter(etree.Element))
    has_pictures = next(choice.iter(f"{_DRAWING}blip"), None) is not None
    return not (is_group and has_pictures)


def leave_gaps(root: Element) -> list[str]:
    """Puts a gap where each chart, diagram, embedded file and formula stood, and returns their words, in order."""
    gaps: list[str] = []
    names = (w("drawing"), w("object"), w("altChunk"), f"{_MATHS}oMathPara", f"{_MATHS}oMath")
    for element in list(root.iter(*names)):
        if element.getparent() is None or (element.tag == f"{_MATHS}oMath" and _is_in_paragraph(element)):
            continue
        words = _words(element)
        if not words:
            continue
        gaps.append(words)
        if element.tag == w("altChunk"):
            replace_by(element, make("p", run(words)))
        elif element.getparent().tag == w("r"):
            text = make("t")
            text.text = words
            replace_by(element, text)
        elif local(element.getparent()) in ("body", "tc"):
            replace_by(element, make("p", run(words)))
        else:
            replace_by(element, run(words))
    return gaps


def _is_in_paragraph(formula: Element) -> bool:
    return next(formula.iterancestors(f"{_MATHS}oMathPara"), None) is not None


def _words(element: Element) -> str:
    name = local(element)
    if name == "drawing":
        return _graphic(element)
    if name == "object":
        return _embedded(element)
    if name == "altChunk":
        return gap("嵌入的文档")
    return gap("公式", "".join(part.text or "" for part in element.iter(f"{_MATHS}t", w("t"))))


def _graphic(drawing: Element) -> str:
    data = next(drawing.iter(f"{_DRAWING}graphicData"), None)
    uri = "" if data is None else data.get("uri", "")
    kind = next((kind for end, kind in _GRAPHICS if end in uri), "")
    if not kind:
        return ""
    properties = next(drawing.iter(f"{_POSITIONED}docPr"), None)
    said = {} if properties is None else properties.attrib
    return gap(kind, said.get("descr") or said.get("title") or said.get("name") or "")


def _embedded(element: Element) -> str:
    ole = next(element.iter(_OLE), None)
    if ole is None:
        return ""
    program = ole.get("ProgID", "")
    kind = next((kind for part, kind in _PROGRAMS if part.lower() in program.lower()), "嵌入的文件")
    shape = next((one for one in element.iter(etree.Element) if local(one) in ("shape", "rect")), None)
    return gap(kind, "" if shape is None else shape.get("alt", ""))


def drop_pictures(root: Element) -> None:
    """Takes pictures out of a part whose pictures are not those of the document."""
    for element in list(root.iter(w("drawing"), w("pict"), w("object"))):
        remove(element)
