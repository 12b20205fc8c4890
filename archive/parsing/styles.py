"""Finds the headings of a document in each style that it could use: numbers, levels, bold, labels, bullets, bare lines.

A style only says which lines would be headings if the document used it; `choice` decides between the styles.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from archive.parsing.days import DAY_LABEL
from archive.parsing.heading_score import heading_score, is_followed_by_body, is_short_line
from archive.parsing.leads import LABEL, LABEL_BEFORE_BAR, LABELS, TOPIC
from archive.parsing.outline import Head, Outline
from archive.parsing.rows import DASHES, Row
from archive.parsing.sequence import Candidate, best_run
from archive.parsing.titles import ends_with_address

_LONGEST_LABEL = 8
_SHORTEST_LEAD, _LONGEST_LEAD, _LEAST_LEADS = 5, 30, 3
_NAMED = re.compile(r"[^\s:,。]{2,16}:(?=\s?[^\s/])")
"""Whom an item of one line is about: `甲公司：完成收购。`"""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The rows that are searched for headings, and which of them can not be one."""

    rows: Sequence[Row]
    usable: Sequence[bool]
    """False for contents lists, dates and the sign-off."""
    first_unnumbered: int
    """The first row that can be an unnumbered heading: title and dates, above it, look just like one."""
    offsets: Sequence[int]
    """The number of characters before each row, and last the number of all."""

    @property
    def total(self) -> int:
        return self.offsets[-1]


def make_stretch(rows: Sequence[Row], usable: Sequence[bool], first_unnumbered: int) -> Stretch:
    """Returns the stretch with its offsets. Rows that are not usable count as empty."""
    lengths = (len(row.folded) if use else 0 for row, use in zip(rows, usable, strict=True))
    return Stretch(rows, usable, first_unnumbered, [0, *accumulate(lengths)])


# Numbers.


def candidates_by_family(stretch: Stretch) -> dict[str, list[Candidate]]:
    """Groups the lines that begin with a number by the family of the number."""
    families: dict[str, list[Candidate]] = {}
    for index, row in enumerate(stretch.rows):
        if not stretch.usable[index] or not row.marker:
            continue
        title_rows = 1 if row.rest.strip() else 2
        if title_rows == 2 and not _is_title_below(stretch, index):
            continue
        form = row.marker.form + ("\n" if title_rows == 2 else "")
        candidate = Candidate(
            row=index,
            number=row.marker.number,
            form=form,
            heading_score=heading_score(stretch.rows, index, title_rows),
            position=stretch.offsets[index],
            ends=stretch.offsets[index + title_rows],
            looks=(row.level, row.is_bold, row.line.list_id),
        )
        families.setdefault(row.marker.family, []).append(candidate)
    return families


def _is_title_below(stretch: Stretch, index: int) -> bool:
    """Whether a number alone on its line has a line below it that can be its title."""
    below = index + 1
    if below >= len(stretch.rows) or not stretch.usable[below]:
        return False
    here, there = stretch.rows[index].marker, stretch.rows[below].marker
    return not (here and there and here.family == there.family and not stretch.rows[below].rest.strip())


def numbered(stretch: Stretch, family: str, candidates: Sequence[Candidate]) -> Outline:
    """Returns the outline of the best run of one family's numbers."""
    chosen = best_run(candidates, stretch.total)
    return Outline(family, tuple(numbered_head(stretch.rows, candidates[index]) for index in chosen))


def numbered_head(rows: Sequence[Row], candidate: Candidate) -> Head:
    """Returns the head of a numbered candidate."""
    is_alone = candidate.form.endswith("\n")
    cut = len(rows[candidate.row].line.text) if is_alone else rows[candidate.row].rest_start
    return Head(candidate.row, cut, candidate.number, title_rows=2 if is_alone else 1)


def with_tails(stretch: Stretch, outline: Outline) -> Outline:
    """Returns the outline with the titles cut out of their paragraphs, when most of them begin one."""
    leads = [stretch.rows[head.row].lead if head.title_rows == 1 else 0 for head in outline.heads]
    if 2 * sum(map(bool, leads)) < len(leads):
        return outline
    heads = (replace(head, tail=lead) for head, lead in zip(outline.heads, leads, strict=True))
    return replace(outline, heads=tuple(heads))


