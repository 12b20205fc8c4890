"""Parts of pages that are kept: cheap for whoever is logged in, and never shown past what they were made of."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse
from pytest_django import DjangoAssertNumQueries

from archive.models import Article, Issue
from archive.publishing import withdraw
from config import settings as site_settings
from glossary.current import look_again
from glossary.models import Term
from search.engines.registry import current_engine
from tests.conftest import WeekMaker
from tests.writing import create, delete, save, update

TITLE = "铠侠在四日市扩产"


@pytest.fixture(autouse=True)
def _parts_are_kept(settings: Any) -> None:
    settings.CACHES = site_settings.CACHES


@pytest.fixture
def member(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_user("member"))
    return client


@pytest.fixture
def term(db: None) -> Term:
    return create(Term, name="铠侠", kind=Term.Kind.COMPANY, note="闪存厂")


@pytest.fixture
def issue(term: Term, make_issue: WeekMaker) -> Issue:
    make_issue({"另一条": "铠侠"}, end_date="2025-03-14")
    made = make_issue({TITLE: "铠侠扩产。\n第二段。", "别的": "存储"})
    look_again()
    return made


def addresses_of(issue: Issue) -> list[str]:
    first, second = issue.articles.all()
    return [
        "/",
        issue.get_absolute_url(),
        first.get_absolute_url(),
        second.get_absolute_url(),
        "/topics/kaixia/",
    ]


def pages_of(client: Client, addresses: list[str]) -> list[str]:
    """The pages, but for what a form of the reader's own is sent with: another each time."""
    pages = (client.get(address).content.decode() for address in addresses)
    return [re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", page) for page in pages]


def test_what_is_kept_is_what_was_made(member: Client, issue: Issue, settings: Any) -> None:
    addresses = [*addresses_of(issue), "/issues/", "/trends/", "/search/?q=铠侠"]
    made, kept = pages_of(member, addresses), pages_of(member, addresses)
    dummy = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    settings.CACHES = {**site_settings.CACHES, "parts": dummy}
    assert made == kept == pages_of(member, addresses)


def test_a_page_of_kept_parts_reads_little(
    member: Client, issue: Issue, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """Session, user, the state, and whether there is such an article: nothing of what stands around it."""
    address = issue.articles.all()[0].get_absolute_url()
    member.get(address)
    with django_assert_max_num_queries(4):
        member.get(address)


CHANGES: dict[str, Callable[[Issue], object]] = {
    "withdrawn": lambda issue: withdraw(issue),
    "saved as a draft": lambda issue: update([issue], status=Issue.Status.DRAFT),
    "deleted": lambda issue: delete(issue),
    "a title of an article": lambda issue: update(issue.articles.filter(position=1), title="另一个标题"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_shows_at_the_next_request(
    member: Client, issue: Issue, change: Callable[[Issue], object]
) -> None:
    addresses = addresses_of(issue)
    assert all(TITLE in page for page in pages_of(member, addresses))
    change(issue)
    assert not any(TITLE in page for page in pages_of(member, addresses))


def test_a_changed_term_shows_in_the_texts_that_mention_it(member: Client, issue: Issue, term: Term) -> None:
    address = issue.articles.all()[0].get_absolute_url()
    assert "闪存厂" in member.get(address).content.decode()
    term.note = "存储厂"
    save(term)
    look_again()
    page = member.get(address).content.decode()
    assert "存储厂" in page
    assert "闪存厂" not in page


def test_readers_with_other_preferences_and_hosts_get_parts_of_their_own(issue: Issue) -> None:
    address = issue.articles.all()[0].get_absolute_url()
    large = Client(headers={"cookie": "reading=large-hant"})
    pages = [one.get(address).content.decode() for one in (Client(), large, Client())]
    assert [page.count('aria-pressed="true">大') for page in pages] == [0, 1, 0]
    assert ["?script=hant" in page for page in pages] == [False, True, False]
    other = Client(SERVER_NAME="localhost").get(address).content.decode()
    assert f"http://localhost{address}" in other
    assert "testserver" not in other


def test_a_preview_keeps_nothing_and_shows_nothing_that_is_kept(
    admin_client: Client, member: Client, issue: Issue
) -> None:
    update([issue], status=Issue.Status.DRAFT)
    article = Article.objects.get(title=TITLE)
    preview = f"/preview/{issue.pk}/articles/{article.pk}/"
    assert "第二段" in admin_client.get(preview).content.decode()
    update([article], body="<p>改过的段落。</p>")
    assert "改过的段落" in admin_client.get(preview).content.decode()
    assert member.get(article.get_absolute_url()).status_code == 404


def test_nothing_is_kept_while_no_index_answers(member: Client, issue: Issue) -> None:
    (current_engine().generations.root / "CURRENT").unlink()
    address = issue.articles.all()[0].get_absolute_url()
    assert TITLE in member.get(address).content.decode()
    Article.objects.filter(title=TITLE).update(title="没有记下的改动")  # past the use cases: the state stays
    assert "没有记下的改动" in member.get(address).content.decode()


def test_the_tag_for_addresses_says_what_djangos_says() -> None:
    request = RequestFactory().get("/")
    written = Template('{% url "archive:article-detail" pk %} {% url "archive:home" as home %}{{ home }}')
    shown = written.render(Context({"request": request, "pk": 7}))
    assert shown == f"{reverse('archive:article-detail', args=[7])} {reverse('archive:home')}"
    with pytest.raises(NoReverseMatch):
        Template('{% url "archive:nowhere" %}').render(Context())
    with pytest.raises(NoReverseMatch):
        Template('{% url "archive:article-detail" pk %}').render(Context({"pk": "no number"}))
