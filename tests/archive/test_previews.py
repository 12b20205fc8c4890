"""Previews: the real pages, for staff and by a link, and for nobody else."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from archive import publishing
from archive.models import Figure, Issue
from archive.previews import link_for
from tests.archive.makers import image_bytes
from tests.conftest import WeekMaker
from tests.writing import save


@pytest.fixture
def draft(make_issue: WeekMaker, tmp_path: Path, settings: Any) -> Issue:
    settings.MEDIA_ROOT = tmp_path
    issue = make_issue({"玻璃基板试产": "样片送测。", "乙": "二。"}, status=Issue.Status.DRAFT)
    article = issue.articles.get(position=1)
    figure = Figure(article=article, image_format="png", width=40, height=30, sha256="0" * 64)
    figure.image.save("x.png", ContentFile(image_bytes()))
    article.body += f'<figure><img src="{figure.get_absolute_url()}" alt="样片"></figure>'
    save(article)
    return issue


def is_private(response: Any) -> bool:
    return response["Cache-Control"] == "no-store, private" and "noindex" in response["X-Robots-Tag"]


def test_a_link_shows_the_issue_its_articles_and_figures_to_whoever_has_it(
    client: Client, draft: Issue
) -> None:
    link = link_for(draft)
    first, second = draft.articles.all()
    page = client.get(link)
    assert page.status_code == 200
    assert is_private(page)
    assert "草稿预览" in page.content.decode()
    address = f"{link}articles/{first.pk}/"
    assert f'href="{address}"' in page.content.decode()
    article = client.get(address)
    assert is_private(article)
    assert "样片送测。" in article.content.decode()
    assert f'href="{link}articles/{second.pk}/"' in article.content.decode()
    figure = Figure.objects.get()
    assert f'src="{link}figures/{figure.pk}/"' in article.content.decode()
    image = client.get(f"{link}figures/{figure.pk}/")
    assert is_private(image)
    assert b"".join(image).startswith(b"\x89PNG")
    assert client.get(figure.get_absolute_url()).status_code == 404


def test_the_preview_is_the_page_that_readers_get(client: Client, draft: Issue) -> None:
    preview = client.get(link_for(draft)).context["contents"]
    publishing.publish(draft)
    assert list(client.get(draft.get_absolute_url()).context["contents"]) == list(preview)


def test_without_a_link_previews_are_for_editors(client: Client, admin_client: Client, draft: Issue) -> None:
    User.objects.create_user("member", password="x")
    for address in (f"/preview/{draft.pk}/", f"/preview/{draft.pk}/articles/{draft.articles.all()[0].pk}/"):
        assert client.get(address).status_code == 404
        assert "返回编辑" in admin_client.get(address).content.decode()
    client.force_login(User.objects.get(username="member"))
    assert client.get(f"/preview/{draft.pk}/").status_code == 404
    client.force_login(User.objects.create_user("staff", is_staff=True))
    assert client.get(f"/preview/{draft.pk}/").status_code == 404


def test_a_link_ends_after_a_week(client: Client, draft: Issue) -> None:
    link = link_for(draft)
    week, minute = dt.timedelta(days=7), dt.timedelta(minutes=1)
    signed_at = timezone.now()
    with time_machine.travel(signed_at + week - minute):
        assert client.get(link).status_code == 200
    with time_machine.travel(signed_at + week + minute):
        expired = client.get(link)
        figure = client.get(f"{link}figures/{Figure.objects.get().pk}/")
    assert expired.status_code == 410
    assert "预览链接已失效" in expired.content.decode()
    assert "样片" not in expired.content.decode()
    assert figure.status_code == 404


def test_a_link_leads_to_the_public_page_once_there_is_one_and_ends_when_it_is_withdrawn(
    client: Client, draft: Issue
) -> None:
    link = link_for(draft)
    publishing.publish(draft)
    assert client.get(link)["Location"] == draft.get_absolute_url()
    publishing.withdraw(draft)
    assert client.get(link).status_code == 410


def test_an_editor_ends_the_links_that_were_given_away(
    admin_client: Client, client: Client, draft: Issue
) -> None:
    link = link_for(draft)
    admin_client.post(f"/admin/archive/issue/{draft.pk}/end-links/")
    assert client.get(link).status_code == 410
    draft.refresh_from_db()
    assert client.get(link_for(draft)).status_code == 200


def test_a_link_of_one_issue_opens_no_other(client: Client, draft: Issue, make_issue: WeekMaker) -> None:
    other = make_issue({"别的": "秘密。"}, title="别的", status=Issue.Status.DRAFT)
    link = link_for(draft)
    assert client.get(f"{link}articles/{other.articles.get().pk}/").status_code == 404
    assert client.get(f"{link[:-3]}xx/").status_code == 410
