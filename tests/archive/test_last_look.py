"""The page before publishing, and the question before withdrawing, with what undoes it."""

from __future__ import annotations

import datetime as dt
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone
from lxml import html

from archive import publishing, versions
from archive.models import Article, Issue
from tests.archive.admin_messages import said, undo
from tests.archive.forms import ISSUE, fields, inline
from tests.conftest import WeekMaker
from tests.writing import update

MISSING = {"number": 1, "after": "", "reason": "这张图在别的网站上，没有导入。", "is_known": False}
NEW = timezone.localtime() + dt.timedelta(days=1)


def look(client: Client, issue: Issue) -> dict[str, object]:
    """The page's form as a browser would send it, without a button."""
    page = html.fromstring(client.get(f"{ISSUE}{issue.pk}/publish/").content.decode())
    return dict(page.get_element_by_id("look").form_values())


def press(client: Client, issue: Issue, sent: dict[str, object], how: str = "publish", **more: object) -> str:
    answer = client.post(f"{ISSUE}{issue.pk}/publish/", {**sent, "how": how, **more}, follow=True)
    return unescape(answer.content.decode())


# --- The last look --------------------------------------------------------------------------------------


def test_the_page_says_what_when_and_where(admin_client: Client, draft: Issue) -> None:
    update([draft.articles.get(title="甲")], section="政策")
    page = admin_client.get(f"{ISSUE}{draft.pk}/publish/").content.decode()
    for words in (
        "3 篇",
        "政策 1",
        "没有分栏 2",
        "http://testserver/issues/2025-03-21/",
        "起止日期一共 1 天",
        "立即发布",
    ):
        assert words in page
    publishing.schedule(draft, dt.datetime(2099, 11, 30, 0, 0, tzinfo=dt.UTC))
    assert (
        "北京时间 2099年11月30日 周一 08:00"
        in admin_client.get(f"{ISSUE}{draft.pk}/publish/").content.decode()
    )


def test_one_button_publishes_and_a_second_click_says_the_same(admin_client: Client, draft: Issue) -> None:
    sent = look(admin_client, draft)
    first = press(admin_client, draft, sent)
    before = (
        versions.revisions_of(draft.pk).count(),
        Issue.objects.values_list("published_at", "version").get(),
    )
    second = press(admin_client, draft, sent)
    assert (
        said(first) == said(second) == ["已发布“测试周报”，成员现在就能看到、搜到。接着可以 复制到公众号 。"]
    )
    assert Issue.objects.published().get() == draft
    after = (
        versions.revisions_of(draft.pk).count(),
        Issue.objects.values_list("published_at", "version").get(),
    )
    assert after == before


def test_the_other_window_finds_it_published_already(admin_client: Client, draft: Issue) -> None:
    one, other = look(admin_client, draft), look(admin_client, draft)
    press(admin_client, draft, one)
    assert said(press(admin_client, draft, other)) == ["“测试周报”已经发布，成员现在就能看到、搜到。"]


def test_it_is_scheduled_once_for_a_time_of_shanghai(admin_client: Client, draft: Issue) -> None:
    sent = look(admin_client, draft)
    for _ in range(2):
        page = press(admin_client, draft, sent, "schedule", schedule_at="2099-03-01T08:00")
        assert said(page) == ["“测试周报”待发布，将于 北京时间 2099年3月1日 周日 08:00 自动发布。"]
    assert Issue.objects.get().publish_at == dt.datetime(2099, 3, 1, 0, 0, tzinfo=dt.UTC)
    assert [revision.comment for revision in versions.revisions_of(draft.pk)].count(
        "定时于 2099年3月1日 08:00 发布"
    ) == 1


@pytest.mark.parametrize(
    ("when", "words"),
    [("2001-01-01T08:00", "已经过去"), ("", "请先选好日期和时间"), ("明天", "请写上日期和时间")],
)
def test_a_time_that_is_none_or_past_is_refused_in_words(
    admin_client: Client, draft: Issue, when: str, words: str
) -> None:
    assert words in press(admin_client, draft, look(admin_client, draft), "schedule", schedule_at=when)
    assert Issue.objects.get().status == "draft"


