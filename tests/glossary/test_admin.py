"""The glossary's admin as an editor uses it."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from glossary.models import Alias, Mention, Term
from tests.glossary.conftest import Announced, ArticleMaker, TermMaker
from tests.glossary.forms import form, sent

TERMS = "/admin/glossary/term/"
MENTIONS = "/admin/glossary/mention/"


def test_a_term_with_its_aliases_is_put_in_by_one_form_and_read_once(
    admin_client: Client, make_article: ArticleMaker, announced: Announced
) -> None:
    article = make_article("台積電扩产", "TSMC与台湾积体电路")
    sent(admin_client, f"{TERMS}add/", form(" 台积电 ", "TSMC", "台湾积体电路", note="代工"))
    term = Term.objects.get()
    assert (term.name, term.slug, [str(alias) for alias in term.aliases.all()]) == (
        "台积电",
        "taijidian",
        ["TSMC", "台湾积体电路"],
    )
    assert article.mentions.get().count == 3
    assert announced == [[article.pk]]


def test_an_alias_is_changed_and_taken_away_in_the_form(
    admin_client: Client, make_term: TermMaker, make_article: ArticleMaker
) -> None:
    article = make_article("TSMC")
    term = make_term("台积电", "TSMC")
    alias = term.aliases.get()
    sent(admin_client, f"{TERMS}{term.pk}/change/", form("台积电", alias, delete=alias))
    assert not term.aliases.exists()
    assert not article.mentions.exists()


def test_a_writing_of_another_term_is_refused_in_words(admin_client: Client, make_term: TermMaker) -> None:
    make_term("台积电", "TSMC")
    page = sent(admin_client, f"{TERMS}add/", form("台積電"))
    assert "“台積電”已经是词条“台积电”（公司）的写法" in page
    page = sent(admin_client, f"{TERMS}add/", form("英特尔", "ＴＳＭＣ"))
    assert "“ＴＳＭＣ”已经是词条“台积电”（公司）的写法" in page
    assert Term.objects.count() == 1


def test_an_alias_given_twice_is_refused(admin_client: Client) -> None:
    page = sent(admin_client, f"{TERMS}add/", form("台积电", "TSMC", "TSMC"))
    assert not Term.objects.exists()
    assert "重复" in page or "已经有了" in page


@pytest.mark.parametrize(
    ("name", "aliases", "warning"),
    [
        ("芯片法案", [], "“芯片法案”含有“芯片”：文章里出现前者的地方，只算提到“芯片法案”，不算“芯片”。"),
        ("芯", [], "“芯片”含有“芯”：文章里出现前者的地方，只算提到“芯片”，不算“芯”。"),
        (
            "某法",
            ["美国芯片法"],
            "“美国芯片法”含有“芯片”：文章里出现前者的地方，只算提到“某法”，不算“芯片”。",
        ),
    ],
)
def test_a_writing_that_overlaps_with_another_terms_is_warned_about(
    admin_client: Client, make_term: TermMaker, name: str, aliases: list[str], warning: str
) -> None:
    make_term("芯片", "chip", kind="product")
    page = sent(admin_client, f"{TERMS}add/", form(name, *aliases))
    assert warning in page
    assert Term.objects.filter(name=name).exists()


def test_codes_that_only_begin_alike_are_not_warned_about(admin_client: Client, make_term: TermMaker) -> None:
    make_term("HBM", kind="product")
    assert "含有" not in sent(admin_client, f"{TERMS}add/", form("HBM3E"))


def test_a_saved_note_warns_of_nothing(admin_client: Client, make_term: TermMaker) -> None:
    make_term("芯片")
    term = make_term("芯片法案")
    page = sent(admin_client, f"{TERMS}{term.pk}/change/", form("芯片法案", note="2022 年"))
    assert "含有" not in page


def test_many_overlaps_are_summed_up(admin_client: Client, make_term: TermMaker) -> None:
    for number in range(8):
        make_term(f"芯片{number}号")
    assert "还有 3 处写法互相包含" in sent(admin_client, f"{TERMS}add/", form("芯片"))


@pytest.mark.parametrize("query", ["台积电", "台積", "tsmc", "ＴＳＭ", "tai  wan semi"])
def test_terms_are_found_by_any_writing(admin_client: Client, make_term: TermMaker, query: str) -> None:
    term = make_term("台积电", "TSMC", "Tai Wan Semi")
    make_term("英特尔")
    assert list(admin_client.get(TERMS, {"q": query}).context["cl"].queryset) == [term]


def test_the_list_shows_kind_aliases_and_how_many_articles_members_see(
    admin_client: Client, make_term: TermMaker, make_article: ArticleMaker
) -> None:
    make_article("台积电")
    make_article("台积电还没发布", draft=True)
    term = make_term("台积电", "TSMC", "台積電")
    page = admin_client.get(TERMS).content.decode()
    link = f'<a href="{MENTIONS}?term__id__exact={term.pk}&amp;visible=yes">1 篇</a>'
    assert link in page
    assert "TSMC、台積電" in page
    assert "公司" in page
    listed = admin_client.get(MENTIONS, {"term__id__exact": term.pk, "visible": "yes"})
    assert [mention.article.title for mention in listed.context["cl"].queryset] == ["台积电"]
    listed = admin_client.get(MENTIONS, {"term__id__exact": term.pk, "visible": "no"})
    assert [mention.article.title for mention in listed.context["cl"].queryset] == ["台积电还没发布"]


def test_the_lists_cost_the_same_however_long(
    admin_client: Client,
    make_term: TermMaker,
    make_article: ArticleMaker,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(15):
        make_term(f"第{number}号芯片", f"{number}号")
    for number in range(15):
        make_article(f"第 {number} 条", "".join(f"第{other}号芯片" for other in range(15)))
    for url in (TERMS, MENTIONS):
        with django_assert_max_num_queries(9):
            assert admin_client.get(url).status_code == 200


def test_a_term_shows_which_articles_mention_it(
    admin_client: Client, make_term: TermMaker, make_article: ArticleMaker
) -> None:
    articles = [make_article(f"台积电新闻第 {number} 条", "<台积电>") for number in range(22)]
    make_article("台积电的未发布消息", draft=True)
    term = make_term("台积电")
    page = admin_client.get(f"{TERMS}{term.pk}/change/").content.decode()
    assert "影响哪些文章" in page
    assert "共 23 篇，其中成员看得到 22 篇" in page
    assert "以下是最近 20 篇" in page
    assert len(re.findall(r"/admin/archive/article/\d+/change/", page)) == 20
    assert (
        f'<a href="/admin/archive/article/{articles[0].pk}/change/">台积电新闻第 0 条</a>（2025年3月21日，2 次）'
        in page
    )
    nobody = make_term("没人提过")
    assert "还没有文章提到它" in admin_client.get(f"{TERMS}{nobody.pk}/change/").content.decode()
    assert "保存后显示" in admin_client.get(f"{TERMS}add/").content.decode()


def test_terms_are_exported_for_excel(admin_client: Client, make_term: TermMaker) -> None:
    chosen, other = make_term("台积电", "TSMC", note="代工，先进"), make_term("英特尔")
    response = admin_client.post(TERMS, {"action": "export_csv", "_selected_action": [chosen.pk]})
    assert response["Content-Type"].startswith("text/csv")
    assert response.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows == [["名称", "类别", "别名", "说明"], ["台积电", "公司", "TSMC", "代工，先进"]]
    assert other.name not in response.content.decode()


def test_terms_are_deleted_with_what_goes_along_in_numbers(
    admin_client: Client, make_term: TermMaker, make_article: ArticleMaker
) -> None:
    article = make_article("台积电与英特尔")
    first, second = make_term("台积电", "TSMC"), make_term("英特尔")
    data: dict[str, object] = {"action": "delete_selected", "_selected_action": [first.pk, second.pk]}
    page = sent(admin_client, TERMS, data)
    assert "台积电" in page
    assert "提到它的文章" in page
    sent(admin_client, TERMS, data | {"post": "yes"})
    assert (Term.objects.count(), Mention.objects.count(), article.mentions.count()) == (0, 0, 0)


def test_mentions_are_only_read(
    admin_client: Client, make_term: TermMaker, make_article: ArticleMaker
) -> None:
    make_article("台积电")
    make_term("台积电")
    assert admin_client.get(f"{MENTIONS}add/").status_code == 403
    mention = Mention.objects.get()
    assert admin_client.post(f"{MENTIONS}{mention.pk}/delete/", {"post": "yes"}).status_code == 403
    assert MENTIONS not in admin_client.get("/admin/").content.decode()


def test_who_may_only_look_can_not_delete(client: Client, make_term: TermMaker) -> None:
    term = make_term("台积电")
    user = User.objects.create_user("reader", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_term"))
    client.force_login(user)
    assert client.get(TERMS).status_code == 200
    assert client.get(f"{TERMS}{term.pk}/change/").status_code == 200
    assert client.post(f"{TERMS}{term.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_admin_speaks_chinese(admin_client: Client, make_term: TermMaker) -> None:
    make_term("台积电")
    page = admin_client.get(TERMS).content.decode()
    for words in ("词库", "词条", "类别", "别名", "成员看得到", "导出所选词条", "按名称或任何一个别名搜索"):
        assert words in page


def test_a_number_of_aliases_that_no_form_has_is_refused_in_words(
    admin_client: Client, make_term: TermMaker
) -> None:
    term = make_term("台积电")
    sent_form = form("台积电", "TSMC") | {"aliases-TOTAL_FORMS": 10**9}
    for url in (f"{TERMS}{term.pk}/change/", f"{TERMS}add/", reverse("admin:insight_ignoredword_impact")):
        response = admin_client.post(url, sent_form)
        assert response.status_code == 400
        assert "什么都没有保存" in response.content.decode()
    assert not Alias.objects.exists()
