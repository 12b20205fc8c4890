"""The Word files of the shared cases, where they are at hand: faults that were seen in use."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from archive.reading import read_file

MAKE = Path(__file__).resolve().parents[3].parent / "shared" / "cases" / "word" / "make.py"


@pytest.mark.slow
@pytest.mark.skipif(not MAKE.exists(), reason="the shared cases are not beside this repository")
def test_every_shared_case_is_read_right(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(MAKE), str(tmp_path)], check=True, capture_output=True)
    wrong = {}
    for name, expected in json.loads((tmp_path / "expected.json").read_text("utf8")).items():
        [week] = read_file(tmp_path / name)
        said = str(week) + "".join(article.html for article in week.articles)
        found = {
            "title": week.title,
            "start_date": str(week.start_date),
            "end_date": str(week.end_date),
            "articles": [article.title for article in week.articles],
            "sections": [article.section for article in week.articles],
            "warnings": bool(week.warnings),
            "absent": [words for words in expected.get("absent", ()) if words not in said],
            "present": [words for words in expected.get("present", ()) if words in said],
        }
        if differs := {
            key: found[key] for key in found.keys() & expected.keys() if found[key] != expected[key]
        }:
            wrong[name] = differs
    assert wrong == {}
