"""Issues and articles, and the one definition of what members may see."""

from __future__ import annotations

import datetime as dt
import itertools
import secrets
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Q
from django.db.models.functions import Coalesce, ExtractYear, Greatest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe

from archive.addresses import address_of, address_of_number
from archive.body import Block, blocks_of
from archive.kept_forms import OpenForm as OpenForm
from archive.kept_forms import SavedForm as SavedForm
from archive.proposal import Proposal as Proposal  # Django looks for models here
from archive.revisions import Revision as Revision
from archive.timeline import days_text
from archive.wechat.models import PostStyle as PostStyle

NEWEST_FIRST = ["-end_date", "-id"]
"""The order of issues. What is counted over their articles has to name it: Django drops a default order there."""


class IssueQuerySet(models.QuerySet["Issue"]):
    def published(self) -> Self:
        """Issues that members may see. Pages, feeds, API, index and counts all start here."""
        return self.filter(status=Issue.Status.PUBLISHED)

    def due(self, now: dt.datetime) -> Self:
        """Scheduled issues whose time has come and that have something to show."""
        scheduled = self.filter(status=Issue.Status.SCHEDULED, publish_at__lte=now)
        return scheduled.filter(Exists(Article.objects.filter(issue=OuterRef("pk"))))

    def before(self, issue: Issue) -> Self:
        """Issues older than `issue`: those that the default order puts after it."""
        return self.filter(Q(end_date__lt=issue.end_date) | Q(end_date=issue.end_date, pk__lt=issue.pk))

    def after(self, issue: Issue) -> Self:
        """Issues newer than `issue`: those that the default order puts before it."""
        return self.filter(Q(end_date__gt=issue.end_date) | Q(end_date=issue.end_date, pk__gt=issue.pk))

    def around(self, days: Iterable[dt.date]) -> Self:
        """Issues that end within three days of one of `days`: of a weekly digest, one each."""
        near = Q(pk__in=[])
        for day in days:
            near |= Q(end_date__range=(day - dt.timedelta(days=3), day + dt.timedelta(days=3)))
        return self.filter(near)

    def with_first_articles(self, number: int) -> Self:
        """Each issue with `first_articles`: its first `number` articles, without their bodies."""
        first = Article.objects.filter(position__lte=number).headings()
        return self.prefetch_related(Prefetch("articles", first, to_attr="first_articles"))

    def with_article_count(self) -> Self:
        """Each issue with `article_count`, newest first."""
        return self.annotate(article_count=Count("articles")).order_by(*NEWEST_FIRST)

    def with_changed_at(self) -> Self:
        """Each issue with `changed_at`: when it, or an article of it, was last saved. Newest first."""
        articles = Coalesce(Max("articles__updated_at"), F("updated_at"))
        return self.annotate(changed_at=Greatest(F("updated_at"), articles)).order_by(*NEWEST_FIRST)

    def years(self) -> list[dict[str, int]]:
        """Years that have issues, newest first, with how many: `[{"year": 2025, "issues": 12}]`."""
        rows = self.order_by().values(year=ExtractYear("end_date")).annotate(issues=Count("pk"))
        years = [{"year": int(row["year"]), "issues": int(row["issues"])} for row in rows]
        return sorted(years, key=itemgetter("year"), reverse=True)


def new_preview_key() -> str:
    """A random value that preview links carry; another one ends all links that were given away."""
    return secrets.token_urlsafe(12)


