"""Holds a feed against RFC 4287: its grammar, and what its text asks for beyond that.

There is no feed validator on PyPI that is kept up; the W3C's is a web service. This is its list of errors, as far as
feeds like ours can make them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import feedparser
from django.http import HttpResponseBase
from lxml import etree, html

GRAMMAR = etree.RelaxNG(etree.parse(Path(__file__).with_suffix(".rng")))
NAMES = {"a": "http://www.w3.org/2005/Atom"}
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def read_feed(response: Any) -> feedparser.FeedParserDict:
    """Returns the feed as a feed reader sees it, or fails with what is wrong with it."""
    assert isinstance(response, HttpResponseBase)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    content = response.content  # type: ignore[attr-defined]
    root = etree.fromstring(content)
    assert GRAMMAR.validate(root), GRAMMAR.error_log
    assert complaints(root) == []
    feed = feedparser.parse(content)
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


def complaints(root: etree._Element) -> list[str]:
    """Checks the rules of RFC 4287 that its grammar does not express."""
    found = []
    ids = [element.text for element in root.iterfind(".//a:id", NAMES)]
    found += [f"{name} twice" for name in {name for name in ids if ids.count(name) > 1}]
    found += [f"{name}: no tag" for name in ids if not re.fullmatch(r"tag:[\w.-]+,\d{4}:/\S*", name or "")]
    for element in root.iterfind(".//a:link", NAMES):
        if not urlsplit(element.get("href")).netloc:
            found.append(f"{element.get('href')}: not a full address")
    for name in ("updated", "published"):
        for element in root.iterfind(f".//a:{name}", NAMES):
            if not RFC_3339.fullmatch(element.text or ""):
                found.append(f"{element.text}: no date of RFC 3339")
    if [link.get("rel") for link in root.findall("a:link", NAMES)].count("self") != 1:
        found.append("the feed names itself once")
    for entry in root.iterfind("a:entry", NAMES):
        if entry.find("a:author", NAMES) is None and root.find("a:author", NAMES) is None:
            found.append("an entry without an author")
        if [link.get("rel") for link in entry.findall("a:link", NAMES)].count("alternate") != 1:
            found.append("an entry has one page")
        content = entry.find("a:content", NAMES)
        found += _complaints_about(content.text if content is not None and content.text else "")
    return found


def _complaints_about(content: str) -> list[str]:
    tree = html.fragment_fromstring(content, create_parent="div")
    addresses = [*tree.xpath("//@href"), *tree.xpath("//@src")]
    found = [f"{address}: not a full address" for address in addresses if not urlsplit(address).scheme]
    return found + [f"<{tag.tag}> in a feed" for tag in tree.xpath("//script|//style|//iframe|//object")]