# Marks of the source: heading levels, bold lines.


def levelled(stretch: Stretch) -> Iterator[Outline]:
    """Yields an outline for each heading level."""
    levels = {row.level for row in stretch.rows if row.level}
    for level in sorted(levels):
        heads = [index for index in _unnumbered_rows(stretch) if stretch.rows[index].level == level]
        yield Outline("level", _plain_heads(stretch.rows, heads))


def bold(stretch: Stretch) -> Outline:
    """Returns the outline of all lines that are bold as a whole."""
    heads = [
        index
        for index in _unnumbered_rows(stretch)
        if stretch.rows[index].is_bold
        and not stretch.rows[index].is_block
        and is_short_line(stretch.rows[index], 80)
    ]
    return Outline("bold", _plain_heads(stretch.rows, heads))


# Marks in the text: brackets, bullets.


def labelled(stretch: Stretch) -> Outline:
    """Returns the outline of headings after a label or a day: `【头条】英特尔换帅`, `9月9日 | 甲厂扩产`."""
    heads = []
    for index in _unnumbered_rows(stretch):
        row = stretch.rows[index]
        if after_day := _after_day(row, index):
            heads.append(after_day)
            continue
        if not row.is_block and (before := LABEL_BEFORE_BAR.match(row.core) or TOPIC.match(row.core)):
            heads.append(Head(index, row.start + before.end(), label=before["label"]))
            continue
        found = LABEL.match(row.core)
        if (
            found
            and found[0][0] in LABELS
            and len(found["label"]) <= _LONGEST_LABEL
            and found.end() < len(row.core)
        ):
            heads.append(Head(index, row.start + found.end(), label=found["label"]))
    return Outline("label", tuple(heads))


def _after_day(row: Row, index: int) -> Head | None:
    found = DAY_LABEL.match(row.core) if not row.is_block else None
    if found is None:
        return None
    end = found.end("day") if found["day"] else found.end("spaced")
    return Head(index, row.start + found.end(), label=row.line.text[row.start : row.start + end])


def enclosed(stretch: Stretch) -> Outline:
    """Returns the outline of headings in brackets, `【英特尔换帅】`, or below a label on its own line, `【头条】`."""
    heads = []
    for index in _unnumbered_rows(stretch):
        row = stretch.rows[index]
        found = LABEL.match(row.core)
        if not found or found.end() != len(row.core):
            continue
        is_label = (
            len(found["label"]) <= _LONGEST_LABEL
            and index + 1 < len(stretch.rows)
            and (
                stretch.usable[index + 1]
                and is_short_line(stretch.rows[index + 1])
                and is_followed_by_body(stretch.rows, index + 2)
            )
        )
        if is_label:
            heads.append(Head(index, len(row.line.text), label=found["label"], title_rows=2))
        else:
            heads.append(Head(index, row.start))
    return Outline("enclosed", tuple(heads))


def led(stretch: Stretch) -> Outline:
    """Returns the outline of titles at the beginning of their own paragraph: `【标题】正文`, a bold first sentence."""
    heads = [index for index in _unnumbered_rows(stretch) if stretch.rows[index].lead]
    return Outline(
        "lead",
        tuple(
            Head(index, row.body_start, row.marker.number if row.marker else None, tail=row.lead)
            for index in heads
            for row in (stretch.rows[index],)
        ),
    )


def bulleted(stretch: Stretch) -> Iterator[Outline]:
    """Yields an outline for each ornament that stands before headings: `◆ 英特尔换帅`."""
    heads: dict[str, list[Head]] = {}
    for index in _unnumbered_rows(stretch):
        row = stretch.rows[index]
        if row.bullet and row.bullet not in f"–—{DASHES}" and not row.is_block:
            heads.setdefault(row.bullet, []).append(Head(index, row.body_start))
    for found_heads in heads.values():
        yield Outline("bullet", tuple(found_heads))


