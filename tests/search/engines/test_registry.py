"""SEARCH_URL names the engine; one that names none is answered by those that there are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from search.engines.database import DatabaseEngine
from search.engines.registry import ENGINES, engine_for, haystack_connections
from search.engines.whoosh.engine import WhooshEngine
from tests.conftest import ROOT


@pytest.mark.parametrize("url", ["elastic://", "whoosh", "", "://", "http://localhost:9200", "Whoosh:"])
def test_a_url_that_names_no_engine_is_answered_by_those_that_there_are(url: str) -> None:
    if url == "Whoosh:":  # a scheme has no case
        assert isinstance(engine_for(url), WhooshEngine)
        return
    for ask in (engine_for, haystack_connections):
        with pytest.raises(ImproperlyConfigured) as refused:
            ask(url)
        assert f"SEARCH_URL={url!r}" in str(refused.value)
        assert all(f"{scheme}://" in str(refused.value) for scheme in ENGINES)


def test_no_password_is_told() -> None:
    with pytest.raises(ImproperlyConfigured, match="//…@host/name") as refused:
        engine_for("opensaerch://reader:s@cr@host/name")
    assert "s@cr" not in str(refused.value)


def test_each_scheme_names_a_class_that_is_made_once(tmp_path: Path) -> None:
    assert isinstance(engine_for("database://"), DatabaseEngine)
    assert engine_for("database://") is engine_for("database://")
    assert engine_for(f"whoosh://{tmp_path}").folder == tmp_path


def test_the_site_does_not_start_with_a_wrong_url(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={
            **os.environ,
            "XWK_DATA_DIR": str(tmp_path),
            "SEARCH_URL": "solr://host",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode != 0
    assert (
        "no search engine is called 'solr'. Use one of: whoosh://, opensearch://, database://" in done.stderr
    )
