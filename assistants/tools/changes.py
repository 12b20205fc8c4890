"""changed_since: what came or changed since a moment, for who keeps something up to date."""

from __future__ import annotations

import datetime as dt

from django.db.models import F
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from pydantic import Field

from archive.markdown import Absolute
from archive.models import Article
from assistants.tools.base import Answer, Arguments, Citation, Day, NothingThere, Page, Tool

PAGE_SIZE = 30
_NOTHING_BEFORE = dt.datetime(1971, 1, 1, tzinfo=dt.UTC)


class ChangesArguments(Arguments):
    since: dt.datetime | Day = Field(
        description="从什么时候起：2025-03-21（那天零点，北京时间），或上次回答里的 until。"
    )
    page: Page = 1


class Changed(Citation):
    id: int
    changed_at: dt.datetime
    is_new: bool = Field(description="这以后才发布的；否则是改动过的。")


class ChangesAnswer(Answer):
    since: dt.datetime
    until: dt.datetime = Field(description="这次看到这一刻；下次从这里起。")
    total: int
    page: int
    pages: int
    articles: list[Changed] = Field(description=f"最近的在前，每页 {PAGE_SIZE} 篇。撤回了的不在内。")

    def markdown(self) -> str:
        rows = [
            f"- {'新发布' if one.is_new else '有改动'}：{one.link}（编号 {one.id}，{one.changed_at:%Y-%m-%d %H:%M}）"
            for one in self.articles
        ]
        head = f"{self.since:%Y-%m-%d %H:%M} 以来 {self.total} 篇，第 {self.page} 页，共 {self.pages} 页。"
        return "\n".join([head, *rows, f"下次从 {self.until.isoformat()} 起。"])


def changed_since(given: ChangesArguments, absolute: Absolute) -> ChangesAnswer:
    """Lists what members read now that they did not read so at that moment. Raises NothingThere for the future."""
    since, until = _moment(given.since), timezone.localtime()
    if since > until:
        raise NothingThere(f"since 在将来。现在是 {until.isoformat(timespec='seconds')}。")
    public_since = Coalesce(F("issue__published_at"), F("issue__created_at"))
    changed = (
        Article.objects.published()
        .headings()
        .select_related("issue")
        .annotate(changed=Greatest(F("updated_at"), public_since))
        .filter(changed__gte=since)
        .order_by("-changed", "-pk")
    )
    total = changed.count()
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(given.page, pages)
    return ChangesAnswer(
        since=since,
        until=until,
        total=total,
        page=page,
        pages=pages,
        articles=[
            Changed(
                **Citation.of(article, absolute).model_dump(),
                id=article.pk,
                changed_at=timezone.localtime(article.changed_at),
                is_new=article.issue.public_since >= since,
            )
            for article in changed[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        ],
    )


def _moment(given: dt.datetime | dt.date) -> dt.datetime:
    if not isinstance(given, dt.datetime):
        given = dt.datetime.combine(given, dt.time())
    if given.year < _NOTHING_BEFORE.year:  # databases count no further back than this
        return _NOTHING_BEFORE
    try:
        return timezone.localtime(timezone.make_aware(given) if timezone.is_naive(given) else given)
    except (ValueError, OverflowError):
        raise NothingThere("since 不是能用的时间。请写成 2025-03-21。") from None


CHANGED_SINCE = Tool(
    "changed_since",
    "看最近的变化",
    "某个时间以来新发布和改动过的文章，带出处：用来更新以前的回答，或看这周有什么新的。",
    ChangesArguments,
    ChangesAnswer,
    changed_since,
)