def itemized(stretch: Stretch) -> Iterator[Outline]:
    """Yields an outline for each kind of number or bullet, and of links: each is an article of one line."""
    heads: dict[str, list[Head]] = {}
    for index, row in enumerate(stretch.rows):
        if not stretch.usable[index] or not (row.title if row.lead else row.rest.strip()):
            continue
        if row.is_block and not row.lead:
            continue
        if row.marker:
            heads.setdefault(row.marker.family, []).append(
                Head(index, row.body_start, row.marker.number, tail=row.lead)
            )
        elif row.bullet and index >= stretch.first_unnumbered:
            heads.setdefault(row.bullet, []).append(Head(index, row.body_start, tail=row.lead))
        elif index >= stretch.first_unnumbered and (after_day := _after_day(row, index)):
            heads.setdefault("day", []).append(after_day)
        elif index >= stretch.first_unnumbered and _NAMED.match(row.core):
            heads.setdefault("named", []).append(Head(index, row.start))
        elif index >= stretch.first_unnumbered and ends_with_address(row):
            heads.setdefault("link", []).append(Head(index, row.start))
    for found_heads in heads.values():
        yield Outline("item", tuple(found_heads))


# No marks at all.


def sentences(stretch: Stretch) -> Outline:
    """Returns the outline of paragraphs that each begin with a short sentence; no heads unless all of them do.

    It is what is left to try where nothing looks like a heading: `甲厂扩产。甲厂周三宣布……`, a paragraph an article.
    """
    heads = []
    for index in _unnumbered_rows(stretch):
        row = stretch.rows[index]
        first = row.core.find("。") + 1
        if not (
            _SHORTEST_LEAD <= first <= _LONGEST_LEAD and len(row.core) >= 2 * first and row.has_gap_before
        ):
            return Outline("none", ())
        heads.append(Head(index, row.start, tail=row.start + first))
    return Outline("sentence", tuple(heads)) if len(heads) >= _LEAST_LEADS else Outline("none", ())


def blocks(stretch: Stretch) -> Outline:
    """Returns the outline of short lines with a blank line above and a paragraph below."""
    heads = [index for index in _bare_rows(stretch) if stretch.rows[index].has_gap_before]
    return Outline("block", tuple(Head(index) for index in heads))


def short_lines(stretch: Stretch) -> Outline:
    """Returns the outline of short lines among paragraphs, for a paste without blank lines."""
    return Outline("short", tuple(Head(index) for index in _bare_rows(stretch)))


def _bare_rows(stretch: Stretch) -> Iterator[int]:
    for index in _unnumbered_rows(stretch):
        row = stretch.rows[index]
        if (
            row.marker is None
            and len(row.core) >= 4
            and is_short_line(row)
            and _is_paragraph(stretch, index + 1)
        ):
            yield index


def _is_paragraph(stretch: Stretch, index: int) -> bool:
    if index >= len(stretch.rows) or not stretch.usable[index]:
        return False
    row = stretch.rows[index]
    return row.is_block or not is_short_line(row)


def _unnumbered_rows(stretch: Stretch) -> Iterator[int]:
    return (index for index in range(stretch.first_unnumbered, len(stretch.rows)) if stretch.usable[index])


def _plain_heads(rows: Sequence[Row], indices: Sequence[int]) -> tuple[Head, ...]:
    """Returns the heads of lines that no number marks; what most of them have before the title is cut."""
    families = Counter(marker.family for index in indices if (marker := rows[index].marker))
    family, count = families.most_common(1)[0] if families else ("", 0)
    is_numbered = count > 1 and 2 * count >= len(indices)
    ornaments = [rows[index].bullet for index in indices if rows[index].bullet not in ("", *f"–—{DASHES}")]
    is_adorned = len(ornaments) > 1 and 2 * len(ornaments) >= len(indices)
    heads = []
    for index in indices:
        row = rows[index]
        start = row.start if row.level and row.line.level == 0 else 0
        if is_numbered and row.marker and row.marker.family == family and row.rest.strip():
            heads.append(Head(index, row.rest_start, row.marker.number))
        elif is_adorned and row.bullet and not row.marker:
            heads.append(Head(index, row.body_start))
        else:
            heads.append(Head(index, start))
    return tuple(heads)