class Issue(models.Model):
    """One week's digest."""

    class Status(models.TextChoices):
        DRAFT = "draft", "草稿"
        REVIEW = "review", "待审"
        SCHEDULED = "scheduled", "待发布"
        PUBLISHED = "published", "已发布"

    title = models.CharField("刊名", max_length=200, help_text="例如：半导体一周要闻")
    slug = models.SlugField("地址", max_length=20, unique=True, editable=False)
    start_date = models.DateField("开始日期")
    end_date = models.DateField("结束日期")
    columnist = models.CharField("栏目作者", max_length=100, blank=True)
    introduction = models.TextField("导语", blank=True, help_text="目录之前的一段话，可以留空。")
    sign_off = models.TextField("尾注", blank=True, help_text="文末的作者介绍、声明等，可以留空。")
    source_url = models.URLField("原文链接", max_length=500, blank=True)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.DRAFT)
    publish_at = models.DateTimeField(
        "发布时间", null=True, blank=True, help_text="定时的一期到这时上线；已发布的一期从这时起可见。"
    )
    published_at = models.DateTimeField("首次发布时间", null=True, blank=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    """Grows with every change of the issue or of one of its articles: a form knows by it whether it is out of date."""
    preview_key = models.CharField("预览标识", max_length=22, default=new_preview_key, editable=False)
    created_at = models.DateTimeField("录入时间", auto_now_add=True)
    updated_at = models.DateTimeField("修改时间", auto_now=True)

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "期"
        ordering = NEWEST_FIRST
        permissions = [("publish_issue", "可以发布、定时和撤回期")]
        constraints = [
            models.UniqueConstraint(
                fields=["title", "start_date", "end_date"],
                name="issue_unique_title_dates",
                violation_error_message="文库里已经有这一期：刊名和起止日期都相同。请改刊名或日期，或者打开那一期修改。",
            ),
            models.CheckConstraint(
                condition=Q(start_date__lte=F("end_date")),
                name="issue_starts_before_it_ends",
                violation_error_message="开始日期不能晚于结束日期。",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "review", "scheduled", "published"]),
                name="issue_status_known",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="issue_has_title"),
            models.CheckConstraint(
                condition=~Q(status="scheduled") | Q(publish_at__isnull=False),
                name="issue_scheduled_has_time",
                violation_error_message="定时发布需要填写发布时间。",
            ),
        ]
        indexes = [models.Index(fields=["status", "-end_date"], name="issue_by_status_and_date")]

    def __str__(self) -> str:
        if not (self.start_date and self.end_date):
            return self.title
        first, last = (dt.date.fromisoformat(str(day)) for day in (self.start_date, self.end_date))
        return f"{self.title}（{days_text(first, last)}）"

    def save(self, *args: object, **kwargs: object) -> None:
        """Completes its own columns: keeps the address in step with the dates until the issue was public once."""
        if self.is_published:
            self.publish_at = self.publish_at or timezone.now()
            self.published_at = self.published_at or self.publish_at
        day = str(self.end_date)  # a date, or the text that it was made from
        if not self.slug or not (self.published_at or self.slug.startswith(day)):
            self.slug = self._free_slug(day)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def get_absolute_url(self) -> str:
        return address_of("archive:issue-detail", self.slug)

    def save_status(self) -> None:
        """Saves no text: the issue in hand may have been read before another editor saved it."""
        self.save(update_fields=["status", "publish_at", "published_at", "slug", "preview_key", "updated_at"])

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED

    @cached_property
    def section_names(self) -> tuple[str, ...]:
        """The names of its sections, in their order. Who reads many issues reads them with these."""
        named = self.articles.exclude(section="").order_by("position").values_list("section", flat=True)
        return tuple(dict.fromkeys(named))

    @property
    def public_since(self) -> dt.datetime:
        """When a published issue was published first."""
        return self.published_at or self.created_at

    @property
    def is_scheduled(self) -> bool:
        return self.status == self.Status.SCHEDULED

    @property
    def is_in_review(self) -> bool:
        return self.status == self.Status.REVIEW

    @property
    def waiting_week(self) -> Proposal | None:
        """What was handed over of the whole issue and waits."""
        return self.proposals.filter(outcome=Proposal.Outcome.PENDING, changes={}).first()

    @property
    def is_visible_or_due(self) -> bool:
        """Whether members see it, or will without anyone looking at it again: only who may publish changes it."""
        return self.is_published or self.is_scheduled

    def _free_slug(self, day: str) -> str:
        """The end date; a second digest that ends on the same day gets `-2`."""
        same_day = Issue.objects.filter(slug__startswith=day).exclude(pk=self.pk)
        taken = set(same_day.values_list("slug", flat=True))
        numbered = (f"{day}-{number}" for number in itertools.count(2))
        return next(slug for slug in itertools.chain([day], numbered) if slug not in taken)


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> Self:
        """Articles that members may see: those of published issues."""
        return self.filter(
            issue__status=Issue.Status.PUBLISHED
        )  # as issues: a join, half as long to write as IN

    def lacking_figures(self) -> Self:
        """Articles with figures that did not come along."""
        return self.exclude(missing_figures=[])

    def headings(self) -> Self:
        """Articles as a list of contents needs them: without their bodies."""
        return self.defer("body")


