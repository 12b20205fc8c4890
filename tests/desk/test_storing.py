"""What lies on the desk is stored as a draft, led on to the last look, and taken back."""

from __future__ import annotations

import pytest

from archive import publishing
from archive.models import Article, Figure, Issue
from archive.publication_checks import check
from desk.models import Desk, DeskImage
from tests.archive.makers import BODIES, TEXT, TITLES, html_week
from tests.conftest import WeekMaker
from tests.desk.conftest import PICTURE, URL, Editor, said
from tests.writing import save


def test_a_draft_is_stored_and_the_desk_is_empty(editor: Editor) -> None:
    editor.paste()
    assert editor.post("store", how="draft").startswith("已保存为草稿：芯片一周记")
    issue = Issue.objects.get()
    assert issue.status == Issue.Status.DRAFT
    assert [(article.title, article.text) for article in issue.articles.all()] == [
        (title, f"{title}\n{body}") for title, body in zip(TITLES, BODIES, strict=True)
    ]
    assert "粘贴整期内容" in editor.page()
    stored = editor.client.get(Desk.objects.get(issue=issue).get_absolute_url()).content.decode()
    assert f'href="/admin/archive/issue/{issue.pk}/wechat/"' in stored


def test_storing_leads_on_to_the_last_look(editor: Editor, chief: Editor) -> None:
    for who, words in ((editor, "保存并交给主编…"), (chief, "保存并发布…")):
        who.paste(text=TEXT.replace("芯片一周记", f"{who.user.username}的周报"))
        assert words in who.page()
        answer = who.client.post(f"{URL}store/", {"how": "look"}, follow=True)
        issue = Issue.objects.latest("pk")
        assert answer.redirect_chain[-1][0] == f"/admin/archive/issue/{issue.pk}/publish/"
        assert "发布前看一遍" in answer.content.decode()
        assert issue.status == Issue.Status.DRAFT


def test_nothing_goes_live_from_the_desk(chief: Editor) -> None:
    chief.paste()
    for how in ("publish", "schedule"):
        chief.post("store", how=how, schedule_at="2099-01-01T08:00")
        assert not Issue.objects.exists()
    assert chief.titles == list(TITLES)


def test_a_draft_is_stored_and_looked_at(editor: Editor) -> None:
    editor.paste()
    answer = editor.client.post(f"{URL}store/", {"how": "preview"}, follow=True)
    issue = Issue.objects.get()
    assert issue.status == Issue.Status.DRAFT
    assert answer.redirect_chain[-1][0] == f"/preview/{issue.pk}/"
    assert "草稿预览" in answer.content.decode()
    editor.paste()
    assert "文库里已经有这一期" in said(editor.client.post(f"{URL}store/", {"how": "preview"}, follow=True))


def test_the_notices_that_were_open_are_said_before_publishing(editor: Editor) -> None:
    editor.paste(text=TEXT.replace("3. 国产", "4. 国产"))
    editor.post("store", how="draft")
    [found] = [one for one in check(Issue.objects.get()).notices if one.code == "number-missing"]
    assert "导入时的提醒：缺少编号3" in str(found)
    assert found.article == Article.objects.get(position=3)
    editor.paste(text=TEXT.replace("3. 国产", "4. 国产").replace("芯片一周记", "另一种"))
    editor.act(f"settle number-missing:{editor.state.cards[2].line}")
    editor.post("store", how="draft")
    assert "number-missing" not in {one.code for one in check(Issue.objects.get(title="另一种")).notices}


def test_a_figure_that_is_still_missing_is_kept_with_its_place(editor: Editor) -> None:
    remote = '<img data-src="https://mmbiz.example/x.png" src="data:,">'
    editor.paste(html=html_week(first_body=f"<p>看图：</p>{remote}<p>图后。</p>"))
    editor.post("store", how="draft")
    [finding] = check(Issue.objects.get()).missing
    assert (finding.article, finding.is_known) == (Article.objects.get(position=1), False)
    assert finding.message.startswith("第 1 段“看图：”之后缺一张图片。")
    assert "mmbiz" not in Article.objects.get(position=1).body


