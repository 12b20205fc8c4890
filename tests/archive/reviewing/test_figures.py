"""A figure that no published text shows is the editors' only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from archive.body import from_text
from archive.editing import attach_figure, save_article
from archive.images import prepare_image
from archive.models import Issue
from tests.archive.makers import image_bytes
from tests.archive.people import browser

pytestmark = pytest.mark.django_db


def test_a_figure_is_public_once_a_published_text_shows_it(
    public: Issue, editor: User, chief: User, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    article, other, _ = public.articles.select_related("issue")
    figure = attach_figure(article, prepare_image(image_bytes()))
    address = figure.get_absolute_url()
    assert Client().get(address).status_code == 404
    assert browser(editor).get(address).status_code == 200
    other.body = f'<p>二。</p><figure><img src="{address}" alt=""></figure>'
    save_article(other)
    assert Client().get(address).status_code == 200
    other.body = from_text(["二。"])
    save_article(other)
    assert Client().get(address).status_code == 404
