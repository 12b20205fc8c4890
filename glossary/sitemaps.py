"""The pages of topics, for search engines."""

from __future__ import annotations

from django.contrib.sitemaps import Sitemap

from glossary.topics import Topic, topics


class TopicSitemap(Sitemap):  # type: ignore[type-arg]
    limit = 10_000

    def items(self) -> list[Topic]:
        return list(topics().values())

    def location(self, item: Topic) -> str:
        return item.url
