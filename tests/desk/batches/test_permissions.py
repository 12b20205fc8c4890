"""Who may do what to a batch, and for how long it is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from archive.models import Issue
from desk.batches.models import KEPT_DAYS, Batch, BatchContent, BatchWeek
from desk.tasks import delete_old_batches
from tests.desk.back_issues import GOOD
from tests.desk.batches.conftest import URL, post, send, work
from tests.desk.conftest import Editor, log_in, said


def addresses(batch: Batch) -> Iterator[str]:
    week = batch.files.order_by("path")[0].weeks.get()
    yield from (f"{batch.pk}/{what}/" for what in ("accept", "go-on", "delete"))
    yield from (f"weeks/{week.pk}/{what}/" for what in ("accept", "skip", "unskip", "desk"))


def test_another_editors_batch_is_neither_seen_nor_changed(editor: Editor, batch: Batch) -> None:
    other = log_in("add_issue", "change_issue", name="qita")
    before = list(BatchWeek.objects.order_by("pk").values())
    assert other.client.get(f"{URL}{batch.pk}/").status_code == 404
    for address in addresses(batch):
        other.client.post(f"{URL}{address}")
    assert list(BatchWeek.objects.order_by("pk").values()) == before
    assert Batch.objects.filter(pk=batch.pk).exists()
    assert f"{URL}{batch.pk}/" not in other.client.get(URL).content.decode()
    answer = other.client.post(URL, {"key": str(batch.key), "chosen": [SimpleUploadedFile("a.txt", b"a")]})
    assert "这一批是别人的" in answer.content.decode()
    assert batch.files.count() == 30


def test_who_may_publish_sees_every_batch(batch: Batch, chief: Editor) -> None:
    page = chief.client.get(f"{URL}{batch.pk}/").content.decode()
    assert "没有日期.txt" in page
    assert "再加文件" not in page
    assert "bianji" in chief.client.get(URL).content.decode()


def test_who_may_not_add_issues_has_no_batches(batch: Batch) -> None:
    reader = log_in("view_issue", name="reader")
    assert reader.client.get(URL).status_code == 403
    assert reader.client.get(f"{URL}{batch.pk}/").status_code == 403
    assert reader.client.post(URL, {}).status_code == 403
    assert Client().get(URL).status_code == 302


def test_a_batch_goes_when_its_editor_or_nobody_wants_it(editor: Editor, batch: Batch) -> None:
    post(editor, f"{batch.pk}/accept/")
    work(batch)
    assert "各期都还在" in said(post(editor, f"{batch.pk}/delete/"))
    assert said(post(editor, f"{batch.pk}/delete/")) == ""
    assert Issue.objects.count() == 25
    old, new = send(editor, GOOD), send(editor, GOOD)
    Batch.objects.filter(pk=old.pk).update(touched_at=timezone.now() - dt.timedelta(days=KEPT_DAYS, hours=1))
    delete_old_batches.call()
    assert list(Batch.objects.all()) == [new]
    assert set(BatchContent.objects.values_list("file__batch", flat=True)) == {new.pk}


@pytest.mark.django_db
def test_editors_have_the_right_by_their_group() -> None:
    assert Permission.objects.filter(codename="add_issue", group__name="编辑").exists()
