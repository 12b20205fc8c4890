"""Figures that an editor adds to an article in the admin."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from archive.models import Article, Figure, Issue
from tests.archive.makers import image_bytes
from tests.conftest import WeekMaker


@pytest.fixture
def article(make_issue: WeekMaker, tmp_path: Path, settings: Any) -> Article:
    settings.MEDIA_ROOT = tmp_path
    return make_issue({"甲": "一。"}, status=Issue.Status.DRAFT).articles.get()


def add(client: Client, article: Article, data: bytes, alt: str = "") -> Any:
    sent = {"image": SimpleUploadedFile("x.png", data), "alt": alt}
    return client.post(f"/admin/archive/article/{article.pk}/figures/", sent)


def test_an_image_that_is_sent_twice_is_one_figure(admin_client: Client, article: Article) -> None:
    answers = [add(admin_client, article, image_bytes(20, 10), "样片").json() for _ in "12"]
    assert answers[0] == answers[1]
    assert Figure.objects.count() == 1


def test_an_image_becomes_a_figure_that_the_text_can_show(admin_client: Client, article: Article) -> None:
    answer = add(admin_client, article, image_bytes(2000, 100), "样片")
    figure = Figure.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {"url": figure.get_absolute_url(), "alt": "样片", "width": 1600, "height": 80}
    body = f'<figure class="figure"><img src="{figure.get_absolute_url()}" alt="样片"><figcaption>图注</figcaption></figure>'
    data = {"title": "甲", "body": body}
    assert admin_client.post(f"/admin/archive/article/{article.pk}/change/", data).status_code == 302
    article.refresh_from_db()
    assert article.body == body.replace(' class="figure"', "")
    assert "图注" in article.text


def test_the_same_image_again_is_the_same_figure(admin_client: Client, article: Article) -> None:
    first, second = (add(admin_client, article, image_bytes()).json() for _ in range(2))
    assert first == second
    assert Figure.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>x()</script></svg>", "SVG 也不行"),
        (b"%PDF-1.7", "图片不是 PNG、JPEG、WebP 或 GIF"),
        (image_bytes()[:60], "图片坏了"),
        (b"", "没有收到图片"),
    ],
)
def test_what_is_no_image_is_refused_in_words_and_not_stored(
    admin_client: Client, article: Article, data: bytes, words: str
) -> None:
    answer = (
        add(admin_client, article, data)
        if data
        else admin_client.post(f"/admin/archive/article/{article.pk}/figures/", {})
    )
    assert answer.status_code == 400
    assert words in answer.json()["error"]
    assert not Figure.objects.exists()


def test_only_who_may_write_articles_adds_figures(client: Client, article: Article) -> None:
    assert add(client, article, image_bytes()).status_code == 302
    client.force_login(User.objects.create_user("staff", is_staff=True))
    assert add(client, article, image_bytes()).status_code == 403
    assert not Figure.objects.exists()
