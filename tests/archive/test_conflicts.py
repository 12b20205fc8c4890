"""Two editors at one issue: nothing is lost, nothing is saved twice, and the second is asked."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import QueryDict
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from archive import versions
from archive.admin import ArticleAdmin
from archive.admin.forms import ArticleForm
from archive.admin.states import sent_issue
from archive.models import Article, Issue
from tests.archive.forms import ISSUE, fields, inline
from tests.conftest import WeekMaker

ARTICLE = "/admin/archive/article/"
Form = dict[str, object]


@pytest.fixture
def issue(make_issue: WeekMaker) -> Issue:
    return make_issue({"甲": "一。", "乙": "二。", "丙": "三。"}, status=Issue.Status.DRAFT)


@pytest.fixture
def other(db: None) -> Client:
    """A second editor's browser."""
    client = Client()
    client.force_login(User.objects.create_superuser("zhao"))
    return client


def open_issue(client: Client, issue: Issue) -> Form:
    """What the browser would send if the form that it was just given were saved untouched."""
    form = client.get(f"{ISSUE}{issue.pk}/change/").context["adminform"].form
    lines = [(article.pk, article.position, article.title) for article in issue.articles.all()]
    return (
        fields(title=form["title"].value(), start_date=issue.start_date, end_date=issue.end_date)
        | {"version": form["version"].value(), "form_token": form["form_token"].value()}
        | {name: form[name].value() or "" for name in ("columnist", "introduction", "sign_off")}
        | inline(issue, *lines)
    )


def open_article(client: Client, article: Article) -> Form:
    form = client.get(f"{ARTICLE}{article.pk}/change/").context["adminform"].form
    names = ("title", "body", "source", "source_url", "version", "form_token")
    return {name: form[name].value() or "" for name in names}


def save(client: Client, obj: Issue | Article, data: Form) -> tuple[int, str]:
    path = ISSUE if isinstance(obj, Issue) else ARTICLE
    response = client.post(f"{path}{obj.pk}/change/", {**data, "_continue": "1"})
    return response.status_code, response.content.decode()


def test_the_second_to_save_sees_what_the_first_changed(
    admin_client: Client, other: Client, issue: Issue
) -> None:
    article = issue.articles.get(title="甲")
    mine, theirs = open_article(admin_client, article), open_article(other, article)
    assert save(other, article, theirs | {"body": "<p>对方写的。</p>"})[0] == 302
    status, page = save(admin_client, article, mine | {"body": "<p>我写的。</p>"})
    assert status == 409
    for words in (
        "zhao",
        "保留我的",
        "用对方的",
        "合在一起",
        "两人都改了",
        "<del>对方</del>",
        "<ins>我</ins>",
    ):
        assert words in page
    article.refresh_from_db()
    assert article.body == "<p>对方写的。</p>", "nothing is saved before the choice"


@pytest.mark.parametrize(
    ("choice", "stored"),
    [("mine", "<p>我写的。</p>"), ("theirs", "<p>对方写的。</p>"), ("edited", "<p>我和对方写的。</p>")],
)
def test_what_was_chosen_is_saved_and_the_other_text_stays_a_version(
    admin_client: Client, other: Client, issue: Issue, choice: str, stored: str
) -> None:
    article = issue.articles.get(title="甲")
    mine, theirs = open_article(admin_client, article), open_article(other, article)
    save(other, article, theirs | {"body": "<p>对方写的。</p>"})
    mine |= {"body": "<p>我写的。</p>"}
    save(admin_client, article, mine)
    issue.refresh_from_db()
    decision = {"_decided": issue.version, "choose:body": choice, "edited:body": "<p>我和对方写的。</p>"}
    assert save(admin_client, article, mine | decision)[0] == 302
    article.refresh_from_db()
    assert article.body == stored
    kept = [versions.snapshot(revision, issue.pk) for revision in versions.revisions_of(issue.pk)]
    bodies = {values["body"] for week in kept if (values := week.article(article.pk))}
    assert {"<p>一。</p>", "<p>对方写的。</p>", stored} <= bodies