class Article(models.Model):
    """One numbered article of an issue. Its address never changes, whatever is reordered."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="articles", verbose_name="期")
    position = models.PositiveSmallIntegerField("序号", validators=[MinValueValidator(1)])
    title = models.CharField("标题", max_length=300)
    body = models.TextField("正文", blank=True)
    section = models.CharField("分栏", max_length=50, blank=True, help_text="例如：政策。可以留空。")
    source = models.CharField("来源", max_length=200, blank=True, help_text="例如：集邦咨询")
    source_url = models.URLField("来源链接", max_length=500, blank=True)
    missing_figures = models.JSONField("缺的图", default=list, blank=True, editable=False)
    """Figures that did not come along (archive.missing_figures): for editors, members see no gap."""
    updated_at = models.DateTimeField("修改时间", auto_now=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "文章"
        ordering = ["issue", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "position"],
                name="article_unique_position",
                violation_error_message="同一期里的序号不能重复。",
            ),
            models.CheckConstraint(condition=Q(position__gte=1), name="article_position_from_one"),
            models.CheckConstraint(condition=~Q(title=""), name="article_has_title"),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.title}"

    def get_absolute_url(self) -> str:
        return address_of_number("archive:article-detail", self.pk)

    @property
    def changed_at(self) -> dt.datetime:
        """When the article became what members read: its last change, or its issue's publication after that."""
        return max(self.updated_at, self.issue.public_since)

    @property
    def html(self) -> SafeString:
        """The body, to be shown as it is: it went through body.clean() before it was stored."""
        return mark_safe(self.body)  # noqa: S308

    @property
    def blocks(self) -> Sequence[Block]:
        """The paragraphs, lists, tables and figures of the body, in order."""
        return blocks_of(self.body)

    @property
    def text(self) -> str:
        """Everything a reader can see of the article itself: title, body, source, section; a line a paragraph."""
        lines = [self.title, *(block.text for block in self.blocks), self.source, self.section]
        return "\n".join(lines).strip()


def figure_path(figure: Figure, filename: str) -> str:
    """Where a figure's file is kept below the media folder; the name is its content's hash."""
    return f"figures/{figure.sha256[:2]}/{figure.sha256}.{figure.image_format}"


class Figure(models.Model):
    """An image of an article. Bodies point at it by `/figures/<id>/`; it is as visible as its article."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="figures", verbose_name="文章")
    image = models.FileField("图片", upload_to=figure_path)
    image_format = models.CharField(
        "格式", max_length=4, choices=[("png", "PNG"), ("jpg", "JPEG"), ("webp", "WebP")]
    )
    width = models.PositiveIntegerField("宽（像素）")
    height = models.PositiveIntegerField("高（像素）")
    alt = models.CharField("图片说明", max_length=300, blank=True)
    sha256 = models.CharField("内容校验值", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "图片"

    def __str__(self) -> str:
        return self.alt or f"图片 {self.pk}"

    def get_absolute_url(self) -> str:
        return address_of_number("archive:figure", self.pk)


class ErrorReportQuerySet(models.QuerySet["ErrorReport"]):
    def open(self) -> Self:
        """Reports that no editor has closed yet, the newest first."""
        return self.filter(closed_at=None)


class ErrorReport(models.Model):
    """What a member says is wrong in an article. Nothing is kept of who said it but the contact that was left.

    `anchor` and `quote` are the paragraph as the member saw it; both empty: the article as a whole.
    """

    article = models.ForeignKey(Article, models.CASCADE, related_name="error_reports", verbose_name="文章")
    anchor = models.CharField("段落", max_length=10, blank=True)
    quote = models.TextField("原文", blank=True)
    message = models.TextField("错在哪里")
    contact = models.CharField("联系方式", max_length=100, blank=True)
    created_at = models.DateTimeField("时间", auto_now_add=True)
    closed_at = models.DateTimeField("处理时间", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="处理的人",
    )

    objects = ErrorReportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "报错"
        ordering = ["-created_at", "-id"]
        default_permissions = ("change", "delete", "view")
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(contact=""), name="error_report_closed_has_no_contact"
            ),
        ]
        indexes = [models.Index(fields=["closed_at", "-created_at"], name="error_report_by_closed")]

    def __str__(self) -> str:
        return self.message[:40]

    @property
    def address(self) -> str:
        """The paragraph in the article's page."""
        return self.article.get_absolute_url() + (f"#{self.anchor}" if self.anchor else "")

    @property
    def place(self) -> str:
        """`第 3 段`, or empty for the article as a whole."""
        return f"第 {self.anchor.removeprefix('p')} 段" if self.anchor else ""
