"""Whatever a Word file is made of, each of its words is read once, and none that is not printed."""

from __future__ import annotations

from typing import Any

from docx.oxml import parse_xml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.reading import read_document
from tests.archive.word.builder import ALL, add_list, add_part, append, content, new, number, run, text_box

KINDS = (
    "plain", "heading", "styled", "numbered", "numbered below", "bullet", "bold", "hidden", "deleted", "inserted", "moved", "box",
    "old box", "note", "data table", "week table", "nested table", "ruby", "field", "control", "drop cap", "empty", "merged mark",
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(kinds=st.lists(st.sampled_from(KINDS), min_size=1, max_size=14))
def test_every_word_is_read_once(kinds: list[str]) -> None:
    shown, gone = [], []
    document = new()
    lists = [
        add_list(document, [("decimal", "%1.", 1), ("chineseCounting", "（%2）", 1)], 41),
        add_list(document, [("lowerLetter", "%1)", 1)], 42),
    ]
    notes = []
    for at, kind in enumerate(kinds):
        word, other = f"词甲{at:02}零", f"词乙{at:02}零"
        both = _put(document, kind, at, word, other, lists, notes)
        shown += [word, *([other] if both else [])]
        gone += [] if both else [other]
    if notes:
        add_part(document, "footnotes", f"<w:footnotes {ALL}>{''.join(notes)}</w:footnotes>")
    lines = read_document("w.docx", content(document)).lines
    html = "\n".join(line.html or line.text for line in lines)
    for word in shown:
        assert html.count(word) == 1, (word, kinds)
    for word in gone:
        assert word not in html, (word, kinds)
    assert [line.number for line in lines] == sorted({line.number for line in lines})


def _put(
    document: Any, kind: str, at: int, word: str, other: str, lists: list[int], notes: list[str]
) -> bool:
    """Puts two words into the document, and says whether the second is to be read too."""
    if kind in ("data table", "week table", "nested table"):
        _put_table(document, kind, word, other)
        return True
    paragraph = document.add_paragraph()
    if kind == "heading":
        paragraph.style = document.styles[f"Heading {at % 4 + 1}"]
    elif kind == "styled":
        paragraph.style = document.styles["Quote" if at % 2 else "Caption"]
    elif kind.startswith("numbered"):
        number(paragraph, lists[at % 2], 1 if kind == "numbered below" and not at % 2 else 0)
    elif kind == "bullet":
        paragraph.style = document.styles["List Bullet"]
    first = {
        "bold": run(word, "<w:b/>"),
        "ruby": f"<w:r><w:ruby><w:rt>{run('yin')}</w:rt><w:rubyBase>{run(word)}</w:rubyBase></w:ruby></w:r>",
        "field": f'<w:fldSimple w:instr=" DATE ">{run(word)}</w:fldSimple>',
        "control": f"<w:sdt><w:sdtContent>{run(word)}</w:sdtContent></w:sdt>",
        "inserted": f'<w:ins w:id="1" w:author="x">{run(word)}</w:ins>',
    }.get(kind, run(word))
    second = {
        "hidden": run(other, "<w:vanish/>"),
        "deleted": f'<w:del w:id="2" w:author="x">{run(other).replace("w:t", "w:delText")}</w:del>',
        "moved": f'<w:moveFrom w:id="3" w:author="x">{run(other)}</w:moveFrom>',
        "box": text_box(f"<w:p>{run(other)}</w:p>"),
        "old box": text_box(f"<w:p>{run(other)}</w:p>", is_old=True),
        "note": f'<w:r><w:footnoteReference w:id="{at + 10}"/></w:r>',
        "empty": "",
    }.get(kind, run(other))
    append(paragraph, first + second)
    if kind == "note":
        notes.append(f'<w:footnote w:id="{at + 10}"><w:p>{run(other)}</w:p></w:footnote>')
    elif kind == "merged mark":
        paragraph._p.get_or_add_pPr().append(
            parse_xml(f'<w:rPr {ALL}><w:del w:id="4" w:author="x"/></w:rPr>')
        )
    elif kind == "drop cap":
        paragraph._p.get_or_add_pPr().append(parse_xml(f'<w:framePr {ALL} w:dropCap="drop"/>'))
    elif kind == "empty":
        append(document.add_paragraph(), run(other))
    return kind not in ("hidden", "deleted", "moved")


def _put_table(document: Any, kind: str, word: str, other: str) -> None:
    table = document.add_table(rows=2, cols=1 if kind == "week table" else 2)
    table.rows[0].cells[0].text, table.rows[1].cells[-1].text = word, "" if kind == "nested table" else other
    if kind == "nested table":
        table.rows[1].cells[-1].add_table(rows=1, cols=1).rows[0].cells[0].text = other
