"""Which claims are asked for: of an article, of a topic, of a kind; and as a file."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator

from archive.formula_cells import disarmed
from archive.models import Article
from claims.articles import claims_of, subject_ids
from claims.models import Claim, ClaimQuerySet
from claims.reading import Kind
from claims.writing import plain
from glossary.current import current_matcher, current_revision
from glossary.models import Term

COLUMNS = (
    "种类",
    "从",
    "到",
    "单位",
    "约数",
    "写作",
    "谁的",
    "原句",
    "文章",
    "刊名",
    "期的开始日期",
    "期的结束日期",
    "网址",
)
_QUALIFIERS = {"": "", "about": "约", "above": "以上", "below": "以下"}


def of_article(article: Article) -> list[Claim]:
    """Returns what an article states as it stands now, read from its text, without asking for what is stored."""
    revision = current_revision()
    return claims_of(article, current_matcher(), subject_ids(revision))


def stated(
    *,
    topic: Term | None = None,
    article: int | None = None,
    kind: Kind | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> ClaimQuerySet:
    """Returns what published articles state, those of the newest issue first, with what each is said of and where.

    `since` and `until` are days: of issues whose last one is among them.
    """
    claims = Claim.objects.published().newest_first().select_related("article__issue", "subject")
    claims = claims.defer("article__body", "article__missing_figures")
    if topic is not None:
        claims = claims.filter(subject=topic)
    if article is not None:
        claims = claims.filter(article=article)
    if since is not None:
        claims = claims.filter(article__issue__end_date__gte=since)
    if until is not None:
        claims = claims.filter(article__issue__end_date__lte=until)
    return claims.filter(kind=kind) if kind else claims


def csv_lines(claims: Iterable[Claim], absolute: str) -> Iterator[bytes]:
    """Yields a CSV file of claims line by line, as Excel opens it; `absolute` is the site's own address."""
    yield "\ufeff".encode() + _line(COLUMNS)
    for claim in claims:
        issue = claim.article.issue
        first, last = _range(claim)
        yield _line(
            [
                claim.get_kind_display(),
                first,
                last,
                claim.unit,
                _QUALIFIERS[claim.qualifier],
                disarmed(claim.written),
                disarmed(claim.subject.name) if claim.subject else "",
                disarmed(claim.sentence),
                disarmed(claim.article.title),
                disarmed(issue.title),
                str(issue.start_date),
                str(issue.end_date),
                f"{absolute}{claim.address}",
            ]
        )


def _range(claim: Claim) -> tuple[str, str]:
    if claim.low is None or claim.high is None:
        return str(claim.since), str(claim.until)
    return plain(claim.low), plain(claim.high)


def _line(cells: Iterable[str]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerow(cells)
    return stream.getvalue().encode("utf-8", "replace")
