"""Terms, their writings, and the database's own rules."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from glossary.editing import words_changed
from glossary.models import Alias, Revision, Term, Writing
from tests.glossary.conftest import ArticleMaker, TermMaker
from tests.writing import create, delete, delete_all, save

pytestmark = pytest.mark.django_db


def writings() -> dict[str, str]:
    return {writing.form: writing.term.name for writing in Writing.objects.select_related("term")}


def test_name_and_aliases_are_writings(make_term: TermMaker) -> None:
    make_term("台积电", "TSMC", "台積電")
    assert writings() == {"台积电": "台积电", "tsmc": "台积电"}


def test_writings_follow_every_change(make_term: TermMaker) -> None:
    term = make_term("台积电", "TSMC", "台積電")
    alias = term.aliases.get(text="TSMC")
    alias.text = "台湾积体电路"
    save(alias)
    assert writings() == {"台积电": "台积电", "台湾积体电路": "台积电"}
    term.name = "台积公司"
    save(term)
    assert set(writings()) == {"台积公司", "台湾积体电路", "台积电"}  # 台積電 is an alias still
    delete(term.aliases.get(text="台積電"))
    assert set(writings()) == {"台积公司", "台湾积体电路"}
    delete(term)
    assert writings() == {}


@pytest.mark.parametrize("writing", ["台积电", "台積電", "ＴＳＭＣ", "tsmc"])
def test_two_terms_never_share_a_writing(make_term: TermMaker, writing: str) -> None:
    make_term("台积电", "TSMC")
    with pytest.raises(IntegrityError), transaction.atomic():
        create(Term, name=writing + " ", kind="company")
    other = make_term("英特尔")
    with pytest.raises(IntegrityError), transaction.atomic():
        create(Alias, term=other, text=writing)
    assert (Term.objects.count(), other.aliases.count()) == (2, 0)
    assert writings() == {"台积电": "台积电", "tsmc": "台积电", "英特尔": "英特尔"}


@pytest.mark.django_db(transaction=True)
def test_a_refused_alias_is_not_stored_even_outside_a_transaction(make_term: TermMaker) -> None:
    make_term("台积电")
    other = make_term("英特尔")
    with pytest.raises(IntegrityError):
        create(Alias, term=other, text="台積電")
    assert not Alias.objects.exists()


def test_the_database_refuses_a_shared_form_whatever_wrote_it(make_term: TermMaker) -> None:
    make_term("台积电")
    other = make_term("英特尔")
    with pytest.raises(IntegrityError), transaction.atomic():
        Writing.objects.bulk_create([Writing(form="台积电", term=other)])
    Alias.objects.bulk_create([Alias(term=other, text="台積電")])
    with pytest.raises(IntegrityError), transaction.atomic():
        words_changed()


def test_an_alias_can_move_to_another_term(make_term: TermMaker) -> None:
    first, second = make_term("台积电", "TSMC"), make_term("台积公司")
    alias = first.aliases.get()
    alias.term = second
    save(alias)
    assert writings()["tsmc"] == "台积公司"


def test_a_writing_of_another_term_is_refused_in_words(make_term: TermMaker) -> None:
    make_term("台积电", "TSMC")
    with pytest.raises(ValidationError) as refused:
        Alias(term=make_term("英特尔"), text="ｔｓｍｃ").full_clean()
    assert "“ｔｓｍｃ”已经是词条“台积电”（公司）的写法" in refused.value.message_dict["text"][0]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("，。", "没有字母、数字或汉字"),
        ("A|B", "竖线"),
        ("Ａ｜Ｂ", "竖线"),
        ("\u200b", "没有字母、数字或汉字"),
    ],
)
def test_a_name_that_can_not_be_looked_for_is_refused(name: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Term(name=name, kind="company").full_clean()


def test_spaces_in_a_name_are_tidied() -> None:
    term = Term(name=" Lip-Bu   Tan", kind="person")
    term.clean()
    assert term.name == "Lip-Bu Tan"


def test_an_address_is_readable_and_stays(make_term: TermMaker) -> None:
    term = make_term("台积电")
    assert term.slug == "taijidian"
    term.name = "台积公司"
    save(term)
    term.refresh_from_db()
    assert term.slug == "taijidian"
    assert make_term("台基点").slug == "taijidian-2"
    assert [make_term(name).slug for name in ("C++", "キオクシア", "삼성")] == ["cplusplus", "term", "term-2"]


def test_members_counts_leave_drafts_out(make_term: TermMaker, make_article: ArticleMaker) -> None:
    make_article("台积电扩产", "台積電与TSMC")
    published = make_article("英特尔与台积电")
    make_article("台积电未发布的消息", draft=True)
    term = make_term("台积电", "TSMC")
    unknown = make_term("没人提过")
    rows = {row.name: row for row in Term.objects.with_counts()}
    assert (rows["台积电"].article_count, rows[unknown.name].article_count) == (2, 0)
    assert term.mentions.count() == 3
    assert published in term.published_articles()
    assert term.published_articles().count() == 2


def test_terms_are_found_by_any_writing(make_term: TermMaker) -> None:
    term = make_term("台积电", "TSMC")
    make_term("英特尔")
    for text in ("台積", "ｔｓｍ", "积电"):
        assert list(Term.objects.written(text)) == [term]


def test_the_revision_changes_with_every_change_of_the_words(make_term: TermMaker) -> None:
    seen = [Revision.objects.current()]
    assert seen == [""]

    def changed() -> bool:
        seen.append(Revision.objects.current())
        return seen[-1] != seen[-2]

    term = make_term("台积电")
    assert changed()
    alias = create(Alias, term=term, text="TSMC")
    assert changed()
    alias.text = "台湾积体电路"
    save(alias)
    assert changed()
    delete(alias)
    assert changed()
    term.kind = Term.Kind.ORGANISATION
    save(term)
    assert changed()
    delete_all(Term.objects.all())
    assert changed()
    words_changed()
    assert changed()
    assert len(set(seen)) == len(seen)


def test_a_change_that_is_rolled_back_leaves_the_revision(make_term: TermMaker) -> None:
    make_term("台积电")
    before = Revision.objects.current()
    with transaction.atomic():
        make_term("英特尔")
        assert Revision.objects.current() != before
        transaction.set_rollback(True)
    assert Revision.objects.current() == before
