"""What the portable archive holds of an issue: rows of plain data, made of what members see."""

from __future__ import annotations

import mimetypes
from base64 import b64encode
from collections.abc import Iterator, Sequence
from html import escape

from django.conf import settings
from django.db import transaction

from archive.body import Block, blocks_in, figure_number
from archive.models import Article, Figure, Issue
from archive.punctuation import full_width, page_in_full_width
from archive.richtext import parse
from archive.timeline import days_text
from search.portable.issue import PortableIssue, Row


def published_issues(*, with_pictures: bool) -> Iterator[PortableIssue]:
    """Yields the published issues, newest first. Each is read under its lock: no save divides it."""
    issues = Issue.objects.published()
    for pk in list(issues.values_list("pk", flat=True)):
        with transaction.atomic():
            issue = issues.select_for_update().filter(pk=pk).first()
            articles = list(issue.articles.order_by("position")) if issue else []
        if issue:  # not withdrawn since the list was made
            yield _made(issue, articles, with_pictures=with_pictures)


def _made(issue: Issue, articles: Sequence[Article], *, with_pictures: bool) -> PortableIssue:
    return PortableIssue(
        issue.slug,
        shown(issue.title),
        days_text(issue.start_date, issue.end_date),
        shown(issue.columnist),
        shown(issue.introduction),
        shown(issue.sign_off),
        tuple(_row(article, with_pictures=with_pictures) for article in articles),
        dict(_pictures(articles)) if with_pictures else {},
    )


def _row(article: Article, *, with_pictures: bool) -> Row:
    title, section, source = (shown(text) for text in (article.title, article.section, article.source))
    of_article = [article.pk, article.position, title, section, source]
    if all(map(_is_plain, article.blocks)):
        return [*of_article, shown("\n".join(block.text for block in article.blocks)), 0]
    return [*of_article, _html(article.body, with_pictures=with_pictures), 1]


def _is_plain(block: Block) -> bool:
    return block.tag == "p" and block.html == f"<p>{escape(block.text, quote=False)}</p>"


def _html(body: str, *, with_pictures: bool) -> str:
    """A body whose links lead within the file, and whose pictures are named by number, or in words."""
    tree = parse(body, is_stored=True)
    for link in tree.find("a"):
        if "href" in link.attrs:
            link.attrs["href"] = _within(link.attrs["href"])
    for image in tree.find("img"):
        words = image.attrs.get("alt", "")
        if with_pictures:
            image.attrs = {"alt": words, "data-picture": str(figure_number(image))}
        else:
            image.tag, image.attrs = "em", {}
            image.children = [f"［图：{words}］" if words else "［图］"]
    html = "\n".join(str(block.html) for block in blocks_in(tree))
    return page_in_full_width(html) if settings.FULL_WIDTH_PUNCTUATION else html


def _within(address: str) -> str:
    """`/articles/12/#p3` is `#a12` in the file; other pages of the site are not in it."""
    parts = address.split("/")
    if address.startswith("/articles/") and parts[2].isdecimal():
        return f"#a{parts[2]}"
    if address.startswith("/issues/") and parts[2]:
        return f"#i{parts[2]}"
    return "#" if address.startswith("/") else address


def _pictures(articles: Sequence[Article]) -> Iterator[tuple[int, str]]:
    numbers = {
        number
        for article in articles
        for image in parse(article.body, is_stored=True).find("img")
        if (number := figure_number(image))
    }
    for figure in Figure.objects.filter(pk__in=numbers).order_by("pk"):
        try:
            with figure.image.open("rb") as file:
                data = file.read()
        except OSError:
            continue  # its file is gone: the reader shows its words instead
        kind = mimetypes.types_map.get(f".{figure.image_format}", "image/png")
        yield figure.pk, f"data:{kind};base64,{b64encode(data).decode('ascii')}"


def shown(text: str) -> str:
    """A text as pages of the site show it."""
    return full_width(text) if settings.FULL_WIDTH_PUNCTUATION else text
