"""The examples of how to ask: made of what the newest issues report on, so that each of them finds something."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from urllib.parse import urlencode

from django.db.models import Count

from archive.models import Article, Issue
from glossary.models import Mention
from search.pages.links import by_columnist
from search.results.reading import read
from search.results.request import SearchRequest
from search.results.service import count

NEWEST_ISSUES = 4
MOST_WORDS = 6
FEWEST = 5
"""With fewer articles, half of them is nothing to judge by."""
WITHOUT_MENTIONS = ["先进封装", "HBM", "光刻"]
"""What an archive is asked for in which no term is mentioned yet."""
RECENTLY = ["上周", "上个月", "最近三个月", "今年", "去年"]


@dataclass(frozen=True)
class Example:
    """A query to try: what it means, how many articles it finds, and the parameters of its address."""

    query: str
    meaning: str
    count: int
    parameters: str


@dataclass(frozen=True)
class Group:
    """Examples under one heading."""

    title: str
    examples: list[Example]


def groups() -> list[Group]:
    """Returns every form of asking, with an example that finds something and its present count.

    A form of which no example finds anything is left out (`上周` in an archive that ended a year ago); in an
    archive without articles all are there.
    """
    newest = Issue.objects.published().order_by("-end_date", "-pk").first()
    return [
        Group(title, [example for form in forms if (example := _example(*form, is_empty=newest is None))])
        for title, forms in _forms(newest).items()
    ]


def several_words() -> Group:
    """Returns the first of the groups: what the search page itself shows before anything was asked."""
    return groups()[0]


Form = tuple[list[str], str]
"""Queries of which the first that finds something is the example, and what they mean."""


def _forms(newest: Issue | None) -> dict[str, list[Form]]:
    words = _words()
    pairs = list(permutations(words, 2))
    return {
        "几个词": [
            ([f"{one} {other}" for one, other in pairs], "空格：都要有；写 AND 或顿号也行。"),
            (
                [f"{one} OR {other}" for one, other in pairs[:1]],
                "中间写 OR（或者“或”），任一即可；只管它左右两个词。",
            ),
            ([f"{one} -{other}" for one, other in pairs], "减号（或 NOT）：不要这个词。"),
            ([f'"{word}"' for word in _from(2, words)], "引号：一字不差。"),
        ],
        "在哪里找": [
            ([f"title:{word}" for word in _from(1, words)], "只找标题。"),
            (
                [f"term:{word}" for word in _from(3, words)],
                "提到这个话题的文章，不论是哪种写法：中文、英文、简称。",
            ),
            (_sections(), "按分栏。"),
            (_columnists(), "按栏目作者。"),
            ([f"issue:{newest.slug}" if newest else "issue:2025-03-21"], "某一期（写结束日期）。"),
        ],
        "什么时候": list(_when(newest, words)),
    }


def _when(newest: Issue | None, words: list[str]) -> Iterator[Form]:
    year, month = (newest.end_date.year, newest.end_date.month) if newest else (2025, 3)
    text = f"{year}年{month}月"
    yield (
        [f"{text} {word}" for word in words],
        "只看这个月的各期（按一期的最后一天算）；也可以写 2025.3、25年3月、去年3月。",
    )
    quarter = (month + 2) // 3
    yield (
        [f"{year}Q{quarter} {word}" for word in _from(1, words)],
        "季度；也可以写 2025年一季度、上半年、4月第三周、3月底。",
    )
    day = newest.end_date if newest else dt.date(2025, 3, 21)
    yield (
        [f"{day.month}月{day.day}日 {word}" for word in words],
        "报道到这一天的各期；也可以写一段日子：3月17日—21日、2025.3.17-3.21。不写年份，就是最近的那一个。",
    )
    yield (
        [f'"{text}" {word}' for word in words] + [f'"{year}年" {word}' for word in words],
        "日期加引号，就是搜写着这几个字的文章。",
    )
    yield (
        [f"{when} {word}" for when in RECENTLY for word in _from(2, words)[:2]],
        "上周、上个月、去年、最近三个月，都按今天推算；2025年3月以来、3月之前、截至3月、前三季度也可以。",
    )
    yield [f"year:{year} {word}" for word in _from(3, words)], "某一年的各期。"
    yield [f"{word} after:{year}-{month:02}-01" for word in _from(4, words)], "从某天起；before: 到某天为止。"


def _words() -> list[str]:
    """The terms that the newest issues mention most; none with spaces, and none that half of the articles mention."""
    issues = Issue.objects.published().order_by("-end_date", "-pk")[:NEWEST_ISSUES]
    mentioned = (
        Mention.objects.filter(article__issue__in=list(issues))
        .values_list("term__name")
        .annotate(articles=Count("article"))
        .order_by("-articles", "term__name")
    )
    few = Article.objects.filter(issue__in=list(issues)).count() // 2
    names = [name for name, articles in mentioned if " " not in name and (articles <= few or few < FEWEST)]
    return names[:MOST_WORDS] if len(names) > 1 else WITHOUT_MENTIONS


def _from(place: int, words: list[str]) -> list[str]:
    """The same words, begun at another: not every example is of the first one."""
    place %= len(words)
    return words[place:] + words[:place]


def _columnists() -> list[str]:
    named = Issue.objects.published().exclude(columnist="").order_by("-end_date", "-pk")
    name = named.values_list("columnist", flat=True).first() or ""
    return [by_columnist(name)] if name else []


def _sections() -> list[str]:
    named = Article.objects.published().exclude(section="").order_by("-issue__end_date", "position")
    name = named.values_list("section", flat=True).first() or ""
    return [f'section:"{name}"' if " " in name else f"section:{name}"] if name else []


def _example(queries: list[str], meaning: str, *, is_empty: bool) -> Example | None:
    for query in queries:
        found = 0 if is_empty else count(read(query), SearchRequest(query))
        if found or is_empty:
            return Example(query, meaning, found, urlencode({"q": query}))
    return None
