"""Exports the archive as JSON weeks that `import_issues` reads back to an equal archive.

A JSON week holds text. What text can not hold stands beside it: `html` with its `figures` where a body is more
than paragraphs, `missing_figures`, `position` where the numbers have gaps, and the state of the issue. An article
that is no more than paragraphs is the plain JSON week that other programs know.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import transaction

from archive.body import allowed, clean, figure_number, from_text, named, text_of, written
from archive.models import Article, Figure, Issue, IssueQuerySet
from archive.week import ISSUE_TEXTS, Week, WeekArticle, to_json


class ExportedIssue(NamedTuple):
    """An issue as a JSON week, and what of it could not be read."""

    slug: str
    week: dict[str, Any]
    lost: tuple[str, ...]
    """A message for each figure that was left out because its file is gone."""


def export_issues(issues: IssueQuerySet) -> Iterator[ExportedIssue]:
    """Yields the issues, oldest first. Each is read in one transaction: no save of an editor divides it."""
    for pk in list(issues.order_by("end_date", "pk").values_list("pk", flat=True)):
        with transaction.atomic():
            issue = issues.filter(pk=pk).first()
            exported = _exported(issue) if issue else None  # deleted or withdrawn since the list was made
        if exported:
            yield exported


def _exported(issue: Issue) -> ExportedIssue:
    articles = list(issue.articles.order_by("position"))
    texts = tuple(
        WeekArticle(one.title, text_of(one.body), one.source, one.source_url, section=one.section)
        for one in articles
    )
    given = {name: getattr(issue, name) for name in (*ISSUE_TEXTS, "start_date", "end_date")}
    week: dict[str, Any] = to_json(Week(articles=texts, **given))
    has_gaps = [article.position for article in articles] != [*range(1, len(articles) + 1)]
    lost: list[str] = []
    for article, data in zip(articles, week["articles"], strict=True):
        if has_gaps:
            data["position"] = article.position
        if clean(from_text(data["body"].splitlines())) != article.body:
            data["html"], figures = _with_figures(article, lost)
            data |= {"figures": figures} if figures else {}
        if article.missing_figures:
            data["missing_figures"] = article.missing_figures
    # That a week was handed over concerns the people here: elsewhere it is the draft that it is.
    status = Issue.Status.DRAFT if issue.is_in_review else issue.status
    state = {"slug": issue.slug, "status": status}
    times = {"publish_at": issue.publish_at, "published_at": issue.published_at}
    state |= {name: time.isoformat() for name, time in times.items() if time}
    return ExportedIssue(issue.slug, {**state, **week}, tuple(lost))


def _with_figures(article: Article, lost: list[str]) -> tuple[str, list[str]]:
    """Returns the body with its figures called `figure:0`, `figure:1`, …, and their files as base64."""
    tree = named(article.body)
    shown = [(image, number) for image in tree.find("img") if (number := figure_number(image))]
    known = Figure.objects.in_bulk({number for _, number in shown})
    files: list[str] = []
    names: dict[int, str] = {}
    for number in dict.fromkeys(number for _, number in shown):
        try:
            with known[number].image.open() as file:
                files.append(b64encode(file.read()).decode("ascii"))
            names[number] = f"figure:{len(files) - 1}"
        except (KeyError, OSError):
            lost.append(f"{article.issue} 第 {article.position} 篇：图 {number} 的文件不见了，没有导出")
            names[number] = ""
    for image, number in shown:
        image.attrs["src"] = names[number]
    return written(allowed(tree)), files
