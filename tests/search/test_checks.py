"""What Django's system checks say of the index's folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core import checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from pytest_django.fixtures import Settings

from search.indexing.checks import check_folder


def found(settings: Settings, folder: Path) -> list[str | None]:
    settings.SEARCH_URL = f"whoosh://{folder}"
    return [message.id for message in check_folder(None)]


@pytest.mark.parametrize(
    ("mode", "expected"), [(0o700, []), (0o750, ["search.E001"]), (0o702, ["search.E001"])]
)
def test_an_index_that_others_can_open_is_refused(
    settings: Settings, tmp_path: Path, mode: int, expected: list[str]
) -> None:
    folder = tmp_path / "index"
    folder.mkdir()
    folder.chmod(mode)
    assert found(settings, folder) == expected


def test_no_command_runs_with_it(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    folder.mkdir()
    folder.chmod(0o777)
    found(settings, folder)
    with pytest.raises(SystemCheckError, match="chmod 700"):
        call_command("check")


@pytest.mark.parametrize("served", ["MEDIA_ROOT", "STATIC_ROOT"])
def test_an_index_below_a_folder_that_is_served_is_refused(
    settings: Settings, tmp_path: Path, served: str
) -> None:
    setattr(settings, served, tmp_path / "served")
    assert found(settings, tmp_path / "served" / "index") == ["search.E003"]
    assert found(settings, tmp_path / "index") == []


def test_without_an_index_nothing_is_said(settings: Settings, tmp_path: Path) -> None:
    assert found(settings, tmp_path / "index") == []
    assert not checks.run_checks(tags=["security"])
