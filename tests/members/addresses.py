"""Every address of the site, and what it is: told apart so that one which nobody classified fails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.apps import apps
from django.urls import URLResolver, get_resolver
from django.utils.regex_helper import normalize

from members.access import PUBLIC_BELOW

READ = {
    "archive:home": "/",
    "archive:issue-list": "/issues/",
    "archive:issue-year": "/issues/{year}/",
    "archive:issue-detail": "/issues/{slug}/?read=all",
    "archive:article-detail": "/articles/{article}/?q=共有",
    "archive:article-markdown": "/articles/{article}.md",
    "archive:qr": "/qr.svg?of=/issues/",
    "archive:article-picture": "/articles/{article}/picture.png",
    "archive:issue-picture": "/issues/{slug}/picture.png",
    "archive:report": "/articles/{article}/report/",
    "archive:issues-feed": "/feeds/issues.atom",
    "archive:basket": "/basket/",
    "archive:basket-clippings": "/basket/clippings/?keys={article}",
    "archive:basket-export": "/basket/export/",
    "following:list": "/following/",
    "following:button": "/following/button/",
    "following:read-all": "/following/read/",
    "following:take-over": "/following/take-over/",
    "following:news": "/following/news/",
    "following:change": "/following/{article}/",
    "alerts:list": "/following/alerts/",
    "alerts:add": "/following/alerts/channels/",
    "alerts:remove": "/following/alerts/channels/{article}/remove/",
    "alerts:test": "/following/alerts/channels/{article}/test/",
    "alerts:subscribe": "/following/alerts/issues/",
    "alerts:confirm": "/following/alerts/issues/{article}/",
    "alerts:tell": "/following/alerts/{article}/",
    "archive:figure": "/figures/{figure}/",
    "offline:weeks": "/offline/weeks.json",
    "desk:image": "/figures/desk/{article}/",
    "search:results": "/search/?q=共有&issues=all&explain=1",
    "search:markdown": "/search/results.md?q=共有",
    "search:help": "/search/help/",
    "search:marks": "/search/marks/{article}/?q=共有",
    "search:feed": "/search/feed.atom?q=共有",
    "search:completions": "/search/completions/?q=共有",
    "glossary:topic-list": "/topics/",
    "glossary:topic-detail": "/topics/{topic}/",
    "glossary:topic-csv": "/topics/{topic}/topic.csv",
    "glossary:topic-picture": "/topics/{topic}/picture.png",
    "glossary:topic-feed": "/feeds/topics/{topic}.atom",
    "trends:show": "/trends/?q=共有",
    "trends:articles": "/trends/w2025-03-21/?q=共有",
    "trends:picture": "/trends/picture.png?q=共有",
    "trends:csv": "/trends/trends.csv?q=共有",
    "assistants:mcp": "/mcp",
    "opensearch": "/opensearch.xml",
    "api/v1/": "/api/v1/",
    "api-1:openapi-json": "/api/v1/openapi.json",
    "api-1:openapi-view": "/api/v1/docs",
    "api-1:issues": "/api/v1/issues",
    "api-1:issue": "/api/v1/issues/{slug}",
    "api-1:article": "/api/v1/articles/{article}",
    "api-1:topics": "/api/v1/topics",
    "api-1:topic": "/api/v1/topics/{topic}",
    "api-1:figures": "/api/v1/figures",
    "claims:topic-figures": "/topics/{topic}/figures/",
    "claims:topic-csv": "/topics/{topic}/figures.csv",
    "portable:page": "/portable/",
    "portable:file": "/portable/archive.html",
    "claims:article-csv": "/articles/{article}/figures.csv",
    "api-1:search": "/api/v1/search?q=共有",
    "api-1:trends": "/api/v1/trends?q=共有",
    "api-1:suggest": "/api/v1/suggest?q=共有",
    "api-1:api-root": "/api/v1/",
    "api/v1/%(rest)s": "/api/v1/nothing/{article}",
    "sitemap": "/sitemap.xml",
    "django.contrib.sitemaps.views.sitemap": "/sitemap-{section}.xml",
}
"""What members read, by URL name or, where there is none, by its path; and how it is asked for what there is."""
OPEN = {
    "healthz": "/healthz",
    "readyz": "/readyz",
    "metrics": "/metrics",
    "robots": "/robots.txt",
    "privacy": "/privacy/",
    "archive:favicon": "/favicon.ico",
    "archive:touch-icon": "/apple-touch-icon.png",
    "archive:manifest": "/manifest.webmanifest",
    "archive:preferences": "/preferences/",
    "offline:worker": "/service-worker.js",
    "offline:page": "/offline/",
    "alerts:unsubscribe": "/following/alerts/end/{article}/",
    "admin:login": "/admin/login/",
    "archive:preview-issue": "/preview/{issue}/",
    "archive:preview-article": "/preview/{issue}/articles/{article}/",
    "archive:preview-figure": "/preview/{issue}/figures/{figure}/",
}
"""What anybody may open: members.access.PUBLIC."""
POSTED = {
    "archive:basket-export": {"items": '[{{"key": "{article}"}}]', "format": "md"},
    "following:button": {"key": "q=共有", "do": "follow"},
    "following:take-over": {"follows": '[{{"key": "q=共有", "seen": 0}}]'},
    "following:news": {"follows": '[{{"key": "q=共有", "seen": 0}}, {{"key": "topic={topic}", "seen": 0}}]'},
}
"""What is sent with a POST, where without it nothing could be answered."""
EDITORS = "admin/"
"""The editors' room. tests/border has each of its addresses."""


class Address(NamedTuple):
    """An address of the URL map."""

    name: str
    """Its URL name; where it has none, its path."""
    path: str
    """How it is made of its parameters: `issues/%(slug)s/`."""
    parameters: tuple[str, ...]

    @property
    def is_editors(self) -> bool:
        return self.path.startswith(EDITORS) and self.name not in OPEN

    @property
    def is_of_accounts(self) -> bool:
        return self.path.startswith(PUBLIC_BELOW)

    @property
    def is_alike(self) -> bool:
        """Whether what there is must be answered like what there is not, each time; others' log-in pages count tries."""
        return not self.is_of_accounts or self.name.startswith("tokens:")

    @property
    def is_of_something(self) -> bool:
        """Whether there is one of it for each thing."""
        return "{" in (READ | OPEN).get(self.name, "{")

    def of(self, values: dict[str, Any]) -> str:
        """The address of something; a parameter that is not among the values gets one that means nothing."""
        known = (READ | OPEN).get(self.name)
        if known is not None:
            return known.format(**values)
        own = {"pk": 1} | values.get(_model_of(self.name), {}) | values
        given = {
            one: own.get(one, own["pk"] if one in ("pk", "object_id", "id") else "1")
            for one in self.parameters
        }
        return "/" + self.path % given


def addresses(patterns: list[Any] | None = None, place: str = "", space: str = "") -> Iterator[Address]:
    """Yields every address of the URL map, each once."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        here = place + pattern.pattern.regex.pattern.removeprefix("^")
        if isinstance(pattern, URLResolver):
            within = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern.url_patterns, here, within)
        else:
            path, parameters = normalize(here)[0]
            yield Address(f"{space}{pattern.name}" if pattern.name else path, path, tuple(parameters))


def _model_of(name: str) -> str:
    """`archive_issue` of `admin:archive_issue_change`; of other names, nothing that there is."""
    label, _, rest = name.rpartition(":")[2].partition("_")
    model = rest.partition("_")[0]
    is_one = label in apps.app_configs and model in apps.all_models[label]
    return f"{label}_{model}" if is_one else ""
