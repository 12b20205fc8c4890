"""Issues that answer a query by their own words: what stands above the articles.

query ─► which issues (one look-up, at most MOST_SHOWN) ─► read again through published() ─► marked
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from archive.issue_text import (
    CONTENTS,
    INTRODUCTION,
    SIGN_OFF,
    IssuePassage,
    by_section,
    of_sections,
    passages_of,
)
from archive.models import Issue
from archive.statements import Statement
from archive.templatetags.archive_tags import dates_text
from glossary.vocabulary import current_vocabulary
from search.engines.base import Engine, IndexQuery
from search.query.query import Query
from search.query.tree import And, First, Leaf, Node, Or
from search.results.highlighting import Highlighter
from search.results.request import SearchRequest

_SENTENCE_END = re.compile(r"(?<=[。！？])")
MOST_SHOWN = 3
MOST_OF_ALL = 100
"""Where all are asked for."""
_BY_SECTION = Statement(lambda ids: by_section(Issue.objects.published().filter(pk__in=ids)))
_LINE, _HEAD = "line", "head"
"""Stand for no anchor: title and dates, and the columnist, are at the top of the issue's page."""


@dataclass(frozen=True)
class IssueHit:
    """An issue that answers, with its title, its dates and its best passage marked."""

    issue: Issue
    title: SafeString
    dates: SafeString
    snippet: SafeString
    is_in_line: bool
    """Whether title and dates show it already."""
    url: str
    """Leads to the passage."""


@dataclass(frozen=True)
class FoundIssues:
    """The first issues that answer, by id, and how many there are."""

    total: int = 0
    ids: Sequence[int] = ()


NO_ISSUES = FoundIssues()


def find_issues(
    query: Query, asked: SearchRequest, page: int, sort_by: Sequence[str], engine: Engine
) -> FoundIssues:
    """Looks up which issues answer a query under the filters of `asked`; they are shown on the first page."""
    node = _asked_of_issues(query)
    if node is None:
        return NO_ISSUES
    most = (MOST_OF_ALL if asked.all_issues else MOST_SHOWN) if page == 1 else 0
    node = And((node, *asked.filters()))
    found = engine.search(IndexQuery(node, tuple(sort_by), end=most, kind="issue"))
    return FoundIssues(found.total, [document.pk for document in found.documents])


def read_issues(found: FoundIssues, query: Query) -> list[IssueHit]:
    """Reads the issues again: the index proposes, the database decides."""
    if not found.ids:
        return []
    issues = {issue.pk: issue for issue in of_sections(_BY_SECTION.rows(found.ids))}
    highlighter = Highlighter(query.marked, current_vocabulary())
    return [_hit(issues[pk], highlighter) for pk in found.ids if pk in issues]


def _asked_of_issues(query: Query) -> Node | None:
    """What an issue must hold. Of a query with dates: those of these days, the very days before what they touch.

    Those of other days that hold the very characters come last.
    """
    tree = query.effective_tree
    if tree is None or query.when is None:
        return tree
    exact = [First(Leaf(date.period.name, is_exact=True)) for date in query.dates]
    on_these_days = First(Or((tree, *(And((tree, name)) for name in exact))))
    return Or((on_these_days, Leaf(query.text, is_exact=True)))


def _hit(issue: Issue, highlighter: Highlighter) -> IssueHit:
    passage = highlighter.best_passage(
        [
            (_LINE, issue.title),
            (_LINE, dates := dates_text(issue)),
            (_HEAD, f"栏目作者：{issue.columnist}" if issue.columnist else ""),
            *_by_sentence(
                [block for block in passages_of(issue) if block.anchor in (INTRODUCTION, SIGN_OFF)]
            ),
            (CONTENTS, " · ".join(issue.section_names)),
        ]
    )
    is_in_line = passage.anchor in ("", _LINE)
    anchor = "" if is_in_line or passage.anchor == _HEAD else f"#{passage.anchor}"
    return IssueHit(
        issue=issue,
        title=highlighter.highlight(issue.title),
        dates=highlighter.highlight(dates),
        snippet=passage.html,
        is_in_line=is_in_line,
        url=f"{issue.get_absolute_url()}{anchor}",
    )


def _by_sentence(paragraphs: Sequence[IssuePassage]) -> Iterator[IssuePassage]:
    """Each sentence, then each paragraph: that is shown only where it holds more than any sentence of it."""
    for anchor, text in paragraphs:
        yield from (IssuePassage(anchor, sentence.strip()) for sentence in _SENTENCE_END.split(text))
    yield from paragraphs
