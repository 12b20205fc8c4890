"""The search log, golden queries, and words that the radar ignores."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from archive.models import Article
from glossary.matching import form_of
from search.query.parser import MAX_LENGTH as MAX_QUERY_LENGTH

MAX_KEPT_LENGTH = 200
"""Characters of a query that are kept: a longer one was pasted to find its article again."""


class SearchRecord(models.Model):
    """A search that somebody made. It holds nothing about the person: no address, no session, no browser."""

    class Answer(models.TextChoices):
        FULL = "full", "有结果"
        CORRECTED = "corrected", "改了关键词才有"
        RELAXED = "relaxed", "放宽了才有"
        NOTHING = "nothing", "没有结果"

    query = models.CharField("关键词", max_length=MAX_KEPT_LENGTH)
    form = models.CharField("归并写法", max_length=MAX_KEPT_LENGTH)
    filters = models.JSONField("条件", default=dict, blank=True)
    answer = models.CharField("结果", max_length=9, choices=Answer)
    hits = models.PositiveIntegerField("篇数")
    corrected = models.CharField("系统改搜成", max_length=MAX_QUERY_LENGTH, blank=True)
    opened = models.ForeignKey(
        Article, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="打开的文章"
    )
    took_ms = models.FloatField("用时（毫秒）")
    created_at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "搜索记录"
        verbose_name_plural = "搜索报告"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["created_at"], name="searchrecord_by_time"),
            models.Index(fields=["form", "created_at"], name="searchrecord_by_form"),
        ]

    def __str__(self) -> str:
        return self.query


class GoldenQuery(models.Model):
    """A query, and the article that must come first in its results, whatever else changes."""

    class Outcome(models.TextChoices):
        UNKNOWN = "", "还没有检查"
        MET = "met", "排在第一"
        OTHER = "other", "排在第一的是别的文章"
        NOTHING = "nothing", "什么也搜不到"
        HIDDEN = "hidden", "文章没有发布，或已经删除"

    query = models.CharField("关键词", max_length=MAX_KEPT_LENGTH, unique=True)
    article = models.ForeignKey(
        Article,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="golden_queries",
        verbose_name="必须排第一的文章",
    )
    title = models.CharField(
        "文章标题",
        max_length=300,
        blank=True,
        help_text="可以留空，保存时会自动填上。文章删除又重新导入之后，靠标题认出它。",
    )
    note = models.CharField("说明", max_length=200, blank=True, help_text="为什么要保证这一条，可以留空。")
    outcome = models.CharField("检查结果", max_length=7, choices=Outcome, blank=True, editable=False)
    first_title = models.CharField("当时排第一的", max_length=300, blank=True, editable=False)
    checked_at = models.DateTimeField("检查时间", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "必中搜索"
        ordering = ["query"]
        constraints = [
            models.CheckConstraint(condition=~Q(query=""), name="goldenquery_has_query"),
            models.CheckConstraint(
                condition=Q(article__isnull=False) | ~Q(title=""),
                name="goldenquery_has_article",
                violation_error_message="请选一篇文章，或写上它的标题。",
            ),
        ]

    def __str__(self) -> str:
        return self.query

    def save(self, *args: object, **kwargs: object) -> None:
        """Saves, and keeps the title of the article: it outlives the article."""
        if self.article is not None:
            self.title = self.article.title
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def clean(self) -> None:
        if not form_of(self.query):
            raise ValidationError({"query": "关键词里没有看得见的字。"})

    def expected(self) -> Article | None:
        """Returns the article that must come first, if it is published: the chosen one, else one with its title."""
        visible = Article.objects.published()
        chosen = visible.filter(pk=self.article_id).first() if self.article_id else None
        return chosen or visible.filter(title=self.title).order_by("-issue__end_date").first()


class IgnoredWord(models.Model):
    """A word that the radar does not propose again."""

    text = models.CharField("词", max_length=100)
    form = models.CharField("写法", max_length=100, unique=True, editable=False)
    created_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "忽略的词"
        verbose_name_plural = "新词雷达"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.text

    def save(self, *args: object, **kwargs: object) -> None:
        self.form = form_of(self.text)
        super().save(*args, **kwargs)  # type: ignore[arg-type]
