"""What is loaded when the site starts, and what is not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.template import engines

from config.warming import warm_up_pages
from tests.conftest import ROOT

NOT_FOR_EVERY_SITE = {"redis", "requests", "apprise", "opensearchpy", "mammoth", "markdown_it", "pypdfium2"}


@pytest.mark.server
def test_a_site_loads_no_library_that_only_others_need_or_editors(tmp_path: Path) -> None:
    site = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "XWK_DATA_DIR": str(tmp_path),
        "SECRET_KEY": "only-for-tests",
    }
    done = subprocess.run(
        [sys.executable, "-c", "import config.wsgi, sys; print(*sys.modules)"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **site},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert {"archive.counting", "config.services", "members.signin.views", "archive.reading.kinds"} <= loaded
    assert not loaded & NOT_FOR_EVERY_SITE


def test_every_template_is_read_before_the_first_page() -> None:
    [loader] = engines["django"].engine.template_loaders  # type: ignore[attr-defined]
    loader.reset()
    warm_up_pages()
    read = {template.origin.template_name for template in loader.get_template_cache.values()}
    assert {"search/results.html", "archive/article_detail.html", "404.html"} <= read
