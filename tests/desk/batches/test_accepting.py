"""The weeks of a batch are accepted and stored once."""

from __future__ import annotations

import io

from django.core.management import call_command

from archive import publishing
from archive.models import Issue
from archive.publication_checks import check
from desk.batches.assessing import assessed_weeks
from desk.batches.models import Batch, BatchFile, BatchWeek
from desk.batches.storing import READ_ANEW
from desk.tasks import work_on_batch
from tests.conftest import WeekMaker
from tests.desk.back_issues import GOOD, back_issue
from tests.desk.batches.conftest import URL, State, codes, post, rows, send, work
from tests.desk.conftest import Editor, said


def test_all_that_are_clean_are_stored_as_drafts_once(editor: Editor, batch: Batch) -> None:
    assert "收下了 25 期" in said(post(editor, f"{batch.pk}/accept/"))
    assert "没有疑问的都已经收下了" in said(post(editor, f"{batch.pk}/accept/"))
    work(batch)
    work(batch)
    assert Issue.objects.count() == 25
    assert set(Issue.objects.values_list("status", flat=True)) == {"draft"}
    assert Issue.objects.get(end_date="2021-01-08").articles.count() == 6
    assert {one.week.state for one in assessed_weeks(batch)} == {State.STORED, State.READ, State.REFUSED}
    assert "没有疑问的都已经收下了" in said(post(editor, f"{batch.pk}/accept/"))


def test_who_may_publish_may_have_them_published(chief: Editor) -> None:
    batch = send(chief, dict(list(GOOD.items())[:2]))
    work(batch)
    assert "存好就发布" in said(post(chief, f"{batch.pk}/accept/", publish="on"))
    work(batch)
    assert Issue.objects.published().count() == 2


def test_what_keeps_a_week_from_going_live_is_said(chief: Editor) -> None:
    week = back_issue(0, articles=3).replace("。", "。\n〔图表：产能〕\n", 1)
    batch = send(chief, {"旧刊/缺图.txt": week.encode()})
    work(batch)
    post(chief, f"{batch.pk}/accept/", publish="on")
    work(batch)
    issue = Issue.objects.get()
    assert issue.status == "draft"
    page = chief.client.get(f"{URL}{batch.pk}/").content.decode()
    assert "没有发布：" in page
    assert f"/admin/archive/issue/{issue.pk}/publish/" in page
    publishing.publish(issue, chief.user, [finding.key for finding in check(issue).unknown])
    assert "没有发布：" not in chief.client.get(f"{URL}{batch.pk}/").content.decode()


def test_an_editor_publishes_nothing_that_way(editor: Editor, batch: Batch) -> None:
    assert post(editor, f"{batch.pk}/accept/", publish="on").status_code == 403
    assert 'name="publish"' not in editor.client.get(f"{URL}{batch.pk}/").content.decode()
    # The right is asked for again when it is stored: it may be gone by then.
    BatchWeek.objects.filter(state=State.READ, problem="").update(
        state=State.ACCEPTED, is_to_publish=True, accepted_by=editor.user
    )
    work(batch)
    assert Issue.objects.count() == 25
    assert not Issue.objects.published().exists()


def test_what_was_published_elsewhere_is_a_draft_here(editor: Editor, make_issue: WeekMaker) -> None:
    make_issue({"甲厂扩产": "明年投产。"}, title="出口的旧闻")
    exported = io.StringIO()
    call_command("export_issues", stdout=exported)
    publishing.withdraw(Issue.objects.get())
    Issue.objects.all().delete()
    batch = send(editor, {"全部.jsonl": exported.getvalue().encode()}, field="chosen")
    work(batch)
    post(editor, f"{batch.pk}/accept/")
    work(batch)
    assert Issue.objects.get().status == "draft"


def test_nothing_is_accepted_before_all_is_read(editor: Editor, batch: Batch) -> None:
    send(editor, {"旧刊/又一份.txt": back_issue(0, articles=4).encode()}, key=str(batch.key))
    assert "还没有读完" in said(post(editor, f"{batch.pk}/accept/"))
    assert not BatchWeek.objects.filter(state=State.ACCEPTED).exists()


def test_a_week_is_put_aside_and_taken_back(editor: Editor, batch: Batch) -> None:
    for path, state in (("旧刊/2021/第01期.txt", State.READ), ("旧刊/2021/空的.txt", State.REFUSED)):
        pk = rows(batch)[path].week.pk
        post(editor, f"weeks/{pk}/skip/")
        post(editor, f"weeks/{pk}/skip/")
        assert rows(batch)[path].week.state == State.SKIPPED
        assert "先放回" in said(post(editor, f"weeks/{pk}/accept/")) or state == State.REFUSED
        post(editor, f"weeks/{pk}/unskip/")
        assert rows(batch)[path].week.state == state


def test_a_week_that_can_not_be_stored_waits_again_and_the_others_are_stored(
    editor: Editor, batch: Batch, make_issue: WeekMaker
) -> None:
    post(editor, f"{batch.pk}/accept/")
    Issue(
        title="芯片旧闻", start_date="2021-01-04", end_date="2021-01-08"
    ).save()  # meanwhile, by someone else
    work(batch)
    assert Issue.objects.count() == 25
    assert codes(rows(batch)["旧刊/2021/第01期.txt"]) == ["archived"]


def test_a_file_that_is_read_otherwise_by_now_is_shown_again(editor: Editor, batch: Batch) -> None:
    post(editor, f"{batch.pk}/accept/")
    BatchWeek.objects.filter(file__path="旧刊/2021/第02期.txt").update(digest="of another version")
    work(batch)
    one = rows(batch)["旧刊/2021/第02期.txt"]
    assert codes(one) == [READ_ANEW]
    assert one.can_be_accepted
    assert Issue.objects.count() == 24


def test_a_file_that_ends_the_worker_again_and_again_is_passed_over(editor: Editor) -> None:
    batch = send(editor, dict(list(GOOD.items())[:2]))
    work_on_batch.call(batch.pk)
    BatchWeek.objects.all().delete()
    BatchFile.objects.update(read_at=None)
    BatchFile.objects.filter(path__contains="01").update(attempts=3)
    work(batch)
    found = rows(batch)
    assert "几次中断" in found["旧刊/2021/第01期.txt"].doubts[0].message
    assert found["旧刊/2021/第02期.txt"].is_clean
