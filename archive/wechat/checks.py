"""What a person should know before a post is copied: limits of WeChat, and what it drops or shows otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from django.template.defaultfilters import filesizeformat

from archive.models import Article
from archive.wechat.posts import Post
from archive.wechat.rendering import Place

MAX_TITLE = 64
MAX_CHARACTERS = 20_000
MAX_MARKUP = 1_000_000
"""Of a post's HTML, by WeChat's documentation of drafts: 1 MB."""
MAX_PICTURE = 10 * 1024**2
MANY_PICTURES = 20 * 1024**2
"""Bytes of all pictures together from which on pasting takes long: each is uploaded by the editor's browser."""
Level = Literal["error", "warning", "note"]
KINDS: dict[str, tuple[Level, str]] = {
    "picture-missing": ("error", "这张图的文件找不到了，推文里没有它。请在文章里重新插入"),
    "article-empty": ("error", "没有正文，推文里只有标题"),
    "gap": ("error", "导入时没有读进来的东西，还没有补上"),
    "wide-table": ("note", "表格较宽，手机上要左右滑动才看得全"),
    "link-in-page": ("note", "跳到本页别处的链接，公众号里点不动，已改成普通文字"),
    "picture-wider": ("note", "图在这里缩小了，公众号会按原来的大小显示"),
}
"""The level of each kind of remark, and what is said of it."""


class Finding(NamedTuple):
    """One line of the check: how bad it is, what is said, and where."""

    level: Level
    said: str
    article: Article | None = None
    place: str = ""
    """`第 2 篇第 3 段`."""


def findings(post: Post) -> list[Finding]:
    """Everything to know about a post, the worst first."""
    found = [*_limits(post), *_remarks(post), *_changes(post)]
    order: Sequence[Level] = ("error", "warning", "note")
    return sorted(found, key=lambda finding: order.index(finding.level))


def _limits(post: Post) -> Iterator[Finding]:
    if len(post.title) > MAX_TITLE:
        yield Finding("error", f"标题 {len(post.title)} 字，公众号最多 {MAX_TITLE} 字。请在公众号里改短")
    if post.characters >= MAX_CHARACTERS:
        yield Finding(
            "error",
            f"正文 {post.characters} 字，公众号要少于 {MAX_CHARACTERS} 字。请在下面少选几篇，分成几次推送",
        )
    elif post.characters > MAX_CHARACTERS * 0.9:
        yield Finding("warning", f"正文 {post.characters} 字，快到公众号的上限 {MAX_CHARACTERS} 字了")
    if post.markup >= MAX_MARKUP:
        yield Finding("error", "正文连同格式超过 1 MB，公众号存不下。请在下面少选几篇，分成几次推送")
    large = [picture for picture in post.pictures if picture.size > MAX_PICTURE]
    if large:
        yield Finding("error", f"有 {len(large)} 张图超过 10 MB，公众号不收。请在文章里换成小一些的图")
    elif sum(picture.size for picture in post.pictures) > MANY_PICTURES:
        yield Finding("warning", "图片共超过 20 MB，粘贴会很慢，也可能传不全。请在下面少选几篇，分几次复制")


def _remarks(post: Post) -> Iterator[Finding]:
    for kind, place, about in post.remarks:
        level, said = KINDS[kind]
        yield Finding(
            level, f"{said}（{about}）" if about else said, post.articles[place.article - 1], _said(place)
        )


def _changes(post: Post) -> Iterator[Finding]:
    if post.links:
        yield Finding("note", f"公众号不让点外面的链接：{post.links} 个网址已编号列在文末，读者可以复制")
    if post.pictures:
        size = filesizeformat(sum(picture.size for picture in post.pictures))
        changed = sum(picture.was_webp for picture in post.pictures)
        if changed:
            yield Finding("note", f"{changed} 张图原来是 WebP，公众号不收，已换成 JPG 或 PNG")
        yield Finding(
            "note",
            f"{len(post.pictures)} 张图（共 {size}）随文复制。粘贴以后等每张都显示出来，再保存",
        )


def _said(place: Place) -> str:
    paragraph = f"第 {place.paragraph} 段" if place.paragraph else ""
    return f"第 {place.article} 篇{paragraph}"
