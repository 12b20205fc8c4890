"""An error at every line of a commit, and every page of every count of results."""

from __future__ import annotations

import os
import sys
from types import FrameType
from typing import Any

import pytest

from archive.editing import save_article
from archive.models import Issue
from search.engines.base import IndexQuery, IndexUnavailable
from search.engines.registry import current_engine
from search.engines.whoosh import committing, manifest, writing
from search.indexing import sync
from search.indexing.comparison import compare
from search.query.tree import And, Leaf, Where
from search.results.request import SearchRequest
from search.results.service import find
from tests.conftest import WeekMaker

EVERY = int(os.environ.get("XWK_LINES", "40"))
"""Which lines are tried in CI: one in so many."""
EVERY_COUNT = int(os.environ.get("XWK_PAGES", "26"))
FILES = {committing.__file__, manifest.__file__, writing.__file__}
MOST = 130


class Torn(OSError):
    pass


class ErrorAtLine:
    """Raises an error at the n-th executed line of the modules that write an index."""

    def __init__(self, number: int | None) -> None:
        self.number = number
        self.count = 0

    def __call__(self, frame: FrameType, event: str, argument: object) -> Any:
        if frame.f_code.co_filename not in FILES:
            return None
        if event == "line":
            self.count += 1
            if self.count == self.number:
                raise Torn(5, f"{frame.f_code.co_name}:{frame.f_lineno}")
        return self

    def __enter__(self) -> ErrorAtLine:
        self._before = sys.gettrace()
        sys.settrace(self)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(self._before)


@pytest.mark.django_db(transaction=True)
def test_an_error_at_any_line_of_a_commit_leaves_the_index_whole_and_free(make_issue: WeekMaker) -> None:
    issue: Issue = make_issue({"甲": "共同。", "乙": "共同。"})

    def save(text: str) -> None:
        with current_engine().lock("write", 0):  # the save itself indexes nothing
            article = issue.articles.get(position=1)
            article.body = f"<p>共同，{text}。</p>"
            save_article(article)

    def commit(number: int | None) -> int:
        with ErrorAtLine(number) as torn:
            sync.drain(0)
        return torn.count

    save("零")
    lines = commit(None)
    assert lines > 100
    raised = 0
    for number in range(1, lines, EVERY):
        text = f"改{number}"
        save(text)
        try:
            commit(number)
        except Torn:
            raised += 1
        except IndexUnavailable as error:  # of a file that could not be read
            if not isinstance(error.__cause__, Torn):
                raise
            raised += 1
        found = find(SearchRequest("共同"))
        assert found is not None
        assert (found.total, found.notice) == (2, ""), number
        with current_engine().lock("write", 0):  # nobody holds it any more
            pass
        sync.drain(0)
        found = find(SearchRequest(f'"{text}"'))
        assert found is not None
        assert (found.total, found.notice) == (1, ""), number
    assert raised
    assert compare().is_equal


@pytest.mark.django_db(transaction=True)
def test_every_page_of_every_count_is_complete(make_issue: WeekMaker) -> None:
    """Pages through up to 130 results, 1 to 25 a page, by score and by date, most of them equal."""
    make_issue({f"第{number}篇": "芯片" for number in range(1, MOST // 2 + 1)})
    make_issue({f"第{number}篇": "芯片" for number in range(MOST // 2, MOST)}, end_date="2025-03-28")
    engine = current_engine()
    ids = sorted(document.pk for document in engine.search(IndexQuery(Leaf("芯片"))).documents)
    assert len(ids) == MOST
    for count in range(0, MOST + 1, EVERY_COUNT):
        query = And((Leaf("芯片"), Where("pk", "in", tuple(ids[:count]))))
        for order in ((), ("-end_date",), ("end_date",)):
            for size in range(1, 26):
                seen = [
                    document.pk
                    for start in range(0, max(count, 1), size)
                    for document in engine.search(IndexQuery(query, order, start, start + size)).documents
                ]
                assert len(seen) == count, (count, size, order)
                assert sorted(seen) == ids[:count], (count, size, order)
