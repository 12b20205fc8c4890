"""Hosts that serve the same code with the same settings give the same ETags."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django import Settings

from config.fingerprint import fingerprint
from tests.conftest import ROOT

pytestmark = pytest.mark.server

SAYS = "import django; django.setup(); from config.fingerprint import fingerprint; print(fingerprint())"


def test_two_hosts_with_data_folders_of_their_own_say_the_same(tmp_path: Path) -> None:
    said = set()
    for host in ("one", "two"):
        (tmp_path / host).mkdir()
        own = {
            "XWK_DATA_DIR": str(tmp_path / host),
            "PYTHONHASHSEED": str(len(said) + 1),
            "ALLOWED_HOSTS": f"digest.example.org,{host}.example.org",
            "HTTPS": "true",
            "BACKUP_DIR": f"/backup/{host}",
            "CACHE_URL": f"redis://{host}.example.org:6379/0",
            "MEDIA_STORAGE_URL": f"s3://figures?endpoint=https://{host}.example.org",
            "TRUSTED_PROXIES": f"10.0.0.{len(said)}",
        }
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": "sqlite://:memory:",
            "SECRET_KEY": "the same on each",
            **own,
        }
        done = subprocess.run(
            [sys.executable, "-c", SAYS],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        said.add(done.stdout)
    assert len(said) == 1


@pytest.mark.parametrize(("name", "value"), [("SITE_NAME", "别的库"), ("LIMITS", {"search": "1/m"})])
def test_another_setting_is_another_name(settings: Settings, name: str, value: object) -> None:
    before = fingerprint.__wrapped__()
    assert fingerprint.__wrapped__() == before
    setattr(settings, name, value)
    assert fingerprint.__wrapped__() != before
