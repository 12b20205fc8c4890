"""A week → an issue with its articles: one transaction, all or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F

from archive import audit
from archive.article_matching import match_articles
from archive.body import allowed, blocks_of, written
from archive.changes import changing
from archive.figures import NewFiles, place_figures
from archive.images import PreparedImage
from archive.missing_figures import as_stored
from archive.models import Article, Issue
from archive.parsing import ParseWarning
from archive.publication_checks import Finding, holding
from archive.refusal import ImportRefused
from archive.richtext import Node, parse
from archive.versions import OUT_OF_THE_WAY
from archive.week import Week, check_week, refused_at, with_prepared_images

Images = Mapping[str, PreparedImage]


@dataclass(frozen=True, slots=True)
class ReadyWeek:
    """A week that can be stored, with the text and the images of each article as they will be."""

    week: Week
    articles: list[tuple[Node, Images]]


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did. `kept` articles have the address they had before."""

    issue: Issue
    created: bool
    kept: int
    added: int
    removed: int
    warnings: tuple[ParseWarning, ...] = ()
    held: tuple[Finding, ...] = ()
    """Why an issue that was to be published was not (archive.publication_checks)."""


def import_week(
    week: Week | ReadyWeek,
    *,
    publish: bool = False,
    replace: bool = False,
    by: AbstractBaseUser | None = None,
) -> ImportResult:
    """Stores one week, or raises ImportRefused and stores nothing. See `import_weeks`."""
    return import_weeks([week], publish=publish, replace=replace, by=by)[0]


def import_weeks(
    weeks: Iterable[Week | ReadyWeek],
    *,
    publish: bool = False,
    replace: bool = False,
    by: AbstractBaseUser | None = None,
) -> list[ImportResult]:
    """Stores all of these weeks or none of them.

    A week whose title and dates are already there is refused; with `replace` its content takes the place
    of the old, and an article that can be recognised keeps its id, so that links to it go on working.
    A new issue is a draft, an exported one what it was; `publish` publishes it unless something holds it. Replacing
    without `publish` leaves the status as it is. What was stored is kept as a version of `by`,
    and what it replaced can be restored.
    """
    # Texts and images are read before anything is locked.
    ready = [week if isinstance(week, ReadyWeek) else prepare_week(week) for week in weeks]
    for one in ready if replace else ():
        if issue := find_issue(one.week):  # the texts that will be compared are remembered by `blocks_of`
            match_articles(list(issue.articles.all()), one.week.articles)
    with NewFiles() as files, transaction.atomic():
        return [_store(week, files, publish=publish, replace=replace, by=by) for week in ready]


def check_import(week: Week, *, replace: bool = False) -> None:
    """Raises ImportRefused when `import_week` would. Stores nothing."""
    prepare_week(week)
    existing = find_issue(week)
    if existing and not replace:
        raise _already_there(existing, week)


def find_issue(week: Week) -> Issue | None:
    """The issue of the same title and dates."""
    start_date, end_date = _dates(week)
    return Issue.objects.filter(
        title=_tidy(week)(week.title), start_date=start_date, end_date=end_date
    ).first()


def _already_there(existing: Issue, week: Week) -> ImportRefused:
    return ImportRefused(
        f"这一期已经在库里了：{existing}，地址 {existing.get_absolute_url()}。"
        "要用这个文件替换它，请加 --replace；如果是另一期，请用 --title 或日期选项区分",
        line=week.line,
    )


def prepare_week(week: Week) -> ReadyWeek:
    """Reads texts and images, which takes its time: call it before anything is locked. Raises ImportRefused."""
    check_week(week)
    week = with_prepared_images(week)
    prepared: list[tuple[Node, Images]] = []
    for number, article in enumerate(week.articles, start=1):
        with refused_at(number, article):
            tree = parse(article.body_html)
            if not article.images:  # remembered for those who follow the change, under the lock
                blocks_of(written(allowed(tree)))
            # `place_figures` lets pass what is allowed
            prepared.append((tree, cast(Images, article.images)))
    return ReadyWeek(week, prepared)


def _store(
    ready: ReadyWeek, files: NewFiles, *, publish: bool, replace: bool, by: AbstractBaseUser | None
) -> ImportResult:
    week = ready.week
    issue = find_issue(week)
    if issue and not replace:
        raise _already_there(issue, week)
    is_new = issue is None
    issue = issue or Issue()
    with changing(issue, "导入" if is_new else "导入，替换原有内容", by) as written:
        _save_issue(issue, week)
        written.texts, kept, removed = _save_articles(issue, ready, files)
        held = tuple(holding(issue)) if publish and not issue.is_published else ()
        if publish and not (held or issue.is_published):
            issue.status, issue.publish_at = (
                Issue.Status.PUBLISHED,
                None,
            )  # now, whatever it was scheduled for
            issue.save_status()
            audit.note("published", issue, by, "导入时发布")
    return ImportResult(issue, is_new, kept, len(written.texts) - kept, removed, week.warnings, held)


def _save_issue(issue: Issue, week: Week) -> None:
    tidy = _tidy(week)
    if issue.pk is None and week.status:
        issue.status, issue.publish_at, issue.published_at = week.status, week.publish_at, week.published_at
        if not Issue.objects.filter(slug=week.slug).exists():
            issue.slug = week.slug
    issue.title = tidy(week.title)
    issue.start_date, issue.end_date = _dates(week)
    issue.columnist = tidy(week.columnist)
    issue.introduction, issue.sign_off = (
        text if week.status else text.strip() for text in (week.introduction, week.sign_off)
    )
    issue.source_url = week.source_url.strip()
    issue.save()


def _dates(week: Week) -> tuple[dt.date, dt.date]:
    if week.start_date is None or week.end_date is None:
        raise TypeError("check_week lets no week without dates pass")
    return week.start_date, week.end_date


def _save_articles(issue: Issue, ready: ReadyWeek, files: NewFiles) -> tuple[list[Article], int, int]:
    """Returns the articles, how many of them were there before, and how many were removed."""
    week, tidy = ready.week, _tidy(ready.week)
    existing = list(issue.articles.all())
    matches = match_articles(existing, week.articles)
    kept = {article.pk for article in matches.values()}
    for article in existing:
        if article.pk not in kept:
            article.delete()
    # No two articles of an issue may share a position, not even half-way through: first all step aside.
    issue.articles.update(position=F("position") + OUT_OF_THE_WAY)
    saved = []
    for place, (incoming, (tree, images)) in enumerate(zip(week.articles, ready.articles, strict=True)):
        article = matches.get(place) or Article(issue=issue)
        article.position = incoming.position or place + 1
        for name in ("title", "section", "source"):
            setattr(article, name, tidy(getattr(incoming, name)))
        article.source_url = incoming.source_url.strip()
        if images and article.pk is None:
            article.save()  # a figure needs an article to belong to
        article.body = place_figures(article, tree, images, files)
        article.missing_figures = as_stored(article.body, incoming.missing)
        article.save()
        saved.append(article)
    return saved, len(kept), len(existing) - len(kept)


def _tidy(week: Week) -> Callable[[str], str]:
    """What is done to a line of text. An archive that reads its own export back changes no space in it."""
    return str if week.status else _line


def _line(text: str) -> str:
    return " ".join(text.split())
