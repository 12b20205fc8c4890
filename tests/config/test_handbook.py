"""The editors' handbook can be read in the admin, by those who work there."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from lxml import html

from tests.conftest import ROOT

URL = "/admin/handbook/"
SOURCE = (ROOT / "docs" / "editors-handbook.md").read_text(encoding="utf-8")

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    """Someone who may log in to the admin, and no more."""
    client.force_login(User.objects.create_user("new", is_staff=True))
    return client


def page_of(client: Client) -> html.HtmlElement:
    response = client.get(URL)
    assert response.status_code == 200
    return html.fromstring(response.content.decode())


def test_every_chapter_is_there_and_in_the_list_of_contents(editor: Client) -> None:
    page = page_of(editor)
    chapters = re.findall(r"(?m)^## (.+)$", SOURCE)
    assert [heading.text_content() for heading in page.xpath("//article/h2")] == chapters
    links = page.xpath("//nav[@class='chapters']//a")
    assert [link.text_content() for link in links] == chapters
    assert [link.get("href").removeprefix("#") for link in links] == page.xpath("//article/h2/@id")


def test_its_text_is_rendered(editor: Client) -> None:
    article = page_of(editor).xpath("//article")[0]
    assert len(article.xpath(".//table")) == len(re.findall(r"(?m)^ *\|(?:-+\|)+$", SOURCE))
    assert "不需要懂电脑技术。看不懂" in article.text_content()
    assert "**" not in article.text_content()
    assert "已发布" in article.xpath(".//table")[0].text_content()


def test_every_picture_is_shown_with_its_description_and_size(editor: Client) -> None:
    pictures = page_of(editor).xpath("//article//img")
    expected = re.findall(r"!\[([^\]]+)\]\(images/([\w.-]+)\)", SOURCE)
    assert [(picture.get("alt"), picture.get("src")) for picture in pictures] == [
        (alt, f"{URL}{name}") for alt, name in expected
    ]
    for picture in pictures:
        response = editor.get(picture.get("src"))
        assert response.status_code == 200
        assert response["Content-Type"] == "image/png"
        assert int(picture.get("width")) > int(picture.get("height")) > 0
        assert b"".join(response.streaming_content).startswith(b"\x89PNG")  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["pages", "home.png", "..%2Fsettings.py", "%2Fetc%2Fpasswd"])
def test_no_other_file_is_given_away(editor: Client, name: str) -> None:
    assert editor.get(f"{URL}{name}").status_code in (301, 302, 404)


def test_others_are_asked_to_log_in(client: Client) -> None:
    for url in (URL, f"{URL}admin.png"):
        response = client.get(url)
        assert response.status_code == 302
        assert response["Location"].startswith("/admin/login/")


def test_the_front_page_and_the_desk_lead_to_it(admin_client: Client) -> None:
    for page in ("/admin/", "/admin/desk/"):
        assert f'href="{URL}"' in admin_client.get(page).content.decode()
