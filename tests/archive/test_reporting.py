"""报错: what members say is wrong is kept for the editors, within limits, and nothing of who said it."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from contextlib import closing
from typing import Any

import lxml.html
import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from archive import publishing, reporting
from archive.body import from_text
from archive.models import Article, ErrorReport, Issue
from archive.reporting import MAX_CONTACT, MAX_MESSAGE, MAX_QUOTE, MOST, MOST_OF_ARTICLE, Passage
from archive.tasks import delete_old_reports
from config.settings import CACHES
from tests.conftest import WeekMaker
from tests.writing import delete, update

pytestmark = pytest.mark.django_db

FIRST, SECOND = "第一段写了产能。", "第二段说良率是七成。"
WRONG = "良率应为六成。"


@pytest.fixture(autouse=True)
def _nobody_has_sent_anything() -> None:
    caches["shared"].clear()


@pytest.fixture
def article(make_issue: WeekMaker) -> Article:
    return make_issue({"良率": f"{FIRST}\n{SECOND}", "别的": "别的一篇。"}).articles.get(position=1)


def address(article: Article) -> str:
    return f"/articles/{article.pk}/report/"


def token(client: Client, article: Article, anchor: str = "p2") -> str:
    page = client.get(address(article), {"p": anchor}).content.decode()
    found = re.search(r'name="passage" value="([^"]+)"', page)
    assert found
    return found[1]


def send(client: Client, article: Article, anchor: str = "p2", **values: Any) -> Any:
    sent = {"message": WRONG, "passage": token(client, article, anchor), **values}
    data = {name: value for name, value in sent.items() if value is not None}
    return client.post(address(article), data, **{"REMOTE_ADDR": "203.0.113.7"})


# --- Sent ----------------------------------------------------------------------------------------------


def test_a_report_is_kept_with_its_paragraph_and_the_sender_is_thanked(
    client: Client, article: Article
) -> None:
    assert SECOND in client.get(address(article), {"p": "p2"}).content.decode()
    response = send(client, article, contact=" wang@example.com ")
    kept = ErrorReport.objects.get()
    assert (kept.article, kept.anchor, kept.quote) == (article, "p2", SECOND)
    assert (kept.message, kept.contact, kept.closed_at) == (WRONG, "wang@example.com", None)
    thanks = client.get(response["Location"]).content.decode()
    assert "谢谢，编辑会看到" in thanks
    assert f'href="/articles/{article.pk}/#p2"' in thanks


def test_an_article_as_a_whole_is_reported_too(client: Client, article: Article) -> None:
    send(client, article, anchor="", message="标题少了一个字。")
    kept = ErrorReport.objects.get()
    assert (kept.anchor, kept.quote, kept.place) == ("", "", "")
    assert kept.address == f"/articles/{article.pk}/"


def test_the_same_sent_twice_is_one_report(client: Client, article: Article) -> None:
    assert send(client, article).status_code == send(client, article).status_code == 302
    assert ErrorReport.objects.count() == 1
    send(client, article, anchor="p1")
    assert ErrorReport.objects.count() == 2


def test_a_paragraph_that_is_gone_when_the_report_comes_is_kept_as_it_was_seen(
    client: Client, article: Article
) -> None:
    seen = token(client, article)
    update([article], body=from_text([FIRST]))
    assert send(client, article, passage=seen).status_code == 302
    assert ErrorReport.objects.get().quote == SECOND
    page = client.get(address(article), {"p": "p2"}).content.decode()
    assert "已经不在了。请写明是哪一句" in page
    assert SECOND not in page


def test_a_paragraph_without_text_is_named_by_its_number(client: Client, article: Article) -> None:
    update([article], body="<p>上文。</p><hr>")
    form = lxml.html.document_fromstring(client.get(address(article), {"p": "p2"}).content)
    assert form.findtext(".//blockquote", "").strip() == "第 2 段"
    send(client, article)
    kept = ErrorReport.objects.get()
    assert (kept.anchor, kept.quote, kept.place) == ("p2", "", "第 2 段")


def test_long_paragraphs_are_kept_in_part(client: Client, make_issue: WeekMaker) -> None:
    article = make_issue({"长": "长" * 3 * MAX_QUOTE}).articles.get()
    send(client, article, anchor="p1")
    assert ErrorReport.objects.get().quote == "长" * MAX_QUOTE


# --- Where the form is opened --------------------------------------------------------------------------


def test_each_paragraph_of_the_page_leads_to_its_form_and_the_page_sets_no_cookie(
    client: Client, article: Article
) -> None:
    response = client.get(article.get_absolute_url())
    links = re.findall(r'class="report"\s+href="([^"]+)"', response.content.decode())
    assert links == [f"{address(article)}?p=p1", f"{address(article)}?p=p2", address(article)]
    assert not response.cookies
    assert "csrf" not in response.content.decode()
    again = client.get(article.get_absolute_url(), headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304
    form = client.get(links[0])
    assert "csrftoken" in form.cookies
    assert "no-store" in form["Cache-Control"]


def test_a_report_makes_no_page_anew(client: Client, article: Article) -> None:
    before = client.get(article.get_absolute_url())["ETag"]
    send(client, article)
    assert client.get(article.get_absolute_url())["ETag"] == before


def test_previews_offer_no_report(admin_client: Client, make_issue: WeekMaker) -> None:
    draft = make_issue({"甲": "草稿的一段。"}, status=Issue.Status.DRAFT)
    page = admin_client.get(f"/preview/{draft.pk}/articles/{draft.articles.get().pk}/").content.decode()
    assert "草稿的一段" in page
    assert "/report/" not in page


def test_what_members_may_not_read_can_not_be_reported(client: Client, article: Article) -> None:
    seen = token(client, article)
    publishing.withdraw(article.issue)
    assert client.get(address(article)).status_code == 404
    assert client.post(address(article), {"message": WRONG, "passage": seen}).status_code == 404
    assert client.get("/articles/999999999999999999999999/report/").status_code == 404
    assert client.put(address(article)).status_code == 405
    assert not ErrorReport.objects.exists()


@pytest.mark.parametrize("anchor", ["p0", "p99", "p" + "9" * 300, "x", "\x00", "<script>", "p２", "p1\n"])
def test_any_other_paragraph_gets_the_form_of_the_article(
    client: Client, article: Article, anchor: str
) -> None:
    response = client.get(address(article), {"p": anchor, "sent": "what"})
    assert response.status_code == 200
    assert FIRST not in response.content.decode()


def test_the_form_speaks_traditional_chinese_and_keeps_the_paragraph(
    client: Client, article: Article
) -> None:
    client.cookies["reading"] = "normal-hant"
    page = client.get(address(article), {"p": "p2"}).content.decode()
    assert "第二段說良率是七成" in page
    assert "報錯" in page
    send(client, article)
    assert ErrorReport.objects.get().quote == SECOND


# --- Refused -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"message": ""}, "请写一写错在哪里"),
        ({"message": " \r\n "}, "请写一写错在哪里"),
        ({"message": "字" * (MAX_MESSAGE + 1)}, f"最多 {MAX_MESSAGE} 个字，现在有 {MAX_MESSAGE + 1} 个"),
        ({"message": "https://example.com/买 www.example.org"}, "不要只放链接或符号"),
        ({"message": "？！……"}, "不要只放链接或符号"),
        ({"contact": "x" * (MAX_CONTACT + 1)}, f"联系方式最多 {MAX_CONTACT} 个字"),
        ({"website": "https://example.com"}, "请把“网址”一格清空"),
        ({"passage": "made-up"}, "这一页不完整，没有提交"),
        ({"passage": None}, "这一页不完整，没有提交"),
        ({"message": "空\x00字符"}, "空"),
    ],
)
def test_a_form_that_is_refused_says_why_and_keeps_what_was_written(
    client: Client, article: Article, values: dict[str, str], reason: str
) -> None:
    response = send(client, article, **values)
    page = response.content.decode()
    assert response.status_code == 400
    assert reason in page
    assert escape(values.get("message", WRONG).strip()) in page
    assert not ErrorReport.objects.exists()


def test_a_page_that_was_incomplete_can_be_sent_again(client: Client, article: Article) -> None:
    theirs = token(client, Article.objects.get(title="别的"), "p1")
    refused = send(client, article, passage=theirs).content.decode()
    assert "别的一篇" not in refused
    offered = re.search(r'name="passage" value="([^"]+)"', refused)
    assert offered
    assert send(client, article, passage=offered[1]).status_code == 302
    assert ErrorReport.objects.get().quote == ""


def test_line_ends_count_once_and_are_kept(client: Client, article: Article) -> None:
    send(client, article, message="\r\n".join(["字"] * (MAX_MESSAGE // 2)))
    assert ErrorReport.objects.get().message == "\n".join(["字"] * (MAX_MESSAGE // 2))


def test_forged_forms_are_refused(article: Article) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert send(strict, article).status_code == 403
    assert not ErrorReport.objects.exists()
    page = strict.get(address(article), {"p": "p2"}).content.decode()
    key = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert key
    assert send(strict, article, csrfmiddlewaretoken=key[1]).status_code == 302
    assert ErrorReport.objects.exists()


FEW = 3

# --- Limits --------------------------------------------------------------------------------------------


def test_one_sender_may_report_so_often_and_others_go_on(
    client: Client, article: Article, settings: Any
) -> None:
    settings.LIMITS = settings.LIMITS | {"reports": f"{FEW}/h"}
    for number in range(FEW):
        assert send(client, article, message=f"第 {number} 处错了").status_code == 302
    refused = send(client, article, message="还有一处")
    page = refused.content.decode()
    assert refused.status_code == 429
    assert 3600 <= int(refused["Retry-After"]) + 3600 * (FEW - 1) // FEW <= 2 * 3600
    assert f"1 小时内已经提交 {FEW} 条报错" in page
    assert "还有一处" in page, "what was written is not lost"
    assert SECOND in page
    assert ErrorReport.objects.count() == FEW
    other = {"message": "还有一处", "passage": token(client, article)}
    assert client.post(address(article), other, **{"REMOTE_ADDR": "203.0.113.8"}).status_code == 302


def test_what_is_refused_or_said_already_does_not_count(
    client: Client, article: Article, settings: Any
) -> None:
    settings.LIMITS = settings.LIMITS | {"reports": f"{FEW}/h"}
    for _ in range(FEW + 1):
        send(client, article)
        send(client, article, message="")
    assert send(client, article, message="另一处").status_code == 302


def test_an_article_and_the_site_take_so_many_open_reports(client: Client, article: Article) -> None:
    def fill(of: Article, number: int) -> None:
        ErrorReport.objects.bulk_create(ErrorReport(article=of, message=f"{each}") for each in range(number))

    fill(article, MOST_OF_ARTICLE)
    refused = send(client, article)
    assert refused.status_code == 429
    assert "这一篇已经收到很多报错" in refused.content.decode()
    reporting.close(ErrorReport.objects.all()[:1])
    assert send(client, article).status_code == 302

    other = Article.objects.get(title="别的")
    fill(other, MOST)
    third = Article.objects.get(pk=article.pk)
    ErrorReport.objects.filter(article=third).delete()
    refused = send(client, third)
    assert refused.status_code == 429
    assert "收到的报错太多" in refused.content.decode()
    reporting.close(ErrorReport.objects.all())
    assert send(client, third).status_code == 302


# --- Privacy -------------------------------------------------------------------------------------------


def test_nothing_of_who_sent_it_is_kept(article: Article) -> None:
    member = Client(headers={"user-agent": "Telltale/1.0"})
    member.force_login(User.objects.create_user("telltale-member"))
    send(member, article)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM archive_errorreport")
        row = str(cursor.fetchall())
    with closing(sqlite3.connect(CACHES["shared"]["LOCATION"])) as file:
        counted = str(file.execute("SELECT * FROM entries").fetchall())
    assert WRONG in row
    assert "rate:reports:" in counted
    for told in ("203.0.113.7", "Telltale", "telltale-member"):
        assert told not in row
        assert told not in counted
    assert ErrorReport.objects.get().closed_by is None


def test_closing_deletes_the_contact_and_says_who_closed(client: Client, article: Article) -> None:
    send(client, article, contact="wang@example.com")
    editor = User.objects.create_user("editor")
    assert reporting.close(ErrorReport.objects.all(), editor) == 1
    closed = ErrorReport.objects.get()
    assert (closed.contact, closed.closed_by) == ("", editor)
    assert closed.closed_at
    assert reporting.close(ErrorReport.objects.all(), User.objects.create_user("late")) == 0
    assert ErrorReport.objects.get().closed_by == editor


def test_the_database_refuses_a_closed_report_with_a_contact(article: Article) -> None:
    report = reporting.report(article, Passage(), WRONG, "wang@example.com")
    with pytest.raises(IntegrityError):
        ErrorReport.objects.filter(pk=report.pk).update(closed_at=timezone.now())


def test_the_worker_deletes_what_was_closed_long_ago_only(article: Article, settings: Any) -> None:
    for number in range(3):
        reporting.report(article, Passage(), f"第 {number} 处")
    old, recent, _open = ErrorReport.objects.order_by("pk")
    reporting.close([old, recent])
    long_ago = timezone.now() - reporting.KEPT_FOR - dt.timedelta(hours=1)
    ErrorReport.objects.update(created_at=long_ago)
    ErrorReport.objects.filter(pk=old.pk).update(closed_at=long_ago)
    delete_old_reports.call()
    assert set(ErrorReport.objects.values_list("message", flat=True)) == {"第 1 处", "第 2 处"}
    assert settings.WORKER_TASKS["archive.tasks.delete_old_reports"]["every"] == 86_400


def test_reports_go_with_their_article_and_are_no_part_of_an_export(
    client: Client, article: Article, tmp_path: Any
) -> None:
    send(client, article)
    call_command("export_issues", tmp_path / "weeks.jsonl", verbosity=0)
    exported = (tmp_path / "weeks.jsonl").read_text(encoding="utf-8")
    assert SECOND in exported
    assert WRONG not in exported
    delete(article)
    assert not ErrorReport.objects.exists()
