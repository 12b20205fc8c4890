"""What the index holds of an article, in Haystack's terms."""

from __future__ import annotations

from django.db.models import QuerySet
from haystack import indexes

from archive.models import Article


class ArticleIndex(indexes.SearchIndex, indexes.Indexable):
    """A published article. `text` is everything a reader can see of it; the rest is for ranking and filters."""

    text = indexes.CharField(document=True, model_attr="text")
    title = indexes.CharField(model_attr="title")
    lead = indexes.CharField()
    columnist = indexes.CharField(model_attr="issue__columnist")
    issue = indexes.CharField(model_attr="issue__slug")
    start_date = indexes.DateField(model_attr="issue__start_date")
    end_date = indexes.DateField(model_attr="issue__end_date")
    position = indexes.IntegerField(model_attr="position")

    def get_model(self) -> type[Article]:
        return Article

    def index_queryset(self, using: str | None = None) -> QuerySet[Article]:
        """Drafts are never in the index."""
        return Article.objects.published().select_related("issue")

    def read_queryset(self, using: str | None = None) -> QuerySet[Article]:
        """A hit is read again through here: the index proposes, the database decides."""
        return self.index_queryset(using)

    def prepare_lead(self, article: Article) -> str:
        """The first paragraph: digest articles say there what they are about."""
        return next((block.text for block in article.blocks if block.text), "")
