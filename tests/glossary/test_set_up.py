"""The vocabulary that comes with the site."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from archive.models import Article
from glossary.exchange import SHIPPED, export_glossary, import_glossary
from glossary.models import Mention, Term

pytestmark = pytest.mark.django_db


def test_the_shipped_vocabulary_is_large_and_lossless(tmp_path: Path) -> None:
    result = import_glossary()
    assert result.created == Term.objects.count() >= 600
    assert export_glossary() == SHIPPED.read_text(encoding="utf-8-sig")
    assert set(Term.objects.values_list("kind", flat=True)) == set(Term.Kind.values)


@pytest.mark.usefixtures("demo_archive")
def test_it_is_found_in_the_demo_weeks_in_one_short_reading() -> None:
    began = time.perf_counter()
    import_glossary()
    assert time.perf_counter() - began < 10  # 1 s alone; the tests share their machine
    with_terms = Mention.objects.values("article").distinct().count()
    assert with_terms > 0.95 * Article.objects.count()
