"""The portable archive that a site offers: made by the worker, given away while it is true."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from archive.publishing import withdraw
from search.portable import keeping
from search.tasks import check_portable_archive, make_portable_archive
from tests.conftest import WeekMaker
from tests.server.site import ROOT
from worker.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _offered(settings: Any, tmp_path: Path) -> None:
    settings.PORTABLE_ARCHIVE = "text"
    settings.DATA_DIR = tmp_path


def download(client: Client) -> str:
    response = client.get("/portable/archive.html")
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    return b"".join(response.streaming_content).decode()


def test_a_site_that_offers_none_has_no_such_page_and_makes_no_file(
    client: Client, settings: Any, make_issue: WeekMaker
) -> None:
    settings.PORTABLE_ARCHIVE = "none"
    make_issue({"新闻": "三"})
    make_portable_archive.func()
    assert not keeping.file_path().exists()
    assert client.get("/portable/").status_code == 404
    assert client.get("/portable/archive.html").status_code == 404
    assert "离线版" not in client.get("/").content.decode()


def test_the_worker_makes_it_and_members_get_it(client: Client, make_issue: WeekMaker) -> None:
    make_issue({"新闻": "三"})
    assert "正在更新" in client.get("/portable/").content.decode()
    assert client.get("/portable/archive.html")["Location"] == "/portable/"
    make_portable_archive.func()
    assert "1 期，1 篇文章，不含图片" in client.get("/portable/").content.decode()
    assert "新闻" in download(client)
    assert 'href="/portable/"' in client.get("/").content.decode()


def test_what_is_withdrawn_is_given_away_no_more(client: Client, make_issue: WeekMaker) -> None:
    make_issue({"留下": "一"}, end_date="2025-03-14")
    issue = make_issue({"撤回的": "三"})
    make_portable_archive.func()
    withdraw(issue)
    assert client.get("/portable/archive.html").status_code == 302
    make_portable_archive.func()
    page = download(client)
    assert "撤回的" not in page
    assert "留下" in page


def test_it_is_made_once_for_a_state(make_issue: WeekMaker) -> None:
    waiting = Task.objects.filter(name="search.tasks.make_portable_archive")
    make_issue({"新闻": "三"})
    check_portable_archive.func()
    check_portable_archive.func()
    assert waiting.count() == 1

    assert keeping.bring_up_to_date()
    assert not keeping.bring_up_to_date()
    waiting.delete()
    check_portable_archive.func()
    assert not waiting.exists()  # and no process was started to find that out


def test_what_a_killed_worker_left_half_made_is_gone_with_the_next(make_issue: WeekMaker) -> None:
    make_issue({"新闻": "三"})
    folder = keeping.file_path().parent
    folder.mkdir()
    for path in (keeping.file_path(), keeping.file_path().with_suffix(".json")):
        _killed_while_writing(path)
    assert len([*folder.iterdir()]) == 2
    assert keeping.bring_up_to_date()
    assert {path.name for path in folder.iterdir()} == {"archive.html", "archive.json"}


def _killed_while_writing(path: Path) -> None:
    code = (
        "import os, pathlib, signal, sys\n"
        "from archive.atomic import replacing\n"
        "with replacing(pathlib.Path(sys.argv[1])) as file:\n"
        "    file.write('half')\n"
        "    file.flush()\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, path], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL


@pytest.mark.parametrize("note", ["", "{", "[]", '{"state": 1}', '{"state": "x", "made_at": "soon"}'])
def test_a_note_that_is_damaged_is_as_none_and_made_anew(make_issue: WeekMaker, note: str) -> None:
    make_issue({"新闻": "三"})
    keeping.bring_up_to_date()
    keeping.file_path().with_suffix(".json").write_text(note)
    assert keeping.current() is None
    assert keeping.bring_up_to_date()
    assert keeping.current() is not None


def test_a_closed_archive_gives_it_to_members_alone(
    client: Client, settings: Any, make_issue: WeekMaker
) -> None:
    settings.READERS = "members"
    make_issue({"新闻": "三"})
    keeping.bring_up_to_date()
    for address in ("/portable/", "/portable/archive.html"):
        response = client.get(address)
        assert response.status_code == 302
        assert response["Location"].startswith("/account/login/")
    client.force_login(User.objects.create_user("member"))
    assert "新闻" in download(client)
