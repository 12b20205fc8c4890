"""How many SQL statements a save takes: the same for a small issue and a large one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from archive.editing import save_article
from archive.models import Article, Issue
from glossary.models import Term
from search.indexing import sync
from tests.conftest import WeekMaker
from tests.writing import create

pytestmark = pytest.mark.django_db

NOT_COUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
SAVE, DRAIN, POST = 16, 8, 35
SIZES = (5, 50)


class Statements(CaptureQueriesContext):
    """Counts what the block asks of the database, without the edges of its transactions."""

    def __init__(self) -> None:
        super().__init__(connection)

    @property
    def asked(self) -> list[str]:
        return [query["sql"] for query in self if not query["sql"].startswith(NOT_COUNTED)]


@pytest.fixture
def issues(make_issue: WeekMaker) -> list[Issue]:
    """One issue of each size, published, with two terms in every article."""
    for name in ("台积电", "英特尔"):
        create(Term, name=name, kind=Term.Kind.COMPANY)
    issues = [
        make_issue({f"第{n}条台积电": "英特尔与台积电。" for n in range(size)}, end_date=f"2025-03-{day}")
        for size, day in zip(SIZES, (14, 21), strict=True)
    ]
    save_article(issues[0].articles.get(position=1))  # afterwards the types of content are known
    sync.drain()
    return issues


def change(issue: Issue) -> Article:
    """An article whose mentions go, come and change their number with its next save."""
    article = issue.articles.select_related("issue").get(position=3)
    article.title, article.body = "改了的标题", "<p>英特尔、英特尔。</p>"
    return article


def test_a_save_and_its_drain_take_as_many_statements_whatever_the_size_of_the_issue(
    issues: list[Issue],
) -> None:
    counts = []
    for issue in issues:
        article = change(issue)
        with Statements() as save:
            save_article(article)
        with Statements() as drain:
            assert sync.drain() == 1
        counts.append((len(save.asked), len(drain.asked)))
        assert len(save.asked) <= SAVE, "\n".join(save.asked)
        assert len(drain.asked) <= DRAIN, "\n".join(drain.asked)
    assert counts[0] == counts[1]


def test_a_new_section_takes_no_more_though_its_issue_is_indexed_again(issues: list[Issue]) -> None:
    for issue in issues:
        article = change(issue)
        article.section = "政策"
        with Statements() as save:
            save_article(article)
        with Statements() as drain:
            assert sync.drain() == 1
        assert len(save.asked) <= SAVE, "\n".join(save.asked)
        assert len(drain.asked) <= DRAIN, "\n".join(drain.asked)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("size", SIZES)
def test_an_editors_post_takes_few_statements(issues: list[Issue], admin_client: Client, size: int) -> None:
    """The drain after it included."""
    article = change(issues[SIZES.index(size)])
    address = f"/admin/archive/article/{article.pk}/change/"
    form = admin_client.get(address).context["adminform"].form
    sent = {"version": form.initial["version"], "form_token": form.initial["form_token"]}
    sent |= {"title": article.title, "body": article.body, "source": "集邦咨询", "source_url": ""}
    with Statements() as post:
        assert admin_client.post(address, sent).status_code == 302
    assert len(post.asked) <= POST, "\n".join(post.asked)
    assert not sync.waiting()
    assert Article.objects.get(pk=article.pk).source == "集邦咨询"
