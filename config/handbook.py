"""Shows the editors' handbook, docs/editors-handbook.md, as a page of the admin with its pictures."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.contrib import admin
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token
from PIL import Image

DOCS: Path = settings.BASE_DIR / "docs"
_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")
_PARSER.add_render_rule("softbreak", lambda *_: "")  # Chinese has no space between two lines
_TABLE = '<div class="table" tabindex="0" role="group" aria-label="表格，可以左右滚动">{}</div>'


class Chapter(NamedTuple):
    """A heading of the second level, which the list of contents leads to."""

    anchor: str
    title: str


class Handbook(NamedTuple):
    """The handbook as HTML."""

    title: str
    html: SafeString
    chapters: list[Chapter]
    pictures: frozenset[str]
    """Names of the files in docs/images that it shows."""


@cache
def handbook() -> Handbook:
    """Reads the handbook, once for each process: it changes with the code."""
    tokens = _PARSER.parse((DOCS / "editors-handbook.md").read_text(encoding="utf-8"))
    title = tokens[1].content
    tokens = tokens[3:]  # the title is the page's own
    chapters: list[Chapter] = []
    for heading, inline in pairwise(tokens):
        if heading.type == "heading_open" and heading.tag == "h2":
            chapters.append(Chapter(f"chapter-{len(chapters) + 1}", inline.content))
            heading.attrSet("id", chapters[-1].anchor)
    images = [child for token in tokens for child in token.children or () if child.type == "image"]
    pictures = frozenset(_show(image) for image in images)
    html = str(_PARSER.renderer.render(tokens, _PARSER.options, {}))
    opening, closing = _TABLE.split("{}")
    html = html.replace("<table>", f"{opening}<table>").replace("</table>", f"</table>{closing}")
    return Handbook(title, mark_safe(html), chapters, pictures)  # noqa: S308 - a file of ours, read without HTML


def _show(image: Token) -> str:
    """Gives a picture the address that it has in the admin, and its size; returns its file's name."""
    name = Path(str(image.attrGet("src"))).name
    with Image.open(DOCS / "images" / name) as picture:
        width, height = picture.size
    size = {"width": width, "height": height}
    image.attrs |= {"src": reverse("handbook-picture", args=[name]), "loading": "lazy", **size}
    return name


def show(request: HttpRequest) -> HttpResponse:
    """Shows the whole handbook, to everyone who may log in to the admin."""
    context = {**admin.site.each_context(request), "title": handbook().title, "handbook": handbook()}
    return render(request, "admin/handbook.html", {**context, "is_nav_sidebar_enabled": False})


def picture(request: HttpRequest, name: str) -> FileResponse:
    """Answers with a picture that the handbook shows."""
    if name not in handbook().pictures:
        raise Http404(f"the handbook shows no picture {name!r}")
    response = FileResponse((DOCS / "images" / name).open("rb"))
    response["Cache-Control"] = "private, max-age=86400"
    return response
