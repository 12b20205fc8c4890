"""Batches are sent in parcels, once, and within limits."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from desk.batches.assessing import assessed_weeks
from desk.batches.models import Batch
from desk.batches.receiving import Limits, Sent, batch_of, receive
from tests.desk.back_issues import FOLDER, GOOD, back_issue
from tests.desk.batches.conftest import URL, post, rows, send, work
from tests.desk.conftest import Editor


def test_what_is_sent_twice_is_one_batch_and_each_file_once(editor: Editor) -> None:
    key = str(uuid.uuid4())
    batch = send(editor, GOOD, key=key)
    assert send(editor, GOOD, key=key) == batch
    work(batch)
    assert send(editor, FOLDER, key=key) == batch
    work(batch)
    work(batch)
    assert len(assessed_weeks(batch)) == 30


def test_nothing_is_read_before_the_last_parcel_is_there(editor: Editor) -> None:
    key = str(uuid.uuid4())
    batch = send(editor, dict(list(GOOD.items())[:3]), key=key, more="on")
    work(batch)
    assert assessed_weeks(batch) == []
    assert "还没有传完" in editor.client.get(f"{URL}{batch.pk}/").content.decode()
    send(editor, dict(list(GOOD.items())[3:6]), key=key)
    work(batch)
    assert len(assessed_weeks(batch)) == 6


def test_an_upload_that_broke_off_is_read_as_far_as_it_came(editor: Editor) -> None:
    batch = send(editor, dict(list(GOOD.items())[:3]), more="on")
    post(editor, f"{batch.pk}/go-on/")
    work(batch)
    assert len(assessed_weeks(batch)) == 3


def test_the_script_is_told_the_address(editor: Editor) -> None:
    upload = SimpleUploadedFile("a.txt", back_issue(0).encode())
    data = {"key": str(uuid.uuid4()), "chosen": [upload], "paths": ["a.txt"]}
    answer = editor.client.post(URL, data, headers={"Accept": "application/json"})
    assert answer.json() == {"url": f"{URL}{Batch.objects.get().pk}/"}


def test_a_form_without_files_is_refused_in_words(editor: Editor) -> None:
    answer = editor.client.post(URL, {"key": str(uuid.uuid4())})
    assert answer.status_code == 422
    assert "还没有选文件" in answer.content.decode()
    assert not Batch.objects.exists()


def test_too_much_is_a_row_and_the_rest_goes_on(editor: Editor) -> None:
    files = {"大.txt": b"x" * 2001, **dict(list(GOOD.items())[:6])}
    sent = [Sent(path, SimpleUploadedFile("a", data), True) for path, data in files.items()]
    batch = batch_of(uuid.uuid4(), editor.user.pk)
    receive(batch, sent, is_last=True, limits=Limits(file_bytes=2000, files=4))
    work(batch)
    found = rows(batch)
    assert len(found) == 5
    assert "文件有" in found["大.txt"].doubts[0].message
    assert sum(one.is_clean for one in found.values()) == 3
    assert "从这个起都没有收下" in found["旧刊/2021/第04期.txt"].doubts[0].message


@pytest.mark.parametrize("limits", [Limits(batch_bytes=2000), Limits(total_bytes=2000)])
def test_a_batch_and_all_together_have_an_end(editor: Editor, limits: Limits) -> None:
    batch = batch_of(uuid.uuid4(), editor.user.pk)
    sent = [Sent(path, SimpleUploadedFile("a", data), False) for path, data in GOOD.items()]
    receive(batch, sent, is_last=True, limits=limits)
    work(batch)
    found = list(rows(batch).values())
    assert 0 < sum(one.is_clean for one in found) < 5
    assert sum("放不下了" in doubt.message for one in found for doubt in one.doubts) == 25 - sum(
        one.is_clean for one in found
    )


def test_paths_lead_nowhere_else(editor: Editor) -> None:
    batch = send(
        editor,
        {"../../etc/一期.txt": back_issue(0).encode(), "C:\\旧刊\\.\\二期.txt": back_issue(1).encode()},
    )
    assert sorted(batch.files.values_list("path", flat=True)) == ["C:/旧刊/二期.txt", "etc/一期.txt"]
