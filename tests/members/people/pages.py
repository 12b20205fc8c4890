"""What the pages of people show, and how they are used without a script."""

from __future__ import annotations

import re
from html import unescape

import lxml.html
from django.contrib.auth.models import User
from django.test import Client

PEOPLE = "/admin/people/"
PASSWORD = "ein-langes-Wort-7"


def rows(page: str) -> list[list[str]]:
    """The list, cell by cell."""
    table = lxml.html.document_fromstring(page).xpath("//table//tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("./th|./td")] for row in table]


def names(page: str) -> list[str]:
    return [row[0].split()[0] for row in rows(page)]


def said(page: str) -> str:
    """What the page answers above its content."""
    found = re.findall(r'<ul class="messagelist">(.*?)</ul>', page, re.DOTALL)
    return unescape(" ".join(re.sub(r"<[^>]+>", "", "".join(found)).split()))


def do(client: Client, user: User, what: str, **fields: object) -> str:
    """Posts to a person's page; returns the page that comes next."""
    answer = client.post(f"{PEOPLE}{user.pk}/{what}/", fields, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())
