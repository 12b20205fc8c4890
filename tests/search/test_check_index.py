"""`check_index`: whatever differs between database and index is found, said and mended."""

from __future__ import annotations

import datetime as dt
import io
import json
import random
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from archive.models import Article, Issue
from glossary.models import Term
from glossary.vocabulary import current_vocabulary
from search.engines.base import Held
from search.engines.documents import DocumentId, document_of
from search.engines.registry import current_engine
from search.engines.whoosh.committing import commit
from search.engines.whoosh.schema import DIGEST_COLUMN, fields_of
from search.indexing import comparison, sync
from search.indexing.comparison import Comparison, Expected, differences
from search.results.request import SearchRequest
from search.results.service import find
from search.search_indexes import ArticleIndex
from search.text.analysis import NO_TERMS
from tests.writing import create, delete, save

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "存储 涨价 封装 产能 光刻 量产 晶圆 良率 扩产 出样".split()


@pytest.fixture
def archive(transactional_db: None) -> list[Article]:
    """120 published articles in two years, indexed, and a draft of ten."""
    for year, weeks in ((2024, 6), (2025, 6)):
        for week in range(weeks):
            store(dt.date(year, 3, 1 + week), Issue.Status.PUBLISHED)
    store(dt.date(2025, 6, 1), Issue.Status.DRAFT)
    sync.rebuild()
    return list(Article.objects.published())


def store(day: dt.date, status: str) -> None:
    issue = create(Issue, title="周报", start_date=day, end_date=day, status=status)
    Article.objects.bulk_create(
        Article(issue=issue, position=number, title=f"{day}第{number}条", body=f"<p>{WORDS[number - 1]}</p>")
        for number in range(1, 11)
    )


def write(documents: Sequence[dict[str, Any]] = (), outdated: Iterable[int | str] = ()) -> None:
    """Writes to the index what a fault would write, past the outbox: nothing is replaced that is not outdated."""
    live = current_engine().generations.live()
    gone = [f"archive.article.{pk}" for pk in outdated]
    commit(live.path, live.manifest, documents, gone, live.manifest.position)


def change_title(articles: list[Article], title: str) -> None:
    """Changes the database by SQL, so that nothing is notified."""
    places = ", ".join(str(article.pk) for article in articles)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE archive_article SET title = %s WHERE id IN ({places})", [title])  # noqa: S608


def fields_written(article: Article) -> dict[str, Any]:
    return fields_of(document_of(ArticleIndex().full_prepare(article), current_vocabulary()))


def check(*options: str) -> tuple[int, Any]:
    """The exit code of `check_index --json`, and what it printed."""
    out = io.StringIO()
    try:
        call_command("check_index", "--json", *options, stdout=out)
    except CommandError as error:
        return error.returncode, json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def test_an_index_that_is_up_to_date_is_equal(archive: list[Article]) -> None:
    assert check() == (
        0,
        {
            "equal": True,
            "missing": [],
            "stale": [],
            "duplicated": [],
            "drafts": [],
            "surplus": [],
            "unknown": 0,
            "waiting": 0,
            "years": {"2025": {"database": 60, "index": 60}, "2024": {"database": 60, "index": 60}},
            "issues": [],
            "mentions": [],
            "writings": [],
            "warning": None,
        },
    )


def test_a_hundred_drifts_of_every_kind_are_found_and_mended(archive: list[Article]) -> None:
    """100 of 100 found, exit code 1 before and 0 after the repair."""
    picked = random.Random(18).sample(archive, 80)
    missing, stale, wrong_hash, duplicated = picked[:20], picked[20:40], picked[40:60], picked[60:80]
    drafts = list(Article.objects.filter(issue__status=Issue.Status.DRAFT))
    orphans = [
        Article(pk=900_000 + n, issue=archive[0].issue, position=n, title="孤儿") for n in range(1, 11)
    ]
    change_title(stale, "改了标题")
    write(
        [
            *({**fields_written(article), DIGEST_COLUMN: b"another"} for article in wrong_hash),
            *map(fields_written, [*duplicated, *drafts, *orphans]),
        ],
        outdated=[article.pk for article in [*missing, *wrong_hash]],
    )
    ids = {
        "missing": sorted(article.pk for article in missing),
        "stale": sorted(article.pk for article in [*stale, *wrong_hash]),
        "duplicated": sorted(article.pk for article in duplicated),
        "drafts": sorted(article.pk for article in drafts),
        "surplus": sorted(article.pk for article in orphans),
    }
    assert sum(map(len, ids.values())) == 100

    code, found = check()
    assert (code, {kind: found[kind] for kind in ids}) == (1, ids)

    code, mended = check("--fix")
    assert (code, mended["equal"], mended["found"]["missing"]) == (0, True, ids["missing"])
    assert check()[0] == 0
    answered = find(SearchRequest("改了标题"))
    assert answered
    assert answered.total == len(stale)


