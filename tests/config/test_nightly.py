"""The nightly backup: verified, noted, and so many of the earlier ones are kept."""

from __future__ import annotations

import datetime as dt
import doctest
import json
import subprocess
from pathlib import Path

import pytest

from config.backups import nightly
from tests.server.site import Site

pytestmark = pytest.mark.slow

BEGIN = dt.date(2024, 1, 1)


def name(day: dt.date, time: str = "031500") -> str:
    return f"nightly-{day:%Y%m%d}-{time}.zip"


def test_the_example_holds() -> None:
    assert doctest.testmod(nightly).failed == 0


def test_seven_days_four_weeks_and_twelve_months_are_kept(tmp_path: Path) -> None:
    kept: list[Path] = []
    for number in range(800):
        kept = [*kept, tmp_path / name(BEGIN + dt.timedelta(days=number))]
        kept = [path for path in kept if path not in nightly.no_longer_kept(kept)]
        assert len(kept) <= 7 + 4 + 12
    last = BEGIN + dt.timedelta(days=799)
    days = [dt.datetime.strptime(path.name, nightly.NAME).date() for path in kept]
    assert days[-7:] == [last - dt.timedelta(days=n) for n in range(6, -1, -1)]
    sundays = [day for day in (last - dt.timedelta(days=n) for n in range(28)) if day.isoweekday() == 7]
    assert set(sundays[:3]) <= set(days)
    assert len({(day.year, day.month) for day in days}) == 12
    ends = [day for day in days if (day + dt.timedelta(days=1)).day == 1]
    assert len(ends) >= 11


def test_two_of_one_night_are_one_and_files_of_others_stay(tmp_path: Path) -> None:
    early, late = tmp_path / name(BEGIN), tmp_path / name(BEGIN, "040000")
    others = [tmp_path / "xinwenku-20200101-031500.zip", tmp_path / "nightly-before-the-move.zip"]
    assert nightly.no_longer_kept([late, *others, early]) == [early]


@pytest.fixture
def site(set_up_site: tuple[Site, str], tmp_path: Path) -> Site:
    return set_up_site[0].copy_to(tmp_path / "data")


def nightly_backup(site: Site, folder: Path) -> subprocess.CompletedProcess[str]:
    code = "from config.tasks import back_up; back_up.call()"
    return site.try_to_manage("shell", "-v", "0", "-c", code, BACKUP_DIR=str(folder))


def test_it_is_made_noted_and_can_be_restored_and_old_ones_go(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "another disk" / "backups"
    assert nightly_backup(site, folder).returncode == 0
    [first] = folder.iterdir()
    first = first.rename(folder / name(BEGIN))
    (folder / "mine.zip").write_bytes(b"")
    for number in range(1, 8):  # of one month, and the last days of it are kept
        (folder / name(BEGIN + dt.timedelta(days=number))).write_bytes(b"")
    assert json.loads((site.data / "last_backup.json").read_text())["made_at"]
    restored = Site.in_folder(tmp_path / "restored")
    restored.manage("restore", first)
    assert "equal" in restored.manage("check_index")
    assert nightly_backup(site, folder).returncode == 0
    assert not first.exists()
    assert len(list(folder.glob("nightly-*.zip"))) == 7
    assert (folder / "mine.zip").exists()


def test_when_none_can_be_made_nothing_is_deleted(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    old = [folder / name(BEGIN + dt.timedelta(days=number)) for number in range(40)]
    for path in old:
        path.write_bytes(b"")
    (site.data / "db.sqlite3").write_bytes(b"no database" * 1000)
    failed = nightly_backup(site, folder)
    assert failed.returncode == 1
    assert "BackupError" in failed.stderr
    assert sorted(folder.iterdir()) == old
    assert not (site.data / "last_backup.json").exists()
