"""What is read of a batch is a row each; what can not be read says why."""

from __future__ import annotations

import datetime as dt
import json

from archive.models import Issue
from desk.batches.assessing import assessed_weeks
from desk.batches.models import Batch, BatchContent
from tests.archive.makers import html_week, image_bytes
from tests.desk.back_issues import BAD, GOOD, back_issue, zipped
from tests.desk.batches.conftest import URL, State, codes, post, rows, send, work
from tests.desk.conftest import Editor, said


def test_each_file_is_a_row_and_the_bad_ones_stand_first_with_what_to_do(
    editor: Editor, batch: Batch
) -> None:
    weeks = assessed_weeks(batch)
    assert len(weeks) == 30
    assert {one.week.file.path for one in weeks[:5]} == {
        *(path for path in BAD if not path.endswith(".zip")),
        "旧刊/2021/包.zip/里面.zip",
    }
    assert {one.week.file.path for one in weeks if one.is_clean} == set(GOOD)
    found = {
        path.rpartition("/")[2]: one.doubts[0].message for path, one in rows(batch).items() if one.doubts
    }
    assert "请放入内容" in found["空的.txt"]
    assert "起止日期" in found["没有日期.txt"]
    assert found["坏的.docx"].endswith("。")
    assert "先解压" in found["里面.zip"]
    assert "扫描.pdf" in found
    assert not Issue.objects.exists()
    page = editor.client.get(f"{URL}{batch.pk}/").content.decode()
    assert page.index("没有日期.txt") < page.index("第01期.txt")
    assert page.count("<tr id=") == 30
    assert "6 篇" in page


def test_a_row_says_what_was_read(batch: Batch) -> None:
    week = rows(batch)["旧刊/2021/第03期.txt"].week
    assert (week.title, week.start_date, week.end_date) == (
        "芯片旧闻",
        dt.date(2021, 1, 18),
        dt.date(2021, 1, 22),
    )
    assert (week.articles, week.notices) == (6, [])


def test_sections_are_counted_and_the_parsers_doubts_stand_at_their_lines(editor: Editor) -> None:
    text = (
        "分栏旧闻\n2021.3.1-2021.3.5\n【政策】\n1. 甲地补贴晶圆厂\n补贴三成。\n2. 乙地补贴封装线\n补贴两成。\n"
        "【产业】\n1. 丙厂扩产\n明年投产。\n3. 丁厂停产\n后年再说。"
    )
    batch = send(editor, {"一期.txt": text.encode()})
    work(batch)
    [one] = assessed_weeks(batch)
    assert one.week.sections == [["政策", 2], ["产业", 2]]
    assert codes(one) == ["number-missing"]
    assert one.doubts[0].line == 11
    page = editor.client.get(f"{URL}{batch.pk}/").content.decode()
    assert "第 11 行" in page
    assert "政策 2、产业 2" in " ".join(page.split())


def test_the_same_week_three_times_is_three_rows_and_only_one_version_may_be_taken(editor: Editor) -> None:
    first, other = back_issue(0).encode(), back_issue(0, articles=5).encode()
    batch = send(
        editor, {"甲.txt": first, "乙.txt": first, "丙.txt": other, "丁.txt": back_issue(1).encode()}
    )
    work(batch)
    found = rows(batch)
    # By path: 丙 is another version than 乙, and 甲 is a copy of 乙.
    assert {path: codes(one) for path, one in found.items()} == {
        "丁.txt": [],
        "丙.txt": ["double"],
        "乙.txt": ["double"],
        "甲.txt": ["copy"],
    }
    assert not found["甲.txt"].can_be_accepted
    assert "“丙.txt”" in found["乙.txt"].doubts[0].message
    post(editor, f"weeks/{found['丙.txt'].week.pk}/accept/")
    refused = post(editor, f"weeks/{found['乙.txt'].week.pk}/accept/")
    assert "刚收下了“丙.txt”那一份" in said(refused)
    work(batch)
    assert Issue.objects.get().articles.count() == 5
    assert codes(rows(batch)["乙.txt"]) == ["archived"]


