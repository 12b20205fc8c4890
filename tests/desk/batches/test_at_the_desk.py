"""A week of a batch goes over the desk and back."""

from __future__ import annotations

import pytest

from archive.models import Issue
from desk.batches.models import Batch, BatchWeek
from desk.models import Desk
from tests.desk.batches.conftest import URL, State, post, rows
from tests.desk.conftest import Editor, said


@pytest.fixture
def on_desk(editor: Editor, batch: Batch) -> BatchWeek:
    """The week without dates, on the editor's desk."""
    week = rows(batch)["旧刊/2021/没有日期.txt"].week
    assert "放到导入台上了" in said(post(editor, f"weeks/{week.pk}/desk/"))
    return week


def test_a_week_goes_over_the_desk_and_back_to_its_batch(
    editor: Editor, batch: Batch, on_desk: BatchWeek
) -> None:
    assert len(editor.titles) == 6
    assert f"{URL}{batch.pk}/" in editor.page()
    assert "在 bianji 的导入台上" in editor.client.get(f"{URL}{batch.pk}/").content.decode()
    editor.post("week", title="芯片旧闻", start_date="2021-06-28", end_date="2021-07-02")
    stored = editor.client.post("/admin/desk/store/", {"how": "draft"}, follow=True)
    assert f'href="{URL}{batch.pk}/"' in stored.content.decode()
    on_desk.refresh_from_db()
    assert (on_desk.state, on_desk.issue) == (State.STORED, Issue.objects.get())
    desk = Desk.objects.get()
    editor.client.post(f"/admin/desk/stored/{desk.pk}/take-back/")
    on_desk.refresh_from_db()
    assert (on_desk.state, on_desk.issue) == (State.READ, None)


def test_what_someone_worked_on_is_not_pushed_off_the_desk(
    editor: Editor, batch: Batch, on_desk: BatchWeek
) -> None:
    other = rows(batch)["旧刊/2021/第01期.txt"].week
    editor.post("week", title="改过的", start_date="", end_date="")
    assert "还有一期没有保存" in said(post(editor, f"weeks/{other.pk}/desk/"))
    assert editor.state.title == "改过的"
    # Once more the same: it lies there as it was left.
    post(editor, f"weeks/{on_desk.pk}/desk/")
    assert editor.state.title == "改过的"


def test_a_paste_is_not_pushed_off_either(editor: Editor, batch: Batch) -> None:
    editor.paste()
    week = rows(batch)["旧刊/2021/第01期.txt"].week
    assert "还有一期没有保存" in said(post(editor, f"weeks/{week.pk}/desk/"))
    assert editor.state.title == "芯片一周记"


def test_a_paste_in_its_place_is_no_week_of_the_batch(editor: Editor, on_desk: BatchWeek) -> None:
    editor.paste()
    editor.act("act")
    assert "芯片一周记" in editor.post("store", how="draft")
    on_desk.refresh_from_db()
    assert on_desk.state == State.READ