def test_a_choice_that_is_missing_is_asked_for_again(
    admin_client: Client, other: Client, issue: Issue
) -> None:
    article = issue.articles.get(title="甲")
    mine, theirs = open_article(admin_client, article), open_article(other, article)
    save(other, article, theirs | {"body": "<p>对方写的。</p>"})
    issue.refresh_from_db()
    status, page = save(admin_client, article, mine | {"body": "<p>我写的。</p>", "_decided": issue.version})
    assert status == 409
    assert "还有地方没选" in page


def test_a_third_save_while_the_second_chooses_is_shown_too(
    admin_client: Client, other: Client, issue: Issue
) -> None:
    article = issue.articles.get(title="甲")
    mine = open_article(admin_client, article) | {"body": "<p>我写的。</p>"}
    save(other, article, open_article(other, article) | {"body": "<p>对方写的。</p>"})
    issue.refresh_from_db()
    seen = issue.version
    save(other, article, open_article(other, article) | {"body": "<p>对方又写的。</p>"})
    status, page = save(admin_client, article, mine | {"_decided": seen, "choose:body": "mine"})
    assert status == 409
    assert "又" in page
    article.refresh_from_db()
    assert article.body == "<p>对方又写的。</p>"


def test_changes_of_different_fields_are_both_kept(admin_client: Client, other: Client, issue: Issue) -> None:
    mine, theirs = open_issue(admin_client, issue), open_issue(other, issue)
    assert save(other, issue, theirs | {"columnist": "对方署名"})[0] == 302
    mine |= {"introduction": "我的导语", "articles-1-title": "乙改"}
    status, page = save(admin_client, issue, mine)
    assert status == 409
    assert "对方署名" in page
    assert "只有对方改了" in page
    issue.refresh_from_db()
    choices = {
        "_decided": issue.version,
        "choose:columnist": "theirs",
        "choose:introduction": "mine",
        f"choose:{mine['articles-1-id']}.title": "mine",
    }
    assert save(admin_client, issue, mine | choices)[0] == 302
    issue.refresh_from_db()
    assert (issue.columnist, issue.introduction) == ("对方署名", "我的导语")
    assert [article.title for article in issue.articles.all()] == ["甲", "乙改", "丙"]


def test_a_form_from_after_a_save_that_changed_nothing_knows_where_it_started(
    admin_client: Client, other: Client, issue: Issue
) -> None:
    assert save(other, issue, open_issue(other, issue))[0] == 302
    mine, theirs = open_issue(admin_client, issue), open_issue(other, issue)
    save(other, issue, theirs | {"columnist": "对方署名"})
    status, page = save(admin_client, issue, mine | {"introduction": "我的导语"})
    assert status == 409
    assert "两人都改了" not in page


def test_a_text_and_its_version_are_read_at_once(issue: Issue, rf: RequestFactory) -> None:
    article_admin = ArticleAdmin(Article, admin.site)
    article = article_admin.get_object(rf.get("/"), str(issue.articles.all()[0].pk))
    version = Issue.objects.get().version
    Issue.objects.update(version=version + 1)
    assert ArticleForm(instance=article).initial["version"] == version


def test_a_save_elsewhere_in_the_issue_is_no_conflict(
    admin_client: Client, other: Client, issue: Issue
) -> None:
    first, second = issue.articles.all()[:2]
    mine = open_article(admin_client, first)
    save(other, second, open_article(other, second) | {"body": "<p>乙改。</p>"})
    assert save(admin_client, first, mine | {"body": "<p>甲改。</p>"})[0] == 302
    bodies = list(issue.articles.values_list("body", flat=True))
    assert bodies == ["<p>甲改。</p>", "<p>乙改。</p>", "<p>三。</p>"]


