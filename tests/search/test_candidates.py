"""A change of a term reads the articles that the index names, however many there are, and misses none."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from archive.models import Article
from glossary.joining import Joined
from glossary.matching import Matcher, form_of
from glossary.models import Mention, PendingForm, Term
from search.engines.registry import current_engine
from search.indexing.candidates import POWER, candidates
from search.models import SetAside
from search.text.runs import run_to_find, runs_of_text
from tests.conftest import WeekMaker
from tests.writing import create, delete, save

pytestmark = pytest.mark.django_db
MANY = 10_000


@pytest.fixture
def large(settings: Settings) -> None:
    """Four articles are many."""
    settings.GLOSSARY_READS_AT_ONCE = 3


@pytest.fixture
def article(make_issue: WeekMaker) -> Article:
    """One of five that are published; it alone holds 凯世通."""
    issue = make_issue({"甲": "凯世通的离子注入机。", **{f"第{n}条": "芯片与台积电。" for n in range(4)}})
    return issue.articles.get(title="甲")


def mentioning(term: Term) -> set[str]:
    return set(Article.objects.filter(mentions__term=term).values_list("title", flat=True))


def test_a_word_of_few_articles_is_found_at_once_in_a_large_archive(article: Article, large: None) -> None:
    with CaptureQueriesContext(connection) as asked:
        term = create(Term, name="凯世通", kind="company")
    assert mentioning(term) == {"甲"}
    read = [query["sql"] for query in asked if '"archive_article"."body"' in query["sql"]]
    assert read, "the articles that are read"
    assert all(f"IN ({article.pk})" in sql for sql in read)
    assert not PendingForm.objects.exists()
    delete(term)
    assert not Mention.objects.exists()


def test_a_word_of_many_articles_is_left_to_the_worker(article: Article, large: None) -> None:
    term = create(Term, name="芯片", kind="technology")
    assert (mentioning(term), PendingForm.objects.get().form) == (set(), "芯片")


def test_what_the_index_does_not_hold_is_read_too(
    article: Article, make_issue: WeekMaker, settings: Settings
) -> None:
    draft = make_issue({"乙": "凯世通。"}, status="draft", end_date="2025-03-28").articles.get()
    changed, aside = article.issue.articles.filter(title__in=["第1条", "第2条"])
    changed.source = "凯世通"
    save(changed)  # noted in the outbox; nothing is committed in a test
    SetAside.objects.create(index=current_engine().name, article_id=aside.pk, attempts=1)
    Article.objects.filter(pk=aside.pk).update(body="<p>凯世通</p>")
    found = candidates(["凯世通"], MANY)
    assert found == {article.pk, draft.pk, changed.pk, aside.pk}
    assert candidates(["凯世通"], 3) is None
    settings.GLOSSARY_READS_AT_ONCE = 4
    term = create(Term, name="凯世通", kind="company")
    assert mentioning(term) == {"甲", "乙", "第1条", "第2条"}


def test_without_an_index_nobody_can_tell(article: Article, settings: Settings) -> None:
    assert candidates(["凯世通"], MANY) == {article.pk}
    settings.SEARCH_URL = "database://"
    assert candidates(["凯世通"], MANY) is None


@pytest.mark.usefixtures("trade_archive")
def test_no_mention_of_the_whole_glossary_is_missed() -> None:
    missed, held = {}, 0
    for term in Term.objects.prefetch_related("writings", "mentions"):
        matcher = Matcher({writing.form: term.pk for writing in term.writings.all()})
        mentioned = {mention.article_id for mention in term.mentions.all()}
        found = candidates(matcher.keys, MANY) or set()
        held += len(found)
        if mentioned - found:
            missed[term.name] = mentioned - found
    assert missed == {}
    assert 0 < held < 2 * Mention.objects.count(), "hardly more than there are"


_PIECES = st.sampled_from(
    [*"甲乙芯ab10² \n-_《》\"'^.,", "台積電", "ＨＢＭ", "foundry", "ies", "10¹⁵", "\u200b", "½", "㎚"]
)
_texts = st.lists(_PIECES, max_size=12).map("".join)


@given(_texts.filter(lambda text: bool(form_of(text))), _texts, _texts)
def test_where_a_form_stands_a_run_of_the_index_stands_too(form: str, before: str, after: str) -> None:
    matcher = Matcher({form: 1})
    for text in (f"{before}{form}{after}", f"{before}{form}s{after}", before):
        if matcher.find_in(Joined(text)):
            runs = runs_of_text(text)
            assert any(run_to_find(key) in runs for key in [*matcher.keys, POWER])