def test_what_was_changed_since_it_was_looked_at_is_looked_at_again(
    admin_client: Client, draft: Issue
) -> None:
    sent = look(admin_client, draft)
    update([draft.articles.get(title="甲")], title="甲改了")
    page = press(admin_client, draft, sent)
    assert "这一期又改过了，没有发布" in page
    assert not Issue.objects.published().exists()
    again = dict(html.fromstring(page).get_element_by_id("look").form_values())
    press(admin_client, draft, again)
    assert Issue.objects.published().exists()


def test_a_missing_figure_needs_a_tick(admin_client: Client, draft: Issue) -> None:
    article = draft.articles.get(title="乙")
    update([article], missing_figures=[MISSING])
    page = admin_client.get(f"{ISSUE}{draft.pk}/publish/").content.decode()
    assert "正文开头缺一张图片" in page
    assert f"/admin/archive/article/{article.pk}/change/" in page
    sent = look(admin_client, draft)
    assert "没有发布：第 2 篇《乙》" in press(admin_client, draft, sent)
    assert not Issue.objects.published().exists()
    press(admin_client, draft, sent | {f"issue-{draft.pk}-known": "on"})
    assert Issue.objects.published().exists()
    article.refresh_from_db()
    assert article.missing_figures == [MISSING | {"is_known": True}]


def test_a_gap_stays_marked_for_editors_until_one_says_that_it_is_filled(
    admin_client: Client, draft: Issue, client: Client
) -> None:
    article = draft.articles.get(title="乙")
    update([article], missing_figures=[MISSING])
    publishing.publish(draft, knowing=[f"{article.pk}:1"])
    form = f"/admin/archive/article/{article.pk}/change/"
    for page in ("/admin/", form):
        assert "缺" in admin_client.get(page).content.decode()
    assert "缺 1 张图" in admin_client.get(form).content.decode()
    assert "缺 1 张" in admin_client.get("/admin/").content.decode()
    assert "缺" not in client.get(article.get_absolute_url()).content.decode()
    page = html.fromstring(admin_client.get(form).content.decode())
    sent = dict(page.get_element_by_id("article_form").form_values())
    admin_client.post(form, sent)
    assert Article.objects.lacking_figures().exists(), "a save alone fills nothing"
    page = html.fromstring(admin_client.get(form).content.decode())
    sent = dict(page.get_element_by_id("article_form").form_values()) | {"supplied": "1"}
    admin_client.post(form, sent)
    assert not Article.objects.lacking_figures().exists()
    assert "缺 1 张图" not in admin_client.get(form).content.decode()


def test_an_empty_issue_is_not_published(admin_client: Client, make_issue: WeekMaker) -> None:
    empty = make_issue({}, status=Issue.Status.DRAFT)
    page = admin_client.get(f"{ISSUE}{empty.pk}/publish/").content.decode()
    assert "还没有文章" in page
    assert 'value="publish"' not in page
    sent = {f"issue-{empty.pk}-version": empty.version}
    assert "没有发布：还没有文章" in press(admin_client, empty, sent)


def test_who_may_not_publish_sees_everything_but_the_button(editor: Client, draft: Issue) -> None:
    page = editor.get(f"{ISSUE}{draft.pk}/publish/").content.decode()
    assert "起止日期一共 1 天" in page
    assert "主编" in page
    for button in ('value="publish"', 'value="schedule"', "撤回", "取消定时"):
        assert button not in page
    sent = look(editor, draft) | {"how": "publish"}
    assert editor.post(f"{ISSUE}{draft.pk}/publish/", sent).status_code == 403
    assert editor.post(f"{ISSUE}withdraw/", {"issue": draft.pk}).status_code == 403
    assert editor.post(f"{ISSUE}undo/withdraw/", {"undo": f"{draft.pk}:1"}).status_code == 403
    assert Issue.objects.get().status == "draft"


def test_several_issues_are_looked_at_together_and_only_those_without_fault_go_live(
    admin_client: Client, draft: Issue, make_issue: WeekMaker
) -> None:
    empty = make_issue({}, title="空的", status=Issue.Status.DRAFT)
    action = {"action": "publish", "_selected_action": [draft.pk, empty.pk]}
    answer = admin_client.post(ISSUE, action, follow=True)
    [(address, _)] = answer.redirect_chain
    page = html.fromstring(answer.content.decode())
    sent = dict(page.get_element_by_id("look").form_values()) | {"how": "publish"}
    shown = admin_client.post(address, sent).content.decode()
    assert list(Issue.objects.published()) == [draft]
    assert "已发布“测试周报”" in shown
    assert "“空的”没有发布：还没有文章" in shown