def test_an_article_that_the_other_added_is_kept_whatever_i_reorder(
    admin_client: Client, other: Client, issue: Issue
) -> None:
    mine, theirs = open_issue(admin_client, issue), open_issue(other, issue)
    extra = inline(
        issue,
        *[(article.pk, article.position, article.title) for article in issue.articles.all()],
        ("", 4, "丁"),
    )
    assert save(other, issue, theirs | extra)[0] == 302
    mine |= {"articles-0-position": 3, "articles-2-position": 1}
    status, page = save(admin_client, issue, mine)
    assert status == 409
    assert "对方新加了一篇《丁》" in page
    issue.refresh_from_db()
    assert save(admin_client, issue, mine | {"_decided": issue.version, "choose:order": "mine"})[0] == 302
    assert [article.title for article in issue.articles.all()] == ["丙", "丁", "乙", "甲"], (
        "after its neighbour"
    )


def test_an_article_that_the_other_deleted_while_i_renamed_it_is_asked_about(
    admin_client: Client, other: Client, issue: Issue
) -> None:
    mine, theirs = open_issue(admin_client, issue), open_issue(other, issue)
    pk = Article.objects.get(title="乙").pk
    assert save(other, issue, theirs | {"articles-1-DELETE": "on"})[0] == 302
    mine |= {"articles-1-title": "乙改"}
    status, page = save(admin_client, issue, mine)
    assert status == 409
    assert "是否保留《乙改》" in page
    issue.refresh_from_db()
    choices = {"_decided": issue.version, f"choose:{pk}.kept": "mine"}
    assert save(admin_client, issue, mine | choices)[0] == 302
    assert list(issue.articles.values_list("pk", "title"))[1] == (pk, "乙改")
    assert Article.objects.get(pk=pk).body == "<p>二。</p>"


def test_an_article_that_i_delete_while_the_other_wrote_in_it_is_asked_about(
    admin_client: Client, other: Client, issue: Issue
) -> None:
    mine = open_issue(admin_client, issue) | {"articles-0-DELETE": "on"}
    article = issue.articles.get(title="甲")
    save(other, article, open_article(other, article) | {"body": "<p>写了很多。</p>"})
    status, page = save(admin_client, issue, mine)
    assert status == 409
    assert "是否保留" in page
    issue.refresh_from_db()
    assert (
        save(admin_client, issue, mine | {"_decided": issue.version, f"choose:{article.pk}.kept": "theirs"})[
            0
        ]
        == 302
    )
    assert issue.articles.get(pk=article.pk).body == "<p>写了很多。</p>"


def test_what_i_wrote_in_a_deleted_article_is_shown_and_can_be_saved(
    admin_client: Client, other: Client, issue: Issue
) -> None:
    article = issue.articles.get(title="甲")
    pk = article.pk
    mine = open_article(admin_client, article) | {"body": "<p>我写的。</p>"}
    other.post(f"{ARTICLE}{pk}/delete/", {"post": "yes"})
    status, page = save(admin_client, article, mine)
    assert status == 409
    assert "zhao" in page
    assert "我写的。" in page
    assert save(admin_client, article, mine | {"_restore": "1"})[0] == 302
    assert Article.objects.get(pk=pk).body == "<p>我写的。</p>"


def test_what_i_wrote_in_a_deleted_issue_is_shown_and_can_be_saved(
    admin_client: Client, other: Client, issue: Issue
) -> None:
    before = list(issue.articles.values_list("pk", "title", "body"))
    mine = open_issue(admin_client, issue) | {"introduction": "我的导语"}
    pk = issue.pk
    other.post(f"{ISSUE}{pk}/delete/", {"post": "yes"})
    status, page = save(admin_client, issue, mine)
    assert (status, Issue.objects.count()) == (409, 0)
    assert "我的导语" in page
    assert save(admin_client, issue, mine | {"_restore": "1"})[0] == 302
    restored = Issue.objects.get(pk=pk)
    assert restored.introduction == "我的导语"
    assert list(restored.articles.values_list("pk", "title", "body")) == before


def test_a_deletion_is_asked_again_when_someone_saved_after_the_question(
    admin_client: Client, other: Client, issue: Issue
) -> None:
    article = issue.articles.get(title="甲")
    admin_client.get(f"{ISSUE}{issue.pk}/delete/")
    save(other, article, open_article(other, article) | {"body": "<p>写了很多。</p>"})
    page = admin_client.post(f"{ISSUE}{issue.pk}/delete/", {"post": "yes"}, follow=True).content.decode()
    assert "没有删除" in page
    assert Issue.objects.filter(pk=issue.pk).exists()


