"""Makes the post of an issue, or of some of its articles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings

from archive.models import Article, Issue
from archive.punctuation import full_width, page_in_full_width
from archive.richtext import Node, parse, to_html
from archive.templatetags.archive_tags import dates_text
from archive.wechat.look import INK, SOFT
from archive.wechat.models import PostStyle
from archive.wechat.pictures import data_address, pictures_of
from archive.wechat.rendering import Picture, Place, Remark, Renderer

_BEGINNING = len("data:image/png;base64,")


@dataclass(frozen=True, slots=True)
class Post:
    """A post as it is copied, and what a person should know before."""

    title: str
    html: str
    articles: Sequence[Article]
    characters: int
    """What a reader sees of it, without white space."""
    pictures: Sequence[Picture]
    remarks: Sequence[Remark]
    links: int
    """How many addresses stand as notes at the end."""

    @property
    def markup(self) -> int:
        """Characters of the HTML without the pictures, which WeChat replaces by addresses of its own."""
        return len(self.html) - sum(len(picture.address) - _BEGINNING for picture in self.pictures)


def make_post(issue: Issue, articles: Sequence[Article], style: PostStyle, site: str) -> Post:
    """The post of these articles of the issue, in this order; `site` is its address (`https://example.org/`).

    One article alone is a post of its own, under its title; several are the issue, numbered from 1, with its
    introduction and sign-off.
    """
    renderer = Renderer(style.look, pictures_of(articles))
    is_one = len(articles) == 1
    parts = [
        *renderer.paragraphs(style.lead, "lead"),
        *(_head(renderer, issue, articles, style) if not is_one else ()),
        *_articles(renderer, articles, site),
        *(_sign_off(renderer, issue) if not is_one else ()),
        *renderer.footnotes(),
        *_closing(renderer, style),
    ]
    tree = renderer.element("section", "post", *parts)
    title = articles[0].title if is_one else f"{issue.title}（{dates_text(issue, 'short')}）"
    html = to_html(tree)
    if settings.FULL_WIDTH_PUNCTUATION:  # as on members' pages
        title, html = full_width(title), page_in_full_width(html)
    return Post(
        title=title,
        html=html,
        articles=articles,
        characters=sum(len("".join(text.split())) for text in _texts(tree)),
        pictures=renderer.shown_pictures,
        remarks=renderer.remarks,
        links=len(renderer.notes),
    )


def page_of(post: Post, about: str) -> str:
    """The post on a page of its own, as a telephone shows it: below its title and a line `about` who sends it.

    Styles stand in the elements here, as in the post: the page has a policy that allows no other.
    """
    unselected = (
        "user-select:none;-webkit-user-select:none"  # who selects the whole page copies the post alone
    )
    title = f"margin:0 0 12px;font-size:22px;line-height:1.4;font-weight:500;color:#1a1a1a;{unselected}"
    line = f"margin:0 0 24px;font-size:15px;line-height:1.4;color:{SOFT};{unselected}"
    fonts = "-apple-system,'PingFang SC','Noto Sans SC','Noto Sans CJK SC','Microsoft YaHei',sans-serif"
    body = (
        f"margin:0 auto;padding:20px 16px 48px;max-width:677px;background:#fff;color:{INK};"
        f"font-family:{fonts};overflow-wrap:break-word;color-scheme:light"
    )
    before = to_html(Node("h1", {"style": title}, [post.title]), Node("p", {"style": line}, [about]))
    name = to_html(Node("title", {}, [post.title]))
    return (
        f'<!DOCTYPE html><html lang="zh-Hans"><head><meta charset="utf-8">{name}</head>'
        f'<body style="{body}">{before}<article>{post.html}</article></body></html>'
    )


def _head(renderer: Renderer, issue: Issue, articles: Sequence[Article], style: PostStyle) -> Iterator[Node]:
    dates = dates_text(issue)
    yield renderer.element("p", "dates", f"{dates}　{issue.columnist}" if issue.columnist else dates)
    yield from renderer.paragraphs(issue.introduction, "text")
    if style.has_contents:
        items = [
            renderer.element("p", "contents-item", _number(renderer, number), f"\u2002{article.title}")
            for number, article in enumerate(articles, start=1)
        ]
        yield renderer.element(
            "section", "contents", renderer.element("p", "contents-head", "本期要目"), *items
        )


def _number(renderer: Renderer, number: int) -> Node:
    return renderer.element("span", "number", f"{number:02}")


def _articles(renderer: Renderer, articles: Sequence[Article], site: str) -> Iterator[Node]:
    section = ""
    is_one = len(articles) == 1
    for number, article in enumerate(articles, start=1):
        renderer.place, renderer.base = Place(number), site + article.get_absolute_url().lstrip("/")
        if not is_one:
            if article.section and article.section != section:
                name = renderer.element("span", "section-name", article.section)
                yield renderer.element("p", "section", name)
            section = article.section
            style = renderer.look.title_number()
            numbered: list[Node | str] = [
                Node("span", {"style": style}, [f"{number:02}"]),
                renderer.look.after_number + article.title,
            ]
            yield Node("h3", {"style": renderer.look.title()}, numbered)
        body = renderer.body(parse(article.body, is_stored=True))
        if not body:
            renderer.remarks.append(Remark("article-empty", renderer.place))
        yield from body
        yield from _source(renderer, article)


def _source(renderer: Renderer, article: Article) -> Iterator[Node]:
    if article.source_url:
        said = f"来源：{article.source}" if article.source else "查看原文"
        yield renderer.element(
            "p", "source", *renderer.link(article.source_url, article.source or article.title, [said])
        )
    elif article.source:
        yield renderer.element("p", "source", f"来源：{article.source}")


def _sign_off(renderer: Renderer, issue: Issue) -> Iterator[Node]:
    if paragraphs := renderer.paragraphs(issue.sign_off, "small"):
        yield renderer.element("section", "sign-off", *paragraphs)


def _closing(renderer: Renderer, style: PostStyle) -> Iterator[Node]:
    card = renderer.paragraphs(style.closing, "closing-text")
    if style.qr:
        picture = Node(
            "img",
            {"src": data_address(style.qr), "alt": "二维码", "style": renderer.look.style("picture")},
        )
        card.append(Node("p", {"style": "margin:8px 0 0;text-align:center"}, [picture]))
    card += renderer.paragraphs(style.qr_caption, "caption")
    if card:
        yield renderer.element("section", "closing", *card)


def _texts(tree: Node) -> Iterator[str]:
    for node in (tree, *tree.find()):
        yield from (child for child in node.children if isinstance(child, str))
