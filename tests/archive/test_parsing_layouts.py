"""Every layout of the tables in `layouts/` is read as its row claims."""

from __future__ import annotations

import pytest

from archive.parsing import parse_issue
from tests.archive.layouts.ends import ENDS
from tests.archive.layouts.layout import Layout
from tests.archive.layouts.lists import LISTS
from tests.archive.layouts.styles import STYLES
from tests.archive.layouts.traps import TRAPS
from tests.archive.wholeness import visible, visible_in

LAYOUTS = [*STYLES, *LISTS, *TRAPS, *ENDS]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.claim)
def test_layout_is_read(layout: Layout) -> None:
    issue = parse_issue(layout.text, year=layout.year)

    assert [article.title for article in issue.articles] == list(layout.titles)
    assert issue.title == layout.title
    assert (str(issue.start_date), str(issue.end_date)) == layout.dates
    assert [warning.code for warning in issue.warnings] == list(layout.codes)
    assert issue.columnist == layout.columnist
    assert issue.introduction == layout.introduction
    assert issue.sign_off == layout.sign_off
    if layout.bodies is not None:
        assert [article.body for article in issue.articles] == list(layout.bodies)
    if layout.sections is not None:
        assert [article.section for article in issue.articles] == list(layout.sections)
    if layout.numbers is not None:
        assert [article.number for article in issue.articles] == list(layout.numbers)
    if layout.sources is not None:
        assert [(article.source, article.source_url) for article in issue.articles] == list(layout.sources)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.claim)
def test_layout_loses_nothing(layout: Layout) -> None:
    source = layout.text if isinstance(layout.text, str) else "\n".join(line.text for line in layout.text)
    assert visible_in(parse_issue(layout.text)) == visible(source)


def test_every_warning_of_a_layout_says_where_and_what_to_do() -> None:
    for layout in LAYOUTS:
        count = len(layout.text.splitlines()) if isinstance(layout.text, str) else len(layout.text)
        for warning in parse_issue(layout.text, year=layout.year).warnings:
            assert warning.line is None or 1 <= warning.line <= max(1, count)
            assert warning.message.endswith("。")
            assert "请" in warning.message


def test_every_layout_has_its_own_claim() -> None:
    claims = [layout.claim for layout in LAYOUTS]
    assert len(claims) == len(set(claims))
    assert len(claims) >= 100
