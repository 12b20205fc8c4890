"""An editor at the desk, without JavaScript: forms that are posted, pages that come back."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from desk.models import Desk
from desk.state import State
from tests.archive.makers import TEXT, data_uri, image_bytes

URL = "/admin/desk/"
PICTURE = f'<img src="{data_uri(image_bytes(40, 30))}" alt="产能">'


class Editor:
    """An editor at the desk: performs actions and reads the pages."""

    def __init__(self, client: Client, user: User) -> None:
        self.client = client
        self.user = user

    def paste(self, text: str = TEXT, html: str = "") -> HttpResponse:
        rich = {"rich": SimpleUploadedFile("paste.html", html.encode())} if html else {}
        return self.client.post(f"{URL}open/", {"text": text, **rich}, follow=True)

    def upload(self, name: str, data: bytes) -> HttpResponse:
        return self.client.post(f"{URL}open/", {"file": SimpleUploadedFile(name, data)}, follow=True)

    def act(self, act: str) -> str:
        """Presses a button; returns what the page says."""
        return self.post("do", act=act)

    def post(self, name: str, **data: object) -> str:
        """Posts a form; returns what the page says."""
        return said(self.client.post(f"{URL}{name}/", data, follow=True))

    def page(self) -> str:
        return self.client.get(URL).content.decode()

    @property
    def desk(self) -> Desk:
        desk = Desk.objects.open_of(self.user.pk)
        assert desk is not None
        return desk

    @property
    def state(self) -> State:
        return self.desk.state

    @property
    def titles(self) -> list[str]:
        return [card.title for card in self.state.cards]

    def texts(self, place: int) -> list[str]:
        return [paragraph.text for paragraph in self.state.cards[place].paragraphs]


def said(response: HttpResponse) -> str:
    """The messages and refusals of a page."""
    page = response.content.decode()
    boxes = re.findall(
        r'<div class="desk-(?:said|refused)"(?! role="alert" data)[^>]*>(.*?)</div>', page, re.DOTALL
    )
    return unescape(" ".join(" ".join(re.sub(r"<[^>]*>", " ", box).split()) for box in boxes)).strip()


def log_in(*permissions: str, name: str = "bianji") -> Editor:
    user = User.objects.create_user(name, password="pw", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return Editor(client, user)


@pytest.fixture
def editor(db: None) -> Editor:
    """An editor who may put issues in and may not publish them."""
    return log_in("add_issue", "change_issue", "view_issue", "change_article")


@pytest.fixture
def chief(admin_client: Client, admin_user: User) -> Editor:
    """Someone who may do everything."""
    return Editor(admin_client, admin_user)
