"""A data directory that other users may enter is told by `check --deploy`, with the command that helps."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core import checks
from pytest_django.fixtures import Settings


def warned() -> list[str | None]:
    found = checks.run_checks(tags=[checks.Tags.security], include_deployment_checks=True)
    return [message.hint for message in found if message.id == "config.W003"]


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o701])
def test_a_directory_that_others_may_enter_is_told_with_its_mode_and_the_remedy(
    settings: Settings, tmp_path: Path, mode: int
) -> None:
    settings.DATA_DIR = tmp_path
    tmp_path.chmod(mode)
    assert warned() == [f"{tmp_path} has mode {mode:04o}: run `chmod 700 {tmp_path}`"]


def test_a_private_directory_and_one_not_made_yet_are_not_spoken_of(
    settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    tmp_path.chmod(0o700)
    assert warned() == []
    settings.DATA_DIR = tmp_path / "none"
    assert warned() == []
