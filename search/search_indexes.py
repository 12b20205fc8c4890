"""What the index holds of an article and of an issue, in Haystack's terms."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from haystack import indexes

from archive.issue_text import text_of
from archive.models import Article, Issue


class _OfPublished(indexes.SearchIndex):
    """A row of the archive that everybody may see."""

    model: type[Article | Issue]

    def get_model(self) -> type[Article | Issue]:
        return self.model

    def index_queryset(self, using: str | None = None) -> QuerySet[Any]:
        """Drafts are never in the index."""
        return self.model.objects.published()

    def read_queryset(self, using: str | None = None) -> QuerySet[Any]:
        """A hit is read again through here: the index proposes, the database decides."""
        return self.index_queryset(using)


class ArticleIndex(_OfPublished, indexes.Indexable):
    """A published article. `text` is everything a reader can see of it; the rest is for ranking and filters."""

    model = Article
    text = indexes.CharField(document=True, model_attr="text")
    title = indexes.CharField(model_attr="title")
    lead = indexes.CharField()
    columnist = indexes.CharField(model_attr="issue__columnist")
    issue = indexes.CharField(model_attr="issue__slug")
    start_date = indexes.DateField(model_attr="issue__start_date")
    end_date = indexes.DateField(model_attr="issue__end_date")
    end_month = indexes.IntegerField(model_attr="issue__end_date__month")
    position = indexes.IntegerField(model_attr="position")
    section = indexes.CharField(model_attr="section")

    def index_queryset(self, using: str | None = None) -> QuerySet[Any]:
        return super().index_queryset(using).select_related("issue")

    def prepare_lead(self, article: Article) -> str:
        """The first paragraph: digest articles say there what they are about."""
        return next((block.text for block in article.blocks if block.text), "")


class IssueIndex(_OfPublished, indexes.Indexable):
    """A published issue: its own words, without those of its articles."""

    model = Issue
    text = indexes.CharField(document=True)
    title = indexes.CharField(model_attr="title")
    columnist = indexes.CharField(model_attr="columnist")
    issue = indexes.CharField(model_attr="slug")
    start_date = indexes.DateField(model_attr="start_date")
    end_date = indexes.DateField(model_attr="end_date")
    end_month = indexes.IntegerField(model_attr="end_date__month")

    def prepare_text(self, issue: Issue) -> str:
        return text_of(issue)
