"""What stands in the head of a page."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client
from lxml import html

HOST = "http://testserver"


def head_of(client: Client, address: str) -> html.HtmlElement:
    head = html.fromstring(client.get(address).content.decode()).find("head")
    assert head is not None
    return head


def properties_of(client: Client, address: str) -> dict[str, str]:
    return {
        str(tag.get("property")): str(tag.get("content"))
        for tag in head_of(client, address).xpath("//meta[@property]")
    }


def data_of(client: Client, address: str) -> dict[str, Any]:
    """The page's JSON-LD by type."""
    scripts = head_of(client, address).xpath("//script[@type='application/ld+json']/text()")
    found = [json.loads(str(script)) for script in scripts]
    assert all(data["@context"] == "https://schema.org" for data in found)
    return {data["@type"]: data for data in found}
