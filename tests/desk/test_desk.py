"""The import desk as an editor uses it, without JavaScript."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from archive.models import Article, Figure, Issue
from archive.publishing import publish_due
from desk.models import Desk, DeskImage
from tests.archive.makers import BODIES, TEXT, TITLES, data_uri, html_week, image_bytes
from tests.conftest import WeekMaker
from tests.desk.conftest import URL, Editor, log_in, said
from tests.writing import save

WITHOUT_NUMBER = TEXT.replace("3. 国产", "国产")
"""The golden week with its third heading gone astray: it reads as a paragraph of the second article."""


def test_a_pasted_week_lies_on_the_desk_and_nothing_is_stored(editor: Editor) -> None:
    assert said(editor.paste()) == "读好了：3 篇文章。请看一遍，改好再保存。"
    assert editor.titles == list(TITLES)
    assert editor.texts(0) == BODIES[0].split("\n")
    assert editor.state.end_date == dt.date(2025, 4, 11)
    assert not Issue.objects.exists()


def test_leaving_and_coming_back_finds_the_desk_as_it_was(editor: Editor) -> None:
    editor.paste()
    editor.act("drop 1")
    again = Client()
    again.force_login(editor.user)
    page = again.get(URL).content.decode()
    assert 'value="三星调整存储芯片报价"' in page
    assert 'value="put_back 1"' in page


def test_every_editor_has_a_desk_of_her_own(editor: Editor) -> None:
    editor.paste()
    other = log_in("add_issue", name="other")
    assert "粘贴整期内容" in other.page()
    assert TITLES[0] not in other.page()


def test_a_wrong_split_is_mended_and_undone(editor: Editor) -> None:
    editor.paste(text=WITHOUT_NUMBER)
    assert editor.titles == list(TITLES[:2])
    [stray] = [paragraph for paragraph in editor.state.cards[1].paragraphs if paragraph.text == TITLES[2]]
    assert editor.act(f"split {stray.key}") == "已从这里拆成新的一篇。"
    assert editor.titles == list(TITLES)
    editor.act(f"merge {stray.key}")
    assert editor.titles == list(TITLES[:2])
    assert editor.post("undo") == "已撤销上一步。"
    assert editor.titles == list(TITLES)
    assert editor.post("redo") == "已重做。"
    assert editor.titles == list(TITLES[:2])


def test_what_is_done_after_an_undo_takes_the_place_of_what_was_undone(editor: Editor) -> None:
    editor.paste()
    first, second, third = (card.key for card in editor.state.cards)
    editor.act(f"drop {first}")
    editor.post("undo")
    editor.act(f"move {third} 0")
    assert not editor.desk.can_redo
    assert [card.key for card in editor.state.cards] == [third, first, second]


def test_title_source_and_particulars_are_changed_in_place(editor: Editor) -> None:
    editor.paste()
    key = editor.state.cards[0].key
    assert editor.post("card", card=key, title=" 台积电  扩产 ", source="集邦", source_url="example.org/a")
    card = editor.state.cards[0]
    assert (card.title, card.source, card.source_url) == ("台积电 扩产", "集邦", "https://example.org/a")
    editor.post(
        "week",
        title="新刊名",
        start_date="2025-04-14",
        end_date="2025-04-18",
        columnist="某某",
        source_url="",
    )
    assert (editor.state.title, editor.state.end_date) == ("新刊名", dt.date(2025, 4, 18))
    assert editor.post("card", card=key, title="x", source_url="不是网址").startswith("来源链接：")
    assert editor.state.cards[0].title == "台积电 扩产"


def test_a_text_edited_as_plain_lines_keeps_bold_and_tables(editor: Editor) -> None:
    table = "<table><tr><td>年份</td><td>产能</td></tr><tr><td>2025</td><td>7万</td></tr></table>"
    editor.paste(html=html_week(first_body=f"<p>产能<b>翻倍</b>。</p>{table}<p>明年投产。</p>"))
    card = editor.state.cards[0]
    page = editor.client.get(URL, {"edit": card.key}).content.decode()
    assert f"【表格 {card.paragraphs[1].key}：" in page
    text = f"产能翻倍。\r\n明年夏天投产。\r\n【表格 {card.paragraphs[1].key}：年份 产能】\r\n"
    assert editor.post("text", target=card.key, text=text) == "已改好正文。"
    first, second, third = editor.state.cards[0].paragraphs
    assert first.html == "<p>产能<strong>翻倍</strong>。</p>"
    assert second.html == "<p>明年夏天投产。</p>"
    assert third.tag == "table"


def test_a_text_from_the_body_editor_is_cleaned(editor: Editor) -> None:
    editor.paste()
    key = editor.state.cards[0].key
    editor.post(
        "text",
        target=key,
        html='<p onclick="x()">新<script>x()</script></p><img src="https://example.org/x.png">',
    )
    assert [paragraph.html for paragraph in editor.state.cards[0].paragraphs] == ["<p>新</p>"]


def test_introduction_and_sign_off_are_edited_as_lines(editor: Editor) -> None:
    editor.paste()
    editor.post("text", target="introduction", text="本周要点。\n\n两段。")
    editor.post("text", target="sign_off", text="作者：某某")
    editor.post("store", how="draft")
    issue = Issue.objects.get()
    assert (issue.introduction, issue.sign_off) == ("本周要点。\n两段。", "作者：某某")


def test_a_warning_stands_at_its_line_and_goes_with_its_cause(editor: Editor) -> None:
    editor.paste(text=TEXT.replace("3. 国产", "4. 国产"))
    assert "缺少编号3" in editor.page()
    line = editor.state.cards[2].line
    assert editor.act(f"settle number-missing:{line}") == "这条提醒不再显示。"
    assert "缺少编号3" not in editor.page()
    editor.post("undo")
    editor.act(f"merge {editor.state.cards[2].key}")
    assert "缺少编号3" not in editor.page()


def test_reordering_and_dropping_raise_no_warnings_about_numbers(editor: Editor) -> None:
    editor.paste()
    editor.act(f"move {editor.state.cards[2].key} 0")
    editor.act(f"drop {editor.state.cards[1].key}")
    assert "没有提醒" in editor.page()


# --- Figures ---------------------------------------------------------------------------------------------

PICTURE = f'<img src="{data_uri(image_bytes(40, 30))}" alt="产能">'


def test_pasted_images_become_figures_at_their_place(editor: Editor, client: Client) -> None:
    editor.paste(html=html_week(first_body=f"<p>看图：</p><p>{PICTURE}</p><p>图后。</p>"))
    before, figure, after = editor.state.cards[0].paragraphs
    assert (before.text, figure.tag, after.text) == ("看图：", "figure", "图后。")
    image = DeskImage.objects.get()
    assert editor.client.get(image.get_absolute_url())["Content-Type"] == "image/png"
    assert log_in("add_issue", name="other").client.get(image.get_absolute_url()).status_code == 404
    assert client.get(image.get_absolute_url()).status_code == 403
    editor.post("caption", paragraph=figure.key, alt="产能走势", caption="图1 <产能>")
    editor.post("store", how="draft")
    stored = Figure.objects.get()
    assert (stored.alt, stored.width) == ("产能走势", 40)
    assert "<figcaption>图1 &lt;产能&gt;</figcaption>" in Article.objects.get(position=1).body
    assert f'src="{stored.get_absolute_url()}"' in Article.objects.get(position=1).body


def test_a_remote_image_is_listed_as_missing_at_its_place_and_supplied_there(editor: Editor) -> None:
    remote = '<img data-src="https://mmbiz.example/x.png" src="data:,">'
    editor.paste(html=html_week(first_body=f"<p>看图：</p>{remote}<p>图后。</p>"))
    _, missing, after = editor.state.cards[0].paragraphs
    assert "mmbiz.example" in missing.missing
    assert after.text == "图后。"
    page = editor.page()
    assert "缺一张图" in page
    assert "https://mmbiz" not in page
    said_ = editor.client.post(
        f"{URL}figure/",
        {"paragraph": missing.key, "image": _file("图.png", image_bytes(60, 30))},
        follow=True,
    )
    assert said(said_) == "图已补上。"
    editor.post("store", how="draft")
    assert Figure.objects.get().width == 60


def test_the_last_image_of_an_article_is_missing_in_that_article(editor: Editor) -> None:
    editor.paste(html=html_week(first_body='<p>看图：</p><img src="https://example.org/x.png">'))
    assert [bool(paragraph.missing) for paragraph in editor.state.cards[0].paragraphs] == [False, True]
    assert not any(paragraph.missing for paragraph in editor.state.cards[1].paragraphs)


def test_a_figure_is_put_in_behind_a_paragraph(editor: Editor) -> None:
    editor.paste()
    first = editor.state.cards[0].paragraphs[0]
    editor.client.post(
        f"{URL}figure/", {"after": first.key, "image": _file("图.jpg", image_bytes(9, 9, "JPEG"))}
    )
    assert [paragraph.tag for paragraph in editor.state.cards[0].paragraphs] == ["p", "figure", "p"]
    assert "<figure>" in editor.page()


def _file(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


# --- Stored, published, taken back -----------------------------------------------------------------------


def test_a_draft_is_stored_and_the_desk_is_empty(editor: Editor) -> None:
    editor.paste()
    assert editor.post("store", how="draft").startswith("已保存为草稿：芯片一周记")
    issue = Issue.objects.get()
    assert issue.status == Issue.Status.DRAFT
    assert [(article.title, article.text) for article in issue.articles.all()] == [
        (title, f"{title}\n{body}") for title, body in zip(TITLES, BODIES, strict=True)
    ]
    assert "粘贴整期内容" in editor.page()


def test_only_who_may_publish_publishes(editor: Editor, chief: Editor) -> None:
    editor.paste()
    assert 'value="publish"' not in editor.page()
    assert editor.client.post(f"{URL}store/", {"how": "publish"}).status_code == 403
    assert not Issue.objects.exists()
    chief.paste()
    assert 'value="publish"' in chief.page()
    assert chief.post("store", how="publish").startswith("已发布")
    assert Issue.objects.published().count() == 1


def test_a_draft_is_stored_and_looked_at(editor: Editor) -> None:
    editor.paste()
    answer = editor.client.post(f"{URL}store/", {"how": "preview"}, follow=True)
    issue = Issue.objects.get()
    assert issue.status == Issue.Status.DRAFT
    assert answer.redirect_chain[-1][0] == f"/preview/{issue.pk}/"
    assert "草稿预览" in answer.content.decode()
    editor.paste()
    assert "已经在库里了" in said(editor.client.post(f"{URL}store/", {"how": "preview"}, follow=True))


def test_a_week_is_scheduled_from_the_desk_by_who_may_publish(editor: Editor, chief: Editor) -> None:
    when = timezone.localtime() + dt.timedelta(days=2)
    data = {"how": "schedule", "schedule_at": f"{when:%Y-%m-%dT%H:%M}"}
    editor.paste()
    assert 'value="schedule"' not in editor.page()
    assert editor.client.post(f"{URL}store/", data).status_code == 403
    assert not Issue.objects.exists()
    chief.paste()
    assert chief.post("store", **data).startswith(f"已定时，将于 {when.year}年{when.month}月{when.day}日")
    issue = Issue.objects.get()
    assert (issue.status, issue.publish_at) == (Issue.Status.SCHEDULED, when.replace(second=0, microsecond=0))
    [published] = publish_due(when)
    assert published == issue
    stored = Desk.objects.get(issue=issue)
    assert "内容回到了拆期台上" in chief.post(f"stored/{stored.pk}/take-back")
    assert not Issue.objects.exists()


@pytest.mark.parametrize(
    ("when", "words"), [("2001-01-01T08:00", "已经过去"), ("", "请先选好"), ("明天", "请填写完整")]
)
def test_a_week_without_a_time_to_come_is_not_stored(chief: Editor, when: str, words: str) -> None:
    chief.paste()
    assert words in chief.post("store", how="schedule", schedule_at=when)
    assert not Issue.objects.exists()
    assert chief.titles == list(TITLES)


def test_one_click_takes_a_whole_import_back(chief: Editor) -> None:
    chief.paste(html=html_week(first_body=f"<p>看图：</p>{PICTURE}"))
    before = chief.state
    chief.post("store", how="publish")
    stored = Desk.objects.get()
    assert "撤销这次导入" in chief.client.get(stored.get_absolute_url()).content.decode()
    figure = Figure.objects.get()
    assert "内容回到了拆期台上" in chief.post(f"stored/{stored.pk}/take-back")
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
    assert "已经在库里了" in editor.post("store", how="draft")
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


# --- Stale pages, other people ---------------------------------------------------------------------------


def test_a_stale_page_changes_nothing_and_says_so(editor: Editor) -> None:
    editor.paste()
    key = editor.state.cards[2].key
    editor.act(f"merge {key}")
    before = editor.state
    for act in (f"merge {key}", "move 1", "explode 1", f"drop {key} 7", "split 9999999999", ""):
        assert "请" in editor.act(act)
    assert editor.state == before


def test_a_cleared_desk_is_empty(editor: Editor) -> None:
    editor.paste()
    assert editor.post("clear") == "拆期台已清空。"
    for name in ("undo", "redo", "store"):
        editor.post(name)
    assert "拆期台是空的" in editor.act("merge 1")
    assert not Desk.objects.exists()


def test_the_desk_is_for_those_who_may_add_issues(client: Client, db: None) -> None:
    assert client.get(URL).status_code == 302
    reader = log_in("view_issue")
    assert reader.client.get(URL).status_code == 403
    assert reader.client.post(f"{URL}open/", {"text": TEXT}).status_code == 403
    assert not Desk.objects.exists()
    assert "导入一期" not in reader.client.get("/admin/archive/issue/").content.decode()


def test_the_desk_is_found_from_the_front_page_and_the_list(chief: Editor) -> None:
    for page in ("/admin/", "/admin/archive/issue/"):
        assert f'href="{URL}"' in chief.client.get(page).content.decode()
