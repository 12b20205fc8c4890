"""The vocabulary that comes with the site."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archive.models import Article
from glossary.exchange import SHIPPED, export_glossary, import_glossary
from glossary.models import Mention, Term

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_the_shipped_vocabulary_is_large_and_lossless(tmp_path: Path) -> None:
    result = import_glossary()
    assert result.created == Term.objects.count() >= 600
    assert export_glossary() == SHIPPED.read_text(encoding="utf-8-sig")
    assert set(Term.objects.values_list("kind", flat=True)) == set(Term.Kind.values)


@pytest.mark.usefixtures("demo_archive")
def test_it_is_found_in_the_demo_weeks_in_one_reading() -> None:
    with CaptureQueriesContext(connection) as queries:
        import_glossary()
    readings = [query["sql"] for query in queries if '"archive_article"."body"' in query["sql"]]
    assert 1 <= len(readings) <= 2, readings
    with_terms = Mention.objects.values("article").distinct().count()
    assert with_terms > 0.95 * Article.objects.count()