def test_what_the_archive_has_is_not_stored_again(editor: Editor, batch: Batch) -> None:
    post(editor, f"{batch.pk}/accept/")
    work(batch)
    again = send(editor, GOOD)
    work(again)
    assert {tuple(codes(one)) for one in assessed_weeks(again)} == {("archived",)}
    assert "没有疑问的都已经收下了" in said(post(editor, f"{again.pk}/accept/"))
    work(again)
    assert Issue.objects.count() == 25


def test_files_in_the_wrong_encoding_are_read(editor: Editor) -> None:
    files = {
        "gbk.txt": back_issue(0).encode("gb18030"),
        "utf16.txt": back_issue(1).encode("utf-16"),
        "big5.txt": back_issue(2, title="晶片週報").encode("utf-8"),
    }
    batch = send(editor, files)
    work(batch)
    assert {path: one.week.articles for path, one in rows(batch).items()} == dict.fromkeys(files, 6)


def test_a_file_without_weeks_is_a_row_too(editor: Editor) -> None:
    batch = send(editor, {"空.json": b"[]", "空.jsonl": b"\n"}, field="chosen")
    work(batch)
    assert {path: one.week.state for path, one in rows(batch).items()} == dict.fromkeys(
        ["空.json", "空.jsonl"], State.REFUSED
    )


def test_a_file_of_several_weeks_is_several_rows_and_each_is_stored_by_itself(editor: Editor) -> None:
    def line(day: int, title: str) -> str:
        articles = [{"title": "甲", "body": "一。"}]
        days = {"start_date": f"2021-03-{day:02}", "end_date": f"2021-03-{day + 4:02}"}
        return json.dumps({"title": title, **days, "articles": articles}, ensure_ascii=False)

    data = "\n".join([line(1, "旧闻"), line(8, "很长" * 200), line(15, "旧闻")]).encode()
    batch = send(editor, {"三期.jsonl": data}, field="chosen")
    work(batch)
    found = {one.week.place: one for one in assessed_weeks(batch)}
    assert [found[place].is_clean for place in range(3)] == [True, False, True]
    assert "最多 200 个" in found[1].doubts[0].message
    post(editor, f"{batch.pk}/accept/")
    work(batch)
    assert sorted(Issue.objects.values_list("start_date__day", flat=True)) == [1, 15]
    assert "第 2 期" in editor.client.get(f"{URL}{batch.pk}/").content.decode()


def test_a_zip_is_opened_and_its_files_are_rows(editor: Editor) -> None:
    packed = {name.partition("/")[2]: data for name, data in GOOD.items()}
    batch = send(
        editor,
        {"全部.zip": zipped({**packed, "__MACOSX/._a.txt": b"x", "坏.doc": b"\xd0\xcf\x11\xe0"})},
        field="chosen",
    )
    work(batch)
    found = rows(batch)
    assert len(found) == 26
    assert found["全部.zip/2021/第05期.txt"].is_clean
    assert found["全部.zip/坏.doc"].week.state == State.REFUSED
    assert not batch.files.filter(path="全部.zip").exists()
    assert BatchContent.objects.count() == 25  # neither the zip nor what can not be read is kept


def test_pages_have_the_pictures_beside_them_and_what_is_no_week_is_named(editor: Editor) -> None:
    page = html_week(first_body='<p>台积电扩产。</p><p><img src="一期_files/a.png"></p>')
    files = {
        "旧刊/一期.html": page.encode(),
        "旧刊/一期_files/a.png": image_bytes(200, 100),
        "旧刊/.DS_Store": b"x",
        "旧刊/封面.jpg": image_bytes(image_format="JPEG"),
    }
    batch = send(editor, files)
    work(batch)
    assert list(rows(batch)) == ["旧刊/一期.html"]
    batch.refresh_from_db()
    assert "旧刊/封面.jpg" in batch.passed_over
    assert "旧刊/.DS_Store" in batch.passed_over
    assert rows(batch)["旧刊/一期.html"].is_clean
    post(editor, f"{batch.pk}/accept/")
    work(batch)
    assert Issue.objects.get().articles.first().figures.count() == 1
    assert "没有当周报读的" in editor.client.get(f"{URL}{batch.pk}/").content.decode()
