"""Terms of the trade with their aliases, and where they are mentioned.

Term 1─* Alias      what editors write
Term 1─* Writing    what the matcher looks for: the forms of name and aliases, each owned by one term
Article *─* Term    Mention: what the matcher found
Revision            another value after every change of the words
"""

from __future__ import annotations

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from archive.addresses import address_of
from archive.models import Article
from archive.revisions import AbstractRevision
from glossary.matching import form_of
from glossary.slugs import MAX_LENGTH as MAX_SLUG_LENGTH
from glossary.slugs import free_slug

MAX_WRITING_LENGTH = 100
SEPARATOR = "|"
"""Stands between aliases in the CSV file, so it can not stand in one."""


def clean_writing(text: str) -> str:
    """Returns a name or alias with its spaces tidied, or raises ValidationError when it can not be looked for.

    >>> clean_writing(" Lip-Bu  Tan ")
    'Lip-Bu Tan'
    """
    tidy = " ".join(text.split())
    if len(tidy) > MAX_WRITING_LENGTH:
        raise ValidationError(
            f"“{tidy[:20]}…”有 {len(tidy)} 个字，最多 {MAX_WRITING_LENGTH} 个。", code="long"
        )
    if SEPARATOR in form_of(tidy):
        raise ValidationError(
            f"“{tidy}”里有竖线（|），它在 CSV 里用来隔开别名。请删除竖线。", code="separator"
        )
    if not any(character.isalnum() for character in form_of(tidy)):
        raise ValidationError(f"“{tidy}”里没有字母、数字或汉字，在文章里找不到它。", code="no-letter")
    return tidy


def _free_writing(field: str, text: str, *, by: int | None) -> str:
    """Returns a name or alias tidied, or raises ValidationError beside `field`, also when it is another term's."""
    try:
        tidy = clean_writing(text)
        Writing.objects.refuse_taken(tidy, by=by)
    except ValidationError as error:
        raise ValidationError({field: error}) from None
    return tidy


class TermQuerySet(models.QuerySet["Term"]):
    def with_counts(self) -> Self:
        """Each term with `article_count`: the articles that mention it and that members may see.

        A join, counted in one pass: a subquery for each term takes 3.7 s where this takes 0.3 s (1,961 terms,
        10,000 articles). Do not join another many-valued relation to it: that would multiply the counts.
        """
        visible = Q(mentions__article__in=Article.objects.published())
        return self.annotate(article_count=Count("mentions", filter=visible))

    def with_pending(self) -> Self:
        """Each term with `is_pending`: the worker still has to find articles by writings that came or went."""
        return self.annotate(is_pending=Exists(PendingForm.objects.filter(term=OuterRef("pk"))))

    def written(self, text: str) -> Self:
        """Terms of which a writing holds `text`, in whatever script: `台積` finds 台积电."""
        return self.filter(pk__in=Writing.objects.filter(form__contains=form_of(text)).values("term"))


class TermKind(models.TextChoices):
    COMPANY = "company", "公司"
    PRODUCT = "product", "产品"
    PROCESS = "process", "工艺"
    TECHNOLOGY = "technology", "技术"
    PERSON = "person", "人物"
    ORGANISATION = "organisation", "机构"
    PLACE = "place", "地点"


class Term(models.Model):
    """One thing of the trade. Its address never changes, whatever its name becomes."""

    Kind = TermKind

    name = models.CharField(
        "名称", max_length=MAX_WRITING_LENGTH, unique=True, help_text="最常用的写法，例如：台积电"
    )
    slug = models.SlugField("地址", max_length=MAX_SLUG_LENGTH + 20, unique=True, editable=False)
    kind = models.CharField("类别", max_length=12, choices=Kind)
    note = models.TextField("说明", blank=True, help_text="一两句话：它是什么。可以留空。")
    created_at = models.DateTimeField("录入时间", auto_now_add=True)
    updated_at = models.DateTimeField("修改时间", auto_now=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "词条"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="term_has_name"),
            models.CheckConstraint(condition=Q(kind__in=TermKind.values), name="term_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        if not self.slug:
            self.slug = free_slug(self.name, set(Term.objects.values_list("slug", flat=True)))
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def get_absolute_url(self) -> str:
        return address_of("glossary:topic-detail", self.slug)

    def clean(self) -> None:
        self.name = _free_writing("name", self.name, by=self.pk)

    def published_articles(self) -> QuerySet[Article]:
        """Articles that mention it and that members may see, newest first."""
        return (
            Article.objects.published().filter(mentions__term=self).order_by("-issue__end_date", "position")
        )


class Alias(models.Model):
    """Another way to write a term: an abbreviation, its English or traditional name, a former name."""

    term = models.ForeignKey(Term, models.CASCADE, related_name="aliases", verbose_name="词条")
    text = models.CharField("别名", max_length=MAX_WRITING_LENGTH)

    class Meta:
        verbose_name = verbose_name_plural = "别名"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["term", "text"],
                name="alias_unique_in_term",
                violation_error_message="这个别名已经有了。",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="alias_has_text"),
        ]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        self.text = _free_writing("text", self.text, by=self.term_id)


class WritingQuerySet(models.QuerySet["Writing"]):
    def refuse_taken(self, text: str, *, by: int | None) -> None:
        """Raises ValidationError when `text` is a writing of another term than `by`."""
        taken = self.filter(form=form_of(text)).exclude(term=by).select_related("term").first()
        if taken:
            raise ValidationError(
                f"“{text}”已经是词条“{taken.term}”（{taken.term.get_kind_display()}）的写法。"
                f"一个写法只能属于一个词条：请在那里删除它，或换一个写法。",
                code="taken",
            )


class Writing(models.Model):
    """A form (folded, squeezed) that stands for a term in a text. Made from name and aliases, never typed.

    An alias may share its form with the name (`台積電` and `台积电`): they are one writing. That one writing
    belongs to one term is the database's own rule.
    """

    form = models.CharField("写法", max_length=MAX_WRITING_LENGTH, unique=True)
    term = models.ForeignKey(Term, models.CASCADE, related_name="writings", verbose_name="词条")

    objects = WritingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "写法"

    def __str__(self) -> str:
        return self.form


class PendingForm(models.Model):
    """A form that came or went with a change of a term, and for which the worker has not read the articles yet."""

    form = models.CharField("写法", max_length=MAX_WRITING_LENGTH)
    term = models.PositiveBigIntegerField("词条", db_index=True)
    """Its id; the term itself may be gone."""

    class Meta:
        verbose_name = verbose_name_plural = "待查的写法"
        default_permissions = ()

    def __str__(self) -> str:
        return self.form


class MentionQuerySet(models.QuerySet["Mention"]):
    def published(self) -> Self:
        """Mentions that members may see: those in published articles."""
        return self.filter(article__in=Article.objects.published())


class Mention(models.Model):
    """How often an article mentions a term. Found in the text, never typed; drafts have theirs too."""

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="mentions", verbose_name="文章", db_index=False
    )
    term = models.ForeignKey(
        Term, models.CASCADE, related_name="mentions", verbose_name="词条", db_index=False
    )
    count = models.PositiveIntegerField("次数")

    objects = MentionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "提到词条的文章"
        constraints = [models.UniqueConstraint(fields=["article", "term"], name="mention_unique")]
        indexes = [models.Index(fields=["term", "article"], name="mention_by_term")]

    def __str__(self) -> str:
        return f"{self.term_id} × {self.count}"


class Revision(AbstractRevision):
    """The state of terms and aliases."""

    class Meta:
        verbose_name = verbose_name_plural = "词库版本"
