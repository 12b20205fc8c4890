"""The page of a batch."""

from __future__ import annotations

from tests.conftest import WeekMaker
from tests.desk.back_issues import GOOD, back_issue
from tests.desk.batches.conftest import URL, post, send, work
from tests.desk.conftest import Editor
from worker.models import Task


def test_the_page_says_how_far_it_is(editor: Editor) -> None:
    batch = send(editor, GOOD)
    page = editor.client.get(f"{URL}{batch.pk}/").content.decode()
    assert 'http-equiv="refresh"' in page
    assert "正在读：0 / 25 个文件" in " ".join(page.split())
    assert "后台进程没有运行" in page
    Task.objects.update(state=Task.State.FAILED)
    page = editor.client.get(f"{URL}{batch.pk}/").content.decode()
    assert "接着做" in page
    assert 'http-equiv="refresh"' not in page
    Task.objects.all().delete()
    post(editor, f"{batch.pk}/go-on/")
    assert Task.objects.get().args == [batch.pk]


def test_the_calendar_has_gaps_and_doubles_of_archive_and_batch(
    editor: Editor, make_issue: WeekMaker
) -> None:
    make_issue({"甲": "一。"}, title="别的周报", end_date="2021-01-08")
    batch = send(editor, {f"{number}.txt": back_issue(number).encode() for number in (0, 1, 4)})
    work(batch)
    page = " ".join(editor.client.get(f"{URL}{batch.pk}/").content.decode().split())
    assert "没有周报（2 周）" in page
    assert "一周里有两份以上（1 周）" in page
    assert page.count('class="missing"') == 3  # and the legend


def test_a_date_of_another_century_makes_no_calendar_of_centuries(editor: Editor) -> None:
    week = '{"title": "错", "start_date": "0021-01-04", "end_date": "0021-01-08", "articles": [{"title": "甲", "body": "一"}]}'
    batch = send(editor, {"错.json": week.encode(), **dict(list(GOOD.items())[:2])})
    work(batch)
    page = editor.client.get(f"{URL}{batch.pk}/").content.decode()
    assert page.count('class="batch-calendar"') == 1


def test_the_queries_of_the_page_do_not_grow(editor: Editor, django_assert_max_num_queries: object) -> None:
    batch = send(editor, GOOD)
    work(batch)
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        editor.client.get(f"{URL}{batch.pk}/")
