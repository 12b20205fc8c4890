"""A page of results as Markdown, for who gives it to an assistant."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from archive.markdown import Absolute, cited, escaped, excerpt
from archive.passing_on import as_markdown
from search.pages.forms import SearchForm
from search.pages.links import chips_of
from search.results.request import SearchRequest
from search.results.service import Hit, SearchResults, find


def results(request: HttpRequest) -> HttpResponse:
    """Answers `?q=` as the page of results does: each hit with its passage, its citation and its address."""
    asked = SearchForm(request.GET).search_request()
    return as_markdown(_text(asked, find(asked), request.build_absolute_uri))


def _text(asked: SearchRequest, found: SearchResults | None, absolute: Absolute) -> str:
    address = absolute(f"{reverse('search:results')}?{urlencode(list(asked.parameters()))}")
    if found is None:
        return f"没有关键词，没有搜索。<{address}>\n"
    chips = [chip.label for chip in chips_of(asked, found.typed.dates)]
    hits = [*found.results, *found.verbatim]
    said = [f"找到 {found.total} 篇，这里是 {len(hits)} 篇。"]
    if found.corrected:
        said.append(f"没有“{escaped(asked.q)}”，已改搜“{escaped(found.corrected.query)}”。")
    if found.is_relaxed:
        said.append("没有文章全都符合，这些含其中一部分词。")
    parts = [
        f"# 搜索：{escaped(' '.join(asked.q.split()))}",
        *([f"条件：{escaped('；'.join(chips))}"] if chips else []),
        "".join(said),
        *(_hit(hit, absolute) for hit in hits),
        f"搜索的网址：<{address}>\n",
    ]
    return "\n\n".join(parts)


def _hit(hit: Hit, absolute: Absolute) -> str:
    passage = excerpt(hit.snippet).replace("\n", "\n> ")
    return f"## {escaped(hit.article.title)}\n\n> {passage}\n\n{cited(hit.article, absolute)}"
