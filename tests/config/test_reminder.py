"""Missing backups are reported in the admin, `/readyz` and checks; not on a new site."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.core import checks
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from archive.moments import local_time
from config.backups import reminder
from search.indexing import sync

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture(autouse=True)
def data_dir(settings: Settings, tmp_path: Path) -> Path:
    """A data directory in which no backup was ever noted."""
    settings.DATA_DIR = tmp_path
    return tmp_path


def front_page(group: str) -> str:
    user = User.objects.create_user(f"of-{group}", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client.get("/admin/").content.decode()


def warned() -> list[str | None]:
    found = checks.run_checks(tags=[checks.Tags.database], databases=["default"])
    return [message.hint for message in found if message.id == "config.W001"]


def days_later(days: float) -> time_machine.travel:
    return time_machine.travel(NOW + dt.timedelta(days=days), tick=True)


@pytest.mark.parametrize("days", [0, 6.9])
def test_a_new_site_is_left_in_peace(days: float) -> None:
    with days_later(days):
        assert reminder.overdue() is None
        assert "没有备份" not in front_page("主编")
        assert warned() == []


def test_a_site_that_never_made_a_backup_is_told_after_a_week(client: Client) -> None:
    with days_later(7.1):
        assert "这个文库建了 7 天，还从来没有备份过。" in front_page("主编")
        [hint] = warned()
        assert hint == client.get("/readyz").json()["backup"]["warning"]
        assert "no backup was ever made of this site, which is 7 days old" in str(hint)


def test_when_backups_stop_those_who_publish_are_told_and_the_site_stays_ready(client: Client) -> None:
    sync.rebuild()
    reminder.note(NOW)
    with days_later(6.9):
        assert "没有备份" not in front_page("主编")
        assert client.get("/readyz").json()["backup"] == {
            "newest": timezone.localtime(NOW).isoformat(timespec="seconds"),
            "warning": "",
        }
    User.objects.all().delete()
    with days_later(9.5):
        page = front_page("主编")
        assert f"已经 9 天没有备份了，最近一次是 {local_time(NOW)}。" in page
        assert "manage.py backup" in page
        assert "没有备份" not in front_page("编辑")
        answer = client.get("/readyz")
        assert "the newest backup is 9 days old" in answer.json()["backup"]["warning"]
        assert answer.status_code == 200
        assert ["the newest backup is 9 days old" in str(hint) for hint in warned()] == [True]
        reminder.note(timezone.now())
        assert (reminder.overdue(), warned()) == (None, [])


@pytest.mark.parametrize(("limit", "is_said"), [(0, False), (30, True), (41, False)])
def test_the_days_can_be_set_and_nought_is_never(settings: Settings, limit: int, is_said: bool) -> None:
    reminder.note(NOW)
    settings.BACKUP_REMINDER_DAYS = limit
    with days_later(40.5):
        assert (reminder.overdue() is not None) == is_said


@pytest.mark.parametrize("content", ["", "{", "[1]", "{}", '{"made_at": 7}', '{"made_at": "yesterday"}'])
def test_a_note_that_can_not_be_read_is_no_backup(data_dir: Path, content: str) -> None:
    (data_dir / "last_backup.json").write_text(content)
    assert reminder.newest() is None
    with days_later(8):
        overdue = reminder.overdue()
    assert overdue is not None
    assert overdue.newest is None
