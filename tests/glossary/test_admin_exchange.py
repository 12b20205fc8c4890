"""The glossary as a CSV file in the admin, and its look-alikes."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from glossary.admin.exchange import MAX_MEGABYTES
from glossary.models import Alias, Mention, Term
from tests.glossary.conftest import ArticleMaker, TermMaker
from tests.glossary.forms import IMPORT, confirm, form, sent, upload

TABLE = "name,kind,aliases,note\n台积电,company,TSMC|台积,全球最大的代工厂\n铠侠,company,Kioxia,\n"

pytestmark = pytest.mark.django_db


def test_a_file_is_looked_at_first_and_stored_when_confirmed(
    admin_client: Client, make_term: TermMaker, make_article: ArticleMaker
) -> None:
    term = make_term("台积电", "TSMC")
    make_article("Kioxia涨价")
    page = upload(admin_client, TABLE)
    assert "会新建 <strong>1</strong> 条，修改 <strong>1</strong> 条，删除 <strong>0</strong> 条" in page
    assert Term.objects.count() == 1
    assert [str(alias) for alias in term.aliases.all()] == ["TSMC"]
    page = confirm(admin_client, page)
    assert "词库已导入：新建 1 条，修改 1 条，0 条未变。" in page
    assert [str(alias) for alias in term.aliases.all()] == ["TSMC", "台积"]
    assert Mention.objects.get().term.name == "铠侠"


def test_two_clicks_import_once_and_say_the_same(admin_client: Client) -> None:
    page = upload(admin_client, TABLE)
    first, second = confirm(admin_client, page), confirm(admin_client, page)
    said = "词库已导入：新建 2 条，修改 0 条，0 条未变。"
    assert said in first
    assert said in second


def test_replacing_shows_what_goes(admin_client: Client, make_term: TermMaker) -> None:
    make_term("台积电", "TSMC", "旧的写法")
    make_term("要删的")
    page = upload(admin_client, TABLE, mode="replace")
    assert "要删的" in page
    assert "旧的写法" in page
    confirm(admin_client, page)
    assert set(Term.objects.values_list("name", flat=True)) == {"台积电", "铠侠"}
    assert not Alias.objects.filter(text="旧的写法").exists()


def test_a_file_of_excel_in_chinese_is_read(admin_client: Client) -> None:
    assert "铠侠" in upload(admin_client, TABLE.encode("gb18030"))


def test_a_file_that_changes_nothing_has_no_button(admin_client: Client) -> None:
    confirm(admin_client, upload(admin_client, TABLE))
    page = upload(admin_client, TABLE)
    assert "文件里的内容词库里都有了" in page
    assert "确认导入" not in page


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("name,kind\n台积电,厂\n", "“台积电”的类别是“厂”"),
        ("名字\n台积电\n", "表头是“名字”"),
        (" \n", "是空的"),
        (b"\x00\x01\x02PK", "词库.csv"),
        ("name,kind,aliases\n甲,company,同名\n乙,company,同名\n", "一个写法只能属于一个词条"),
    ],
)
def test_a_faulty_file_is_refused_in_words_and_stores_nothing(
    admin_client: Client, text: str | bytes, reason: str
) -> None:
    page = upload(admin_client, text)
    assert reason in page
    assert "确认导入" not in page
    assert not Term.objects.exists()


def test_no_file_and_a_huge_file_are_refused(admin_client: Client) -> None:
    assert "请先选一个 CSV 或 Excel 文件" in admin_client.post(IMPORT, {"mode": "add"}).content.decode()
    page = upload(admin_client, b"x" * (MAX_MEGABYTES * 1024**2 + 1))
    assert f"文件超过 {MAX_MEGABYTES} MB" in page


def test_markup_in_a_file_stays_text(admin_client: Client) -> None:
    page = upload(admin_client, 'name,kind,aliases,note\n甲<script>,company,,"""><b>"\n')
    assert "甲&lt;script&gt;" in page
    assert "甲<script>" not in page
    confirm(admin_client, page.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "'"))


def logged_in(*codenames: str) -> Client:
    user = User.objects.create_user("e", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(user)
    return client


def test_who_may_not_delete_does_not_replace(make_term: TermMaker) -> None:
    make_term("要删的")
    client = logged_in("view_term", "add_term", "change_term", "add_alias")
    assert "您的账号不能删除词条" in upload(client, TABLE, mode="replace")
    assert "要删的" not in upload(client, TABLE)


def test_who_may_only_look_imports_nothing() -> None:
    client = logged_in("view_term")
    assert client.get(IMPORT).status_code == 403
    assert client.get("/admin/glossary/term/export.csv").status_code == 200


def test_the_whole_glossary_is_taken_out_and_read_back(admin_client: Client, make_term: TermMaker) -> None:
    make_term("台积电", "TSMC", note="代工，先进制程")
    response = admin_client.get("/admin/glossary/term/export.csv")
    text = response.content.decode("utf-8-sig")
    assert text.splitlines()[1] == "台积电,公司,TSMC,代工，先进制程"
    assert "文件里的内容词库里都有了" in upload(admin_client, response.content)


def test_look_alikes_are_listed_and_warned_of(admin_client: Client, make_term: TermMaker) -> None:
    make_term("汇顶", "Goodix")
    make_term("1.4nm")
    page = sent(admin_client, "/admin/glossary/term/add/", form("汇顶公司", "Good-ix Inc."))
    assert "“汇顶公司”和词条“" in page
    assert "“Good-ix Inc.”和词条“" in page
    assert "几乎一样" not in sent(admin_client, "/admin/glossary/term/add/", form("14nm", kind="process"))
    page = admin_client.get("/admin/glossary/term/look-alikes/").content.decode()
    assert "Goodix" in page
    assert "14nm" not in page
