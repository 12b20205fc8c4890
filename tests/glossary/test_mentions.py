"""Mentions follow articles and terms, and only what is affected is read again."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from archive.models import Article
from glossary.editing import delete_terms, save_term
from glossary.mentions import rebuild_mentions, reindex_mentions
from glossary.models import Alias, Mention, PendingForm, Term, Writing
from tests.glossary.conftest import Announced, ArticleMaker, TermMaker
from tests.worker.running import run_due_tasks
from tests.writing import create, delete, save

pytestmark = pytest.mark.django_db


def fail(article_ids: Collection[int], texts: Collection[Article], issue_ids: Collection[int]) -> None:
    raise ZeroDivisionError


def mentions(article: Article) -> dict[str, int]:
    return {mention.term.name: mention.count for mention in article.mentions.select_related("term")}


# --- Articles ---


def test_an_article_is_read_when_it_is_saved(make_term: TermMaker, make_article: ArticleMaker) -> None:
    make_term("台积电", "TSMC")
    make_term("英特尔")
    article = make_article("台积电扩产", "TSMC与台積電。\n英特尔。")
    assert mentions(article) == {"台积电": 3, "英特尔": 1}
    article.body = "<p>英特尔</p>"
    article.title = "扩产"
    save(article)
    assert mentions(article) == {"英特尔": 1}
    article.body = ""
    save(article)
    assert mentions(article) == {}


def test_title_body_and_source_are_read(make_term: TermMaker, make_article: ArticleMaker) -> None:
    make_term("集邦咨询")
    article = make_article("存储涨价")
    article.source = "集邦咨询"
    save(article)
    assert mentions(article) == {"集邦咨询": 1}


def test_a_move_of_an_article_reads_nothing(
    make_article: ArticleMaker, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    article = make_article("台积电")
    Mention.objects.all().delete()
    article.position = 9
    save(article)
    assert not Mention.objects.exists()


def test_a_draft_has_mentions_too(make_term: TermMaker, make_article: ArticleMaker) -> None:
    make_term("台积电")
    assert mentions(make_article("台积电", draft=True)) == {"台积电": 1}


def test_a_deleted_article_takes_its_mentions_along(make_term: TermMaker, make_article: ArticleMaker) -> None:
    make_term("台积电")
    delete(make_article("台积电").issue)
    assert not Mention.objects.exists()


def test_a_rolled_back_article_leaves_no_mentions(make_term: TermMaker, make_article: ArticleMaker) -> None:
    make_term("台积电")
    with transaction.atomic():
        make_article("台积电")
        transaction.set_rollback(True)
    assert not Mention.objects.exists()


# --- Terms ---


def test_a_new_term_touches_only_the_articles_that_contain_it(
    make_term: TermMaker, make_article: ArticleMaker, announced: Announced
) -> None:
    inside = [
        make_article("台積電扩产"),
        make_article("封装", "先进封装给了 台 积 电。"),
        make_article("代工", "台积电。", draft=True),
    ]
    for number in range(20):
        make_article(f"第 {number} 条", "英特尔18A量产。\n台积\n电与SKU。")
    make_term("台积电")
    assert announced == [[article.pk for article in inside]]
    assert set(Mention.objects.values_list("article", flat=True)) == {article.pk for article in inside}
    make_term("SK")
    assert len(announced) == 1


def test_markup_and_entities_do_not_hide_a_term(make_term: TermMaker, make_article: ArticleMaker) -> None:
    article = make_article("合作 <研发>")
    article.body = "<p>Co<b>Wo</b>S</p><p>AT&amp;T</p><p>Lip-Bu&nbsp;Tan</p>"
    save(article)
    make_term("AT&T")
    make_term("CoWoS")
    make_term("Lip-Bu Tan")
    make_term("研发")
    assert mentions(article) == {"AT&T": 1, "CoWoS": 1, "Lip-Bu Tan": 1, "研发": 1}


def test_a_longer_writing_takes_over_and_gives_back(make_term: TermMaker, make_article: ArticleMaker) -> None:
    article = make_article("美国芯片法案", "芯片")
    make_term("芯片")
    assert mentions(article) == {"芯片": 2}
    longer = make_term("芯片法案")
    assert mentions(article) == {"芯片": 1, "芯片法案": 1}
    delete(longer)
    assert mentions(article) == {"芯片": 2}
    make_term("法案", "美国芯片")
    assert mentions(article) == {"芯片": 1, "法案": 2}


def test_an_alias_brings_and_takes_mentions(
    make_term: TermMaker, make_article: ArticleMaker, announced: Announced
) -> None:
    article, other = make_article("TSMC扩产"), make_article("台积电扩产")
    term = make_term("台积电")
    alias = create(Alias, term=term, text="TSMC")
    assert mentions(article) == {"台积电": 1}
    delete(alias)
    assert mentions(article) == {}
    assert announced == [[other.pk], [article.pk], [article.pk]]


def test_a_renamed_term_is_looked_for_by_its_new_name(
    make_term: TermMaker, make_article: ArticleMaker
) -> None:
    old, new = make_article("阿斯麦"), make_article("艾司摩尔")
    term = make_term("阿斯麦")
    term.name = "艾司摩尔"
    save(term)
    assert (mentions(old), mentions(new)) == ({}, {"艾司摩尔": 1})


def test_a_note_or_kind_reads_no_article(
    make_term: TermMaker, make_article: ArticleMaker, announced: Announced
) -> None:
    make_article("台积电")
    term = make_term("台积电")
    announced.clear()
    term.note, term.kind = "代工", Term.Kind.ORGANISATION
    save(term)
    create(Alias, term=term, text="台積電")  # the form that the name has already
    assert announced == []


def test_deleted_terms_are_gone_from_their_articles(
    make_term: TermMaker, make_article: ArticleMaker, announced: Announced
) -> None:
    article = make_article("台积电与英特尔")
    make_article("三星")
    make_term("台积电", "TSMC")
    make_term("英特尔")
    announced.clear()
    delete_terms(Term.objects.values_list("pk", flat=True))
    assert announced == [[article.pk]]
    assert mentions(article) == {}


def test_what_is_saved_together_is_read_once(make_article: ArticleMaker, announced: Announced) -> None:
    first, second = make_article("台积电"), make_article("TSMC")
    late = make_article("英特尔与TSMC")
    save_term(Term(name="台积电", kind="company"), [Alias(text="TSMC"), Alias(text="台湾积体电路")])
    assert announced == [[first.pk, second.pk, late.pk]]
    assert (mentions(first), mentions(second)) == ({"台积电": 1}, {"台积电": 1})


def test_an_error_while_several_are_saved_stores_nothing(
    make_term: TermMaker, make_article: ArticleMaker, announced: Announced
) -> None:
    article = make_article("台积电")
    make_term("英特尔", "Intel")
    with pytest.raises(IntegrityError), transaction.atomic():
        save_term(Term(name="台积电", kind="company"), [Alias(text="Intel")])
    assert (Term.objects.count(), announced, mentions(article)) == (1, [], {})
    make_term("台积电")
    assert mentions(article) == {"台积电": 1}


def test_a_follower_that_fails_keeps_the_change_from_being_stored(
    make_term: TermMaker, make_article: ArticleMaker, settings: Settings
) -> None:
    make_article("台积电")
    settings.ARCHIVE_FOLLOWERS = [*settings.ARCHIVE_FOLLOWERS, f"{__name__}.fail"]
    with pytest.raises(ZeroDivisionError):
        make_term("台积电")
    assert (Term.objects.count(), Mention.objects.count()) == (0, 0)


# --- In bulk ---


def test_mentions_can_be_rebuilt(
    make_term: TermMaker, make_article: ArticleMaker, announced: Announced
) -> None:
    make_term("台积电")
    right, wrong, missing = make_article("台积电"), make_article("台积电 台积电"), make_article("台积电")
    make_article("三星")
    wrong.mentions.update(count=7)
    missing.mentions.all().delete()
    announced.clear()
    assert rebuild_mentions() == [wrong.pk, missing.pk]
    assert announced == [[wrong.pk, missing.pk]]
    assert [mentions(article) for article in (right, wrong, missing)] == [
        {"台积电": 1},
        {"台积电": 2},
        {"台积电": 1},
    ]
    assert rebuild_mentions() == []


def test_a_rebuild_shows_how_far_it_is(make_term: TermMaker, make_article: ArticleMaker) -> None:
    articles = [make_article(f"第 {number} 条") for number in range(3)]
    seen: list[int] = []

    def progress(batches: object) -> Iterator[list[int]]:
        for batch in batches:  # type: ignore[attr-defined]
            seen.extend(batch)
            yield batch

    rebuild_mentions(progress)
    assert seen == [article.pk for article in articles]


def test_reading_again_costs_no_query_an_article(
    make_term: TermMaker, make_article: ArticleMaker, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make_term("台积电")
    for number in range(40):
        make_article(f"第 {number} 条", "台积电")
    Mention.objects.all().delete()
    with django_assert_max_num_queries(10):
        assert len(reindex_mentions({"台积电"})) == 40
    assert Mention.objects.count() == 40


# --- In a large archive ---


@pytest.fixture
def large(settings: Settings) -> None:
    """Two articles are many."""
    settings.GLOSSARY_READS_AT_ONCE = 1


def test_in_a_large_archive_the_words_come_at_once_and_the_mentions_by_the_worker(
    large: None, make_article: ArticleMaker, admin_client: Client
) -> None:
    article, other = make_article("台积电扩产", "台积电。"), make_article("英特尔")
    term = Term(name="台积电", kind="company")
    save_term(term, [Alias(text="英特尔")])
    assert Writing.objects.filter(term=term).count() == 2
    assert (mentions(article), mentions(other)) == ({}, {})
    address = f"/admin/glossary/term/{term.pk}/change/"
    said = {
        address: "正在按新写法重新找提到它的文章，稍后会补齐",
        term.get_absolute_url(): "正在找提到它的文章，稍后补齐",
    }
    assert said[address] in admin_client.get(address).content.decode()
    other.source = "台积电"
    save(other)
    assert mentions(other) == {"台积电": 2}, "a save finds its own mentions"
    for page, notice in said.items():
        assert notice in admin_client.get(page).content.decode()
    run_due_tasks()
    assert (mentions(article), mentions(other)) == ({"台积电": 2}, {"台积电": 2})
    for page, notice in said.items():
        assert notice not in admin_client.get(page).content.decode()


def test_a_term_that_goes_from_a_large_archive_gives_its_places_back(
    large: None, make_term: TermMaker, make_article: ArticleMaker
) -> None:
    article = make_article("芯片法案")
    make_article("别的")
    make_term("芯片")
    longer = make_term("芯片法案")
    run_due_tasks()
    assert mentions(article) == {"芯片法案": 1}
    delete(longer)
    assert mentions(article) == {}
    run_due_tasks()
    assert mentions(article) == {"芯片": 1}


def test_words_that_change_while_the_worker_reads_are_read_by_the_next_task(
    large: None, make_term: TermMaker, make_article: ArticleMaker
) -> None:
    for title in ("台积电", "英特尔"):
        make_article(title)
    make_term("台积电")
    pending = PendingForm.objects.get()
    run_due_tasks()
    make_term("英特尔")
    assert PendingForm.objects.get().pk != pending.pk
    run_due_tasks()
    assert Mention.objects.count() == 2
    assert not PendingForm.objects.exists()
