"""Every page that is pictured in docs/pages.md, as data: another page is another line here and a section there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.browser.gallery import acts


@dataclass(frozen=True, slots=True)
class Shown:
    """A page, and how it comes into view.

    `path` may name what `acts.known` finds out: `{article}`, `{draft}`, … `act` is then done on it, as a reader
    does it. `views` are the names of the addresses in the URLconf of which the picture is one.
    """

    name: str
    path: str
    views: tuple[str, ...] = ()
    act: Callable[[Page], object] | None = None


MEMBERS = [
    Shown("home", "/", ("archive:home",)),
    Shown("issues", "/issues/", ("archive:issue-list", "archive:issue-year")),
    Shown("issue", "/issues/2025-03-21/", ("archive:issue-detail",)),
    Shown("article", "/articles/{article}/", ("archive:article-detail",)),
    Shown("article-hits", "/articles/{article}/?q=HBM+带宽#p4"),
    Shown("article-thread", "/articles/{threaded}/", act=acts.to_the_thread),
    Shown("search", "/search/?q=HBM&year=2025", ("search:results",)),
    Shown("search-explained", "/search/?q=HBM+先进封装厂&explain=1", act=acts.to_the_explanation),
    Shown("search-nothing", '/search/?q=绝无此词+"台积电"+-三星&year=2025'),
    Shown("search-start", "/search/"),
    Shown("search-help", "/search/help/", ("search:help",)),
    Shown("topics", "/topics/", ("glossary:topic-list",)),
    Shown("topic", "/topics/taijidian/", ("glossary:topic-detail",)),
    Shown("trends", "/trends/?q=HBM&q=台积电&q=英伟达", ("trends:show",)),
    Shown("basket", "/articles/{article}/", ("archive:basket",), acts.fill_the_basket),
    Shown("not-found", "/no-such-page/"),
    Shown("api", "/api/v1/docs", ("api-1:openapi-view",)),
    Shown("preview", "{draft}", ("archive:preview-issue",)),
    Shown("preview-article", "{draft}", ("archive:preview-article",), acts.open_the_first_article),
    Shown("preview-expired", "/preview/expired/"),
]
"""What members see, on a wide screen in light and dark, on a phone, and on paper."""

EDITORS = [
    Shown("admin-front", "/admin/"),
    Shown("admin-handbook", "/admin/handbook/"),
    Shown("admin-desk-empty", "/admin/desk/", ("desk:desk",)),
    Shown("admin-desk", "/admin/desk/", act=acts.paste_a_week),
    Shown("admin-issues", "/admin/archive/issue/"),
    Shown("admin-issue", "/admin/archive/issue/{draft_pk}/change/"),
    Shown("admin-article", "/admin/archive/article/{article}/change/", act=acts.wait_for_the_sheet),
    Shown("admin-conflict", "/admin/archive/article/{draft_article}/change/", act=acts.save_after_another),
    # What that leaves behind is a version to compare.
    Shown("admin-versions", "/admin/archive/issue/{draft_pk}/history/"),
    Shown("admin-compare", "/admin/archive/issue/{draft_pk}/history/", act=acts.compare_versions),
    Shown("admin-bin", "/admin/archive/issue/bin/"),
    Shown("admin-terms", "/admin/glossary/term/"),
    Shown("admin-term", "/admin/glossary/term/{term}/change/"),
    Shown("admin-radar", "/admin/insight/ignoredword/"),
    Shown("admin-searches", "/admin/insight/searchrecord/"),
    Shown("admin-golden", "/admin/insight/goldenquery/"),
]
"""What editors see, on a wide screen in light and dark, and on a phone."""

NO_PAGE = {
    "archive:basket-clippings": "JSON for the basket's script",
    "archive:basket-export": "a file",
    "archive:figure": "an image",
    "archive:preferences": "remembers, and goes back",
    "archive:preview-figure": "an image",
    "search:marks": "JSON for the article's script",
    "search:completions": "JSON for the search box",
    "trends:csv": "a file",
    "trends:articles": "leads on to the search",
    "opensearch": "a description for browsers",
    "robots": "for crawlers",
    "sitemap": "for crawlers",
    "django.contrib.sitemaps.views.sitemap": "for crawlers",
    "healthz": "for whoever watches the server",
    "readyz": "for whoever watches the server",
    "desk:image": "an image",
    **dict.fromkeys(["search:feed", "archive:issues-feed", "glossary:topic-feed"], "a feed"),
}
"""Addresses outside the admin that answer with no page, and what with. The API's own are none either."""