def test_a_public_import_is_taken_back_only_after_a_question(chief: Editor) -> None:
    chief.paste()
    chief.post("store", how="draft")
    stored = Desk.objects.get()
    assert "成员马上看不到" not in chief.client.get(stored.get_absolute_url()).content.decode()
    publishing.publish(Issue.objects.get())
    assert "成员马上看不到" in chief.client.get(stored.get_absolute_url()).content.decode()


def test_one_click_takes_a_whole_import_back(chief: Editor) -> None:
    chief.paste(html=html_week(first_body=f"<p>看图：</p>{PICTURE}"))
    before = chief.state
    chief.post("store", how="draft")
    publishing.publish(Issue.objects.get())
    stored = Desk.objects.get()
    assert "撤销这次导入" in chief.client.get(stored.get_absolute_url()).content.decode()
    figure = Figure.objects.get()
    assert "内容回到了导入台" in chief.post(f"stored/{stored.pk}/take-back")
    assert not Issue.objects.exists()
    assert chief.state == before
    assert chief.client.get(DeskImage.objects.get().get_absolute_url()).status_code == 200
    assert chief.post("store", how="draft").startswith("已保存为草稿")
    assert figure.sha256 == Figure.objects.get().sha256


def test_the_way_back_is_found_from_the_issue_by_who_imported_it(editor: Editor, chief: Editor) -> None:
    editor.paste()
    editor.post("store", how="draft")
    stored = Desk.objects.get()
    issue_page = f"/admin/archive/issue/{stored.issue_id}/change/"
    assert f'href="{stored.get_absolute_url()}"' in editor.client.get(issue_page).content.decode()
    assert stored.get_absolute_url() not in chief.client.get(issue_page).content.decode()
    assert chief.client.get(stored.get_absolute_url()).status_code == 404


def test_what_was_changed_since_is_not_taken_back(editor: Editor) -> None:
    editor.paste()
    editor.post("store", how="draft")
    stored = Desk.objects.get()
    Article.objects.filter(position=2).update(body="<p>改过了。</p>")
    assert "撤销这次导入" not in editor.client.get(stored.get_absolute_url()).content.decode()
    assert "改过了，不能整期撤销" in editor.post(f"stored/{stored.pk}/take-back")
    assert Issue.objects.count() == 1


def test_an_import_is_not_taken_back_over_unfinished_work(editor: Editor) -> None:
    editor.paste()
    editor.post("store", how="draft")
    stored = Desk.objects.get()
    editor.paste(text=TEXT.replace("2025.4.7-2025.4.11", "2025.4.14-2025.4.18"))
    assert "请先保存或清空" in editor.post(f"stored/{stored.pk}/take-back")
    assert Issue.objects.count() == 1


def test_who_may_not_publish_does_not_withdraw_by_taking_back(editor: Editor) -> None:
    editor.paste()
    editor.post("store", how="draft")
    stored = Desk.objects.get()
    issue = Issue.objects.get()
    issue.status = Issue.Status.PUBLISHED
    save(issue)
    assert editor.client.post(f"{URL}stored/{stored.pk}/take-back/").status_code == 403
    assert Issue.objects.published().exists()


def test_a_week_that_is_there_already_is_named_and_refused(editor: Editor, make_issue: WeekMaker) -> None:
    there = make_issue({TITLES[1]: "旧的。"}, title="芯片一周记", end_date="2025-04-11")
    Issue.objects.update(start_date="2025-04-07")
    editor.paste()
    page = editor.page()
    assert f"/admin/archive/issue/{there.pk}/change/" in page
    assert "库里已经有同样标题的文章" in page
    assert "文库里已经有这一期" in editor.post("store", how="draft")
    assert Issue.objects.count() == 1
    assert editor.titles == list(TITLES)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TEXT.replace("2025.4.7-2025.4.11\n", ""), "还没有起止日期"),
        ("芯片一周记\n2025.4.7-2025.4.11\n只有一段话，没有文章。", "还没有文章"),
    ],
)
def test_what_is_not_complete_is_not_stored(editor: Editor, text: str, message: str) -> None:
    editor.paste(text=text)
    assert message in editor.page()
    assert message in editor.post("store", how="draft")
    assert not Issue.objects.exists()


def test_an_article_without_a_title_is_not_stored(editor: Editor) -> None:
    editor.paste()
    editor.post("card", card=editor.state.cards[1].key, title="")
    assert "第 2 篇还没有标题" in editor.post("store", how="draft")
