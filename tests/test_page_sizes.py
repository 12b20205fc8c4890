"""No page weighs more than 80 KB with its style sheets and scripts, in six years of weeks, whatever is asked."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.test import Client

from archive.body import from_text
from archive.models import Article, Issue
from glossary.models import Term
from glossary.topics import topics
from search.indexing import sync
from tests.conftest import ROOT
from tests.writing import create

pytestmark = pytest.mark.slow

MAX_PAGE_BYTES = 80_000
WEEKS = 300
STATIC = ROOT / "static"
FIVE = ["HBM", "台积电", "英伟达", "光刻机", "存储"]
OTHERS = [
    f"{name}{number}号" for name in ("龙芯", "先进封装", "Blackwell", "混合键合") for number in range(15)
]
MAX_ADDRESS = 4_000
"""Gunicorn reads no request line of more than 4,094 bytes."""


@pytest.fixture(scope="module")
def archive(
    django_db_setup: Callable[[], None], django_db_blocker: pytest.FixtureRequest
) -> Iterator[Client]:
    """Six years of weeks of two articles, each with FIVE terms, while OTHERS take turns."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        kinds = cycle(Term.Kind.values)
        for name in [*FIVE, *OTHERS]:
            create(Term, name=name, kind=next(kinds))
        others = cycle(OTHERS)
        days = [dt.date(2025, 3, 21) - dt.timedelta(weeks=week) for week in range(WEEKS)]
        issues = Issue.objects.bulk_create(
            Issue(
                title="半导体一周要闻", slug=str(day), start_date=day, end_date=day, columnist=f"作者{number % 9}",
                status=Issue.Status.PUBLISHED,
            )
            for number, day in enumerate(days)
        )  # fmt: skip
        texts = ["，".join([*FIVE, *islice(others, 9)]) for _ in range(2 * WEEKS)]
        Article.objects.bulk_create(
            Article(
                issue=issues[number // 2], position=number % 2 + 1, title=text[:30],
                body=from_text([text, text[::-1]]),
            )
            for number, text in enumerate(texts)
        )  # fmt: skip
        call_command("rebuild_mentions", verbosity=0)
        sync.rebuild()
        yield Client()
        django_db_setup()
        sync.rebuild()


@pytest.fixture(autouse=True)
def _with_database(db: None) -> None: ...


def weight(client: Client, address: str) -> int:
    """Returns the uncompressed bytes of a page with all its style sheets and scripts."""
    response = client.get(address)
    assert response.status_code == 200
    page = response.content.decode()
    wanted = re.findall(r'(?:href|src)="/static/([^"]+)"', page)
    files: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name not in files:
            files.add(name)
            if name.endswith(".css"):
                wanted += [
                    f"css/{one}" for one in re.findall(r'@import "([\w.-]+)"', (STATIC / name).read_text())
                ]
            if name.endswith(".js"):
                wanted += [
                    f"js/{one}" for one in re.findall(r'from "\./([\w.-]+)"', (STATIC / name).read_text())
                ]
    return len(response.content) + sum((STATIC / name).stat().st_size for name in files)


def ask(path: str, *queries: str, **more: str) -> str:
    """Returns an address with these queries, each shortened to what a server accepts."""
    most = (MAX_ADDRESS - sum(map(len, more.values()))) // max(len(queries), 1) - 10
    cut = []
    for query in queries:
        short = query
        while len(urlencode({"q": short})) > most:
            short = short[:-8]
        cut.append(short)
    return f"{path}?{urlencode([*(('q', query) for query in cut), *more.items()])}"


def any_of(*words: str) -> str:
    return " OR ".join([*words] * 400)


@pytest.mark.parametrize(
    "address",
    [
        "/", "/issues/", "/issues/2023/", "/issues/2025-03-21/", "/topics/", "/topics/?sort=name", "/search/help/",
        "/topics/taijidian/", "/topics/taijidian/?page=3", "/trends/",
        ask("/trends/", *FIVE), ask("/trends/", *FIVE, years="1"), ask("/trends/", "HBM", years="1"),
    ],
)  # fmt: skip
def test_pages_of_a_large_archive_are_light(archive: Client, address: str) -> None:
    assert weight(archive, address) < MAX_PAGE_BYTES


@pytest.mark.parametrize(
    "address",
    [
        ask("/trends/", *(any_of(word)[:200] for word in FIVE), years="1"),
        ask("/trends/", *(any_of(word, "HBM")[:200] for word in "abcde"), years="1"),
        ask("/trends/", any_of("台积电")[:200], years="1"),
        ask("/trends/", *FIVE, years="1", junk="x" * 3_500),
        ask("/topics/", junk="x" * 3_900),
        ask("/topics/taijidian/", page="3", junk="x" * 3_900),
        ask("/search/", "台积电", junk="x" * 3_900),
        ask("/search/", "台积电 OR 光刻机 OR 存储 OR HBM OR 英伟达 OR 先进封装", explain="1"),
        ask("/search/", any_of("台积电", "光刻机")[:199], explain="1"),
        ask("/search/", any_of("台积电", "存储"), explain="1", page="3"),
        ask("/search/", any_of("HBM", "AI"), page="3", year="2024", month="3", since="2024-01-01", until="2024-12-31"),
        ask("/search/", " ".join(f"绝无{number}" for number in range(300)), explain="1"),
        ask("/search/", " ".join(f"绝无{number}" for number in range(60)), explain="1"),
        ask("/search/", '<b>&"' * 800), ask("/search/", '"' * 1_300),
    ],
)  # fmt: skip
def test_pages_are_light_whatever_is_asked(archive: Client, address: str) -> None:
    assert weight(archive, address) < MAX_PAGE_BYTES


def test_the_archive_of_these_tests_is_as_full_as_it_should_be(archive: Client) -> None:
    assert max(topic.articles for topic in topics().values()) == 2 * WEEKS
    page = archive.get("/search/?q=HBM")
    assert sum(len(facet.values) for facet in page.context["facets"]) > 30
    chart = archive.get(ask("/trends/", *FIVE, years="1"))
    assert sum(cell.articles > 0 for row in chart.context["rows"] for cell in row.cells) > 250
