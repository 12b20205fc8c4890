"""What published articles state in numbers.

Article 1─* Claim *─0..1 Term: a row is made of an article's text by claims.reading, never typed. No draft has any.
"""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import F

from archive.models import Article
from claims.reading import KINDS
from claims.writing import in_words
from glossary.models import Term

_STATED = ("kind", "low", "high", "since", "until", "unit", "qualifier", "written", "sentence")


class ClaimQuerySet(models.QuerySet["Claim"]):
    def published(self) -> Self:
        """Claims that members may see: those of published articles."""
        return self.filter(article__in=Article.objects.published())

    def newest_first(self) -> Self:
        """By issue, the newest first, as the pages list articles; within an article as they stand in it."""
        return self.order_by("-article__issue__end_date", "-article__issue", "article__position", "place")


class Claim(models.Model):
    """A number that an article states, with its unit, and the sentence that says so."""

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="claims", verbose_name="文章", db_index=False
    )
    place = models.PositiveIntegerField("第几个")
    """Within the article, from 0."""
    kind = models.CharField("种类", max_length=10, choices=list(KINDS.items()))
    low = models.DecimalField("从", max_digits=30, decimal_places=9, null=True)
    high = models.DecimalField("到", max_digits=30, decimal_places=9, null=True)
    since = models.DateField("从（日期）", null=True)
    until = models.DateField("到（日期）", null=True)
    unit = models.CharField("单位", max_length=10, blank=True)
    qualifier = models.CharField("约数", max_length=5, blank=True)
    subject = models.ForeignKey(
        Term, models.SET_NULL, null=True, related_name="claims", verbose_name="谁的", db_index=False
    )
    anchor = models.CharField("段落", max_length=10, blank=True)
    """Of the block of the article's page; empty: its title."""
    sentence = models.TextField("原句")
    start = models.PositiveIntegerField("起")
    end = models.PositiveIntegerField("止")
    """Where the number stands in the sentence."""

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "数字"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["article", "place"], name="claim_unique"),
            models.CheckConstraint(
                condition=models.Q(kind="date", since__lte=F("until"), low=None, high=None)
                | models.Q(~models.Q(kind="date"), low__lte=F("high"), since=None, until=None),
                name="claim_has_its_values",
            ),
        ]
        indexes = [models.Index(fields=["subject", "article"], name="claim_by_subject")]

    def __str__(self) -> str:
        return self.written

    @property
    def written(self) -> str:
        """The number as the article writes it."""
        return self.sentence[self.start : self.end]

    @property
    def normalised(self) -> str:
        """The number in the one writing of its kind."""
        return in_words(self.kind, self.low, self.high, self.since, self.until, self.unit, self.qualifier)

    def as_data(self) -> dict[str, Any]:
        """Returns what it states as programs are told of it, without where."""
        return {name: getattr(self, name) for name in _STATED} | {"text": self.normalised}

    @property
    def address(self) -> str:
        """The paragraph in the article's page."""
        return self.article.get_absolute_url() + (f"#{self.anchor}" if self.anchor else "")
