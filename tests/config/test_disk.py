"""A nearly full disk is reported in the admin, `/readyz` and checks; the site stays ready."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.core import checks
from django.test import Client
from pytest_django.fixtures import Settings

from config import disk
from search.indexing import sync

pytestmark = pytest.mark.django_db


def warned() -> list[str | None]:
    found = checks.run_checks(tags=[checks.Tags.database], databases=["default"])
    return [message.hint for message in found if message.id == "config.W002"]


def test_a_disk_with_room_is_not_spoken_of(settings: Settings, client: Client, admin_client: Client) -> None:
    settings.DISK_WARN_MB = 0
    sync.rebuild()
    assert client.get("/readyz").json()["disk"]["warning"] == ""
    assert "磁盘快满了" not in admin_client.get("/admin/").content.decode()
    assert warned() == []


def test_a_disk_with_less_room_than_wanted_is(
    settings: Settings, client: Client, admin_client: Client, tmp_path: Path
) -> None:
    free = shutil.disk_usage(tmp_path).free // disk.MEGABYTE
    settings.DATA_DIR, settings.DISK_WARN_MB = tmp_path, free * 2
    sync.rebuild()
    answer = client.get("/readyz")
    said = answer.json()["disk"]
    assert answer.status_code == 200
    assert 0 < said["free_mb"] < free * 2
    assert f"less than {free * 2}: make room" in said["warning"]
    assert "服务器的磁盘快满了，只剩" in admin_client.get("/admin/").content.decode()
    assert len(warned()) == 1