def test_the_same_form_sent_twice_is_one_save(admin_client: Client) -> None:
    form = admin_client.get(f"{ISSUE}add/").context["adminform"].form
    data = fields() | {"form_token": form["form_token"].value()} | inline(None, ("", 1, "甲"))
    first = admin_client.post(f"{ISSUE}add/", data)
    second = admin_client.post(f"{ISSUE}add/", data, follow=True)
    assert first.status_code == 302
    assert "没有重复保存" in second.content.decode()
    assert Issue.objects.get().articles.count() == 1
    assert versions.revisions_of(Issue.objects.get().pk).count() == 1


def test_a_new_article_sent_twice_is_there_once(admin_client: Client, issue: Issue) -> None:
    lines = [(article.pk, article.position, article.title) for article in issue.articles.all()]
    data = open_issue(admin_client, issue) | inline(issue, *lines, ("", 4, "丁"))
    assert save(admin_client, issue, data)[0] == 302
    assert save(admin_client, issue, data)[0] == 302
    assert [article.title for article in issue.articles.all()] == ["甲", "乙", "丙", "丁"]


def test_a_decision_that_is_sent_twice_is_one_save(admin_client: Client, other: Client, issue: Issue) -> None:
    article = issue.articles.get(title="甲")
    mine, theirs = open_article(admin_client, article), open_article(other, article)
    save(other, article, theirs | {"body": "<p>对方写的。</p>"})
    mine |= {"body": "<p>我写的。</p>"}
    save(admin_client, article, mine)
    issue.refresh_from_db()
    decision = mine | {"_decided": issue.version, "choose:body": "mine"}
    assert save(admin_client, article, decision)[0] == 302
    kept = versions.revisions_of(issue.pk).count()
    assert save(admin_client, article, decision)[0] == 302, "no second question, and no second save"
    assert versions.revisions_of(issue.pk).count() == kept


def test_the_form_that_the_back_button_shows_can_not_undo_my_own_save(
    admin_client: Client, issue: Issue
) -> None:
    article = issue.articles.get(title="甲")
    stale = open_article(admin_client, article)
    save(admin_client, article, stale | {"body": "<p>第一次。</p>"})
    status, page = save(admin_client, article, stale | {"title": "甲改"})
    assert status == 409
    assert "您在" in page
    article.refresh_from_db()
    assert article.body == "<p>第一次。</p>"


def test_a_form_with_an_error_keeps_what_was_typed_and_can_be_saved_after(
    admin_client: Client, issue: Issue
) -> None:
    data = open_issue(admin_client, issue) | {"title": "", "introduction": "打了很多字"}
    status, page = save(admin_client, issue, data)
    assert status == 200
    assert "打了很多字" in page
    assert save(admin_client, issue, data | {"title": "补上"})[0] == 302


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("articles-TOTAL_FORMS", "1000000000"),
        ("articles-TOTAL_FORMS", "9" * 5000),
        ("articles-INITIAL_FORMS", "1001"),
        ("articles-0-id", "9" * 5000),
        ("articles-0-position", "9" * 5000),
        ("version", "9" * 5000),
    ],
)
def test_a_number_that_no_form_of_ours_has_is_refused_in_words_before_anything_is_locked(
    admin_client: Client,
    issue: Issue,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    name: str,
    value: str,
) -> None:
    sent = open_issue(admin_client, issue) | {"version": 0, name: value}
    with django_assert_max_num_queries(2) as queries:
        status, page = save(admin_client, issue, sent)
    assert status == 400
    assert "什么都没有保存" in page
    assert not any("UPDATE" in query["sql"] or "INSERT" in query["sql"] for query in queries), (
        "the log-in only"
    )


@pytest.mark.parametrize("typed", ["2025-09-01", "2025.9.1", "2025年9月1日", " 2025/9/1 "])
def test_a_day_that_is_only_written_otherwise_is_no_change(typed: str) -> None:
    assert sent_issue(QueryDict(f"start_date={typed}")).fields["start_date"] == "2025-09-01"