@pytest.mark.parametrize(
    "address",
    [
        f"{ISSUE}{'9' * 30}/publish/",
        f"{ISSUE}publish/?issue={'9' * 30}",
        f"{ISSUE}publish/?issue=x",
        f"{ISSUE}publish/?issue=1&issue=%00",
        f"{ISSUE}withdraw/",
        f"{ISSUE}withdraw/?issue={'9' * 5000}",
    ],
)
def test_a_page_about_no_issue_is_not_there(admin_client: Client, address: str) -> None:
    assert admin_client.get(address).status_code == 404
    assert admin_client.post(address, {"how": "publish"}).status_code == 404


def test_a_title_of_markup_stays_text_when_a_message_is_said_again(
    admin_client: Client, make_issue: WeekMaker
) -> None:
    issue = make_issue({"甲": "一。"}, title="<b>粗</b>", status=Issue.Status.DRAFT)
    sent = look(admin_client, issue) | {"how": "publish"}
    for _ in range(2):
        page = admin_client.post(f"{ISSUE}{issue.pk}/publish/", sent, follow=True).content.decode()
        assert "已发布“&lt;b&gt;粗&lt;/b&gt;”" in page
        assert "<b>粗</b>" not in page


# --- Withdrawing ----------------------------------------------------------------------------------------


def withdraw(client: Client, *issues: Issue) -> str:
    sent: dict[str, object] = {"issue": [issue.pk for issue in issues]}
    return client.post(f"{ISSUE}withdraw/", sent, follow=True).content.decode()


def test_withdrawing_asks_says_what_happened_and_is_undone_by_its_message(
    admin_client: Client, public: Issue, client: Client
) -> None:
    lines = [(article.pk, article.position, article.title) for article in public.articles.all()]
    form = fields(title=public.title, start_date=public.start_date, end_date=public.end_date)
    answer = admin_client.post(
        f"{ISSUE}{public.pk}/change/", form | inline(public, *lines) | {"_withdraw": "1"}, follow=True
    )
    assert Issue.objects.published().exists(), "asked first"
    assert "网址不变" in answer.content.decode()
    first = public.published_at
    page = withdraw(admin_client, public)
    assert said(page)[0].startswith("“测试周报”现在是草稿，成员看不到，也搜不到了。")
    assert client.get(public.get_absolute_url()).status_code == 404
    assert said(undo(admin_client, page)) == ["已撤销：“测试周报”成员现在就能看到、搜到。"]
    assert client.get(public.get_absolute_url()).status_code == 200
    assert Issue.objects.get().published_at == first


def test_withdrawing_twice_is_once(admin_client: Client, public: Issue) -> None:
    withdraw(admin_client, public)
    before = versions.revisions_of(public.pk).count()
    assert said(withdraw(admin_client, public)) == ["这一期已经是草稿，没有什么要撤回的。"]
    assert versions.revisions_of(public.pk).count() == before


def test_a_schedule_that_was_cancelled_is_set_again_for_its_time(admin_client: Client, draft: Issue) -> None:
    publishing.schedule(draft, NEW)
    page = withdraw(admin_client, draft)
    assert "到时间也不会发布" in said(page)[0]
    undo(admin_client, page)
    draft.refresh_from_db()
    assert draft.status == "scheduled"
    assert draft.publish_at is not None
    assert abs(draft.publish_at - NEW) < dt.timedelta(seconds=1)


def test_what_was_changed_after_a_withdrawal_is_looked_at_before_it_is_public_again(
    admin_client: Client, public: Issue
) -> None:
    page = withdraw(admin_client, public)
    update([public.articles.get(title="甲")], title="甲改了一半")
    shown = undo(admin_client, page)
    assert "没有撤销：在那以后又改过" in shown
    assert "发布前看一遍" in shown
    assert not Issue.objects.published().exists()


def test_two_issues_are_withdrawn_and_both_come_back(
    admin_client: Client, public: Issue, make_issue: WeekMaker
) -> None:
    other = make_issue({"丁": "四。"}, title="另一种", end_date="2025-02-14")
    action = {"action": "withdraw", "_selected_action": [public.pk, other.pk]}
    asked = admin_client.post(ISSUE, action, follow=True).content.decode()
    assert "这 2 期" in asked
    assert Issue.objects.published().count() == 2
    undo(admin_client, withdraw(admin_client, public, other))
    assert Issue.objects.published().count() == 2
