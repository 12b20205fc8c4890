"""Members say what is wrong in an article, editors close what is done: these are the only writes of ErrorReport.

    报错 beside a paragraph ─► its form, with the paragraph as it is now ─► report ─► a row ─► close ─► prune

Kept are the paragraph as the member saw it, what is wrong, and a contact where one was left. Nothing else about who
sent it is kept: no address, no browser, no account. The contact goes when the report is closed, and the database
refuses a closed report that has one. How much one sender may send is counted without keeping who it is
(`archive.counting`).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from archive.counting import rate_of, seconds_to_wait
from archive.models import Article, ErrorReport
from archive.rate import waiting

MAX_MESSAGE = 500
MAX_CONTACT = 100
MAX_QUOTE = 1000
"""Characters of the paragraph that are kept: enough to find it again when it was moved or changed."""
MOST_OF_ARTICLE = 20
MOST = 500
"""Open reports at most: more than editors read, and a bound to what a flood can store."""
KEPT_FOR = dt.timedelta(days=180)
"""How long a closed report is kept."""

_ANCHOR = re.compile("p[1-9][0-9]{0,6}")


class ReportRefused(Exception):
    """A report that is not stored; its text says why, and what to do. `wait`: after how many seconds to try again."""

    def __init__(self, said: str, wait: int = 0) -> None:
        super().__init__(said)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Passage:
    """What a report is about: a paragraph of an article, as it was shown; empty, the article as a whole."""

    anchor: str = ""
    quote: str = ""


def passage_of(article: Article, anchor: str) -> Passage | None:
    """Returns the paragraph of an article at `anchor` (`p3`), as it is now; None when there is none."""
    if not _ANCHOR.fullmatch(anchor):
        return None
    found = (block for block in article.blocks if block.anchor == anchor)
    return next((Passage(anchor, block.text[:MAX_QUOTE]) for block in found), None)


def report(
    article: Article, passage: Passage, message: str, contact: str = "", sender: str = ""
) -> ErrorReport:
    """Stores what a member says is wrong; raises ReportRefused when there are too many. The same said twice is one.

    `sender` is who is counted and not kept (archive.counting); empty for who is not to be limited.
    """
    reports = ErrorReport.objects.open().filter(article=article)
    if said := reports.filter(anchor=passage.anchor, message=message).first():
        return said
    if reports.count() >= MOST_OF_ARTICLE:
        raise ReportRefused("这一篇已经收到很多报错，编辑正在处理。请过几天再来看，那时还有错再告诉我们。")
    if ErrorReport.objects.open().count() >= MOST:
        raise ReportRefused("收到的报错太多，编辑还没有处理完。请先复制您写的内容，过几天再来提交。")
    if wait := seconds_to_wait("reports", sender):
        rate = rate_of("reports")
        raise ReportRefused(
            f"您这里 {rate.period}内已经提交 {rate.times} 条报错。请先复制您写的内容，过{waiting(wait)}再来提交。",
            wait,
        )
    return ErrorReport.objects.create(
        article=article, anchor=passage.anchor, quote=passage.quote, message=message, contact=contact
    )


def close(reports: Iterable[ErrorReport], by: AbstractBaseUser | None = None) -> int:
    """Marks reports as done, and deletes the contacts that were left. Returns how many were open."""
    still_open = ErrorReport.objects.open().filter(pk__in=[each.pk for each in reports])
    return still_open.update(closed_at=timezone.now(), closed_by=by, contact="")


def prune(now: dt.datetime | None = None) -> int:
    """Deletes reports that were closed long ago. Returns how many."""
    deleted, _ = ErrorReport.objects.filter(closed_at__lt=(now or timezone.now()) - KEPT_FOR).delete()
    return deleted
