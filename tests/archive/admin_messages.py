"""What a page of the admin says was done, and the button in it that undoes that."""

from __future__ import annotations

import re
from html import unescape

from django.test import Client
from lxml import html

from archive.models import Issue


def said(page: str) -> list[str]:
    found = re.findall(r'<li[^>]* class="(?:success|info|warning|error)">(.*?)</li>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", one).split()) for one in found]


def undo(client: Client, page: str) -> str:
    """Presses the button in the message."""
    tree = html.fromstring(page)
    [button] = tree.xpath("//ul[@class='messagelist']//button[@form='undo']")
    sent = dict(tree.get_element_by_id("undo").form_values()) | {button.get("name"): button.get("value")}
    return unescape(client.post(button.get("formaction"), sent, follow=True).content.decode())


def titles(issue: Issue) -> list[tuple[int, str]]:
    return list(issue.articles.order_by("position").values_list("position", "title"))
