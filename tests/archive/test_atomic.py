"""A file is replaced as a whole or not at all."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from archive.atomic import replace_text, replacing


def test_a_reader_gets_the_old_file_until_the_new_one_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "note.json"
    path.write_text("old", encoding="utf-8")
    with replacing(path) as file:
        file.write("新的\n")
        file.flush()
        assert path.read_text(encoding="utf-8") == "old"
    assert path.read_bytes() == "新的\n".encode()
    assert [found.name for found in tmp_path.iterdir()] == ["note.json"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "note.json"
    replace_text(path, "old")
    with pytest.raises(ZeroDivisionError), replacing(path) as file:
        file.write(str(1 // 0))
    with pytest.raises(UnicodeEncodeError):
        replace_text(path, "\ud800")
    assert path.read_text(encoding="utf-8") == "old"
    assert [found.name for found in tmp_path.iterdir()] == ["note.json"]


def test_a_place_that_can_not_be_written_to_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="missing"):
        replace_text(tmp_path / "missing" / "note.json", "new")