def test_what_the_outbox_holds_is_waiting_and_no_drift(archive: list[Article]) -> None:
    with current_engine().lock("write", 1):  # another process writes: the saves below are only noted
        archive[0].title = "新标题"
        save(archive[0])
        delete(archive[1])
    code, found = check()
    assert (code, found["waiting"], found["equal"]) == (0, 10, True)  # the week's others have a new place
    sync.drain()
    assert check()[1]["waiting"] == 0


def test_articles_that_were_cut_without_a_term_are_stale(archive: list[Article]) -> None:
    create(Term, name="光刻", kind=Term.Kind.TECHNOLOGY)
    assert check()[0] == 0  # saving a term notes its articles
    create(Term, name="晶圆", kind=Term.Kind.TECHNOLOGY)
    holders = list(Article.objects.published().filter(body__contains="晶圆").order_by("pk"))
    write(
        [fields_of(document_of(ArticleIndex().full_prepare(article), NO_TERMS)) for article in holders],
        outdated=[article.pk for article in holders],
    )
    assert check()[1]["stale"] == [article.pk for article in holders]
    assert check("--fix")[0] == 0


def test_a_document_that_is_no_article_means_a_new_index(archive: list[Article]) -> None:
    write([{**fields_written(archive[0]), "id": "archive.issue.7"}])
    code, found = check()
    assert (code, found["unknown"]) == (1, 1)
    assert check("--fix")[0] == 0
    assert check()[1]["unknown"] == 0


def test_without_an_index_nothing_can_be_said_and_the_command_that_helps_is_named(
    archive: list[Article],
) -> None:
    generations = current_engine().generations
    generations.root.joinpath("CURRENT").unlink()
    code, found = check()
    assert (code, found["equal"]) == (2, None)
    assert "manage.py rebuild_index" in found["reason"]
    assert check("--fix")[0] == 0
    assert check()[0] == 0


def test_an_index_of_which_one_bit_is_flipped_is_damaged_and_built_anew(archive: list[Article]) -> None:
    generation = current_engine().generations.live().path
    largest = max(generation.glob("MAIN_*"), key=lambda path: path.stat().st_size)
    content = bytearray(largest.read_bytes())
    content[len(content) // 2] ^= 1
    largest.write_bytes(content)
    code, found = check()
    assert (code, found["equal"]) == (2, None)
    assert f"is damaged ({largest.name})" in found["reason"]
    code, mended = check("--fix")
    assert (code, mended["equal"]) == (0, True)
    assert mended["rebuilt_because"]


def test_it_says_in_words_what_differs(archive: list[Article], capsys: pytest.CaptureFixture[str]) -> None:
    pk = archive[0].pk
    write(outdated=[pk])
    with pytest.raises(CommandError, match="check_index --fix"):
        call_command("check_index")
    printed = capsys.readouterr().out
    assert f"1 missing (published, but not in the index): {pk}" in printed
    assert "differs" in printed
    call_command("check_index", "--fix")
    assert "The index and the archive are equal: 120 articles." in capsys.readouterr().out


def test_the_number_of_queries_does_not_grow_with_the_archive(
    archive: list[Article], django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8):
        comparison.compare()


@pytest.mark.parametrize(
    ("wanted", "held", "hidden", "waiting", "kinds"),
    [
        ({}, [], (), (), {}),
        ({1: b"a"}, [(1, b"a")], (), (), {}),
        ({1: b"a"}, [], (), (), {"missing": (1,)}),
        ({1: b"a"}, [], (), (1,), {}),
        ({1: b"a"}, [(1, b"b")], (), (), {"stale": (1,)}),
        ({1: b"a"}, [(1, b"a"), (1, b"a")], (), (), {"duplicated": (1,)}),
        ({1: b"a"}, [(1, b"a"), (1, b"b")], (), (), {"duplicated": (1,)}),
        ({}, [(1, b"a")], (), (), {"surplus": (1,)}),
        ({}, [(1, b"a"), (1, b"a")], (), (), {"surplus": (1,)}),
        ({}, [(1, b"a")], (1,), (), {"drafts": (1,)}),
        ({}, [(1, b"a")], (1,), (1,), {}),
        ({}, [(None, b"a")], (), (), {"unknown": 1}),
    ],
)
def test_each_difference_has_its_name(
    wanted: dict[int, bytes],
    held: list[tuple[int | None, bytes]],
    hidden: tuple[int, ...],
    waiting: tuple[int, ...],
    kinds: dict[str, Any],
) -> None:
    found = differences(
        {article: Expected(2025, made_from) for article, made_from in wanted.items()},
        [
            Held(DocumentId("article", article) if article else None, 2025, made_from)
            for article, made_from in held
        ],
        hidden=hidden,
        waiting=waiting,
    )
    said = Comparison(**kinds)
    names = ("missing", "stale", "duplicated", "drafts", "surplus", "unknown")
    assert [getattr(found, name) for name in names] == [getattr(said, name) for name in names]
