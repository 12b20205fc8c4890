"""The post of an issue: what is in it and in which order, its pictures, and what the check says of it."""

from __future__ import annotations

import base64
import dataclasses
import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from archive.body import clean
from archive.editing import attach_figure, save_article, save_issue
from archive.images import prepare_image
from archive.models import Article, Issue
from archive.wechat.checks import findings
from archive.wechat.models import PostStyle, check_colour
from archive.wechat.pictures import QR_WIDTH, qr_picture
from archive.wechat.posts import Post, make_post
from archive.wechat.rendering import Picture
from tests.archive.makers import image_bytes
from tests.archive.wechat import faults
from tests.conftest import WeekMaker

SITE = "https://archive.example/"


@pytest.fixture
def issue(make_issue: WeekMaker, settings: Any, tmp_path: Path) -> Issue:
    """A draft of three articles in two sections, the first with links."""
    settings.MEDIA_ROOT = tmp_path
    issue = make_issue(
        {"甲题": "甲文。", "乙题": "乙文。", "丙题": "丙文。"}, status=Issue.Status.DRAFT, columnist="某作者"
    )
    issue.introduction, issue.sign_off = "导语一。\n导语二。", "尾注。"
    articles = list(issue.articles.all())
    for article, section in zip(articles, ("政策", "产业", "产业"), strict=True):
        article.section = section
    articles[0].source, articles[0].source_url = "某社", "https://a.example/1"
    articles[1].body = clean('<p><a href="https://a.example/2">乙文</a>。</p>')
    articles[1].source = "某报"
    save_issue(issue, articles)
    return Issue.objects.get(pk=issue.pk)


def post_of(issue: Issue, *positions: int, **style: object) -> Post:
    articles = list(issue.articles.order_by("position"))
    chosen = [article for article in articles if not positions or article.position in positions]
    return make_post(issue, chosen, PostStyle(**style), SITE)


def lines(post: Post) -> list[str]:
    text = re.sub(r"</(?:p|h\d)>", "\n", post.html)
    return [line for line in re.sub(r"<[^>]*>", "", text).split("\n") if line]


def add_figure(article: Article, image_format: str = "PNG", width: int = 400) -> None:
    figure = attach_figure(article, prepare_image(image_bytes(width, 300, image_format)), "图")
    article.body = clean(f'{article.body}<figure><img src="{figure.get_absolute_url()}" alt="图"></figure>')
    save_article(article)


def picture_in(post: Post) -> Image.Image:
    [data] = re.findall(r'src="data:image/\w+;base64,([^"]+)"', post.html)
    return Image.open(io.BytesIO(base64.b64decode(data)))


def test_a_post_is_the_whole_issue_in_its_order(issue: Issue) -> None:
    post = post_of(issue, lead="点击蓝字关注。", closing="某联盟", qr_caption="长按识别")
    assert post.title == "测试周报（3月21日）"
    assert lines(post) == [
        "点击蓝字关注。",
        "2025年3月21日　某作者",
        "导语一。",
        "导语二。",
        "本期要目",
        "01\u2002甲题",
        "02\u2002乙题",
        "03\u2002丙题",
        "政策",
        "01\u2002甲题",
        "甲文。",
        "来源：某社[1]",
        "产业",
        "02\u2002乙题",
        "乙文[2]。",
        "来源：某报",
        "03\u2002丙题",
        "丙文。",
        "尾注。",
        "文中链接",
        "[1] 某社：https://a.example/1",
        "[2] 乙文：https://a.example/2",
        "某联盟",
        "长按识别",
    ]
    assert faults(post.html) == []
    assert post.links == 2
    assert post.characters == sum(len("".join(line.split())) for line in lines(post))


def test_chosen_articles_are_numbered_anew_in_the_order_of_the_issue(issue: Issue) -> None:
    said = lines(post_of(issue, 2, 3))
    assert said.index("01\u2002乙题") < said.index("02\u2002丙题")
    assert not any("甲" in line for line in said)
    assert "[1] 乙文：https://a.example/2" in said


def test_one_article_is_a_post_of_its_own(issue: Issue) -> None:
    post = post_of(issue, 3, closing="某联盟")
    assert post.title == "丙题"
    assert lines(post) == ["丙文。", "某联盟"]


def test_the_contents_can_be_left_out(issue: Issue) -> None:
    assert "本期要目" not in lines(post_of(issue, has_contents=False))


@pytest.mark.parametrize("heading", ["bar", "line", "centre", "plain"])
def test_the_style_colours_the_post(issue: Issue, heading: str) -> None:
    post = post_of(issue, colour="#1d5a9e", heading=heading)
    assert "#1d5a9e" in post.html
    assert "#ab2417" not in post.html
    assert faults(post.html) == []


@pytest.mark.parametrize(("given", "sent"), [("PNG", "PNG"), ("JPEG", "JPEG"), ("WEBP", "JPEG")])
def test_a_draft_brings_its_pictures_along_and_none_as_webp(issue: Issue, given: str, sent: str) -> None:
    add_figure(issue.articles.get(position=2), given)
    post = post_of(issue)
    picture = picture_in(post)
    assert (picture.format, picture.size) == (sent, (400, 300))
    assert faults(post.html) == []
    assert any("WebP" in finding.said for finding in findings(post)) == (given == "WEBP")


def test_a_transparent_webp_stays_transparent(issue: Issue) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (50, 50), (255, 0, 0, 0)).save(out, "WEBP")
    article = issue.articles.get(position=1)
    figure = attach_figure(article, prepare_image(out.getvalue()), "")
    article.body = f'<p><img src="{figure.get_absolute_url()}" alt=""></p>'
    save_article(article)
    picture = picture_in(post_of(issue, 1))
    assert (picture.format, picture.convert("RGBA").getextrema()[3]) == ("PNG", (0, 0))


def test_a_picture_whose_file_is_gone_is_an_error_with_its_place(issue: Issue) -> None:
    article = issue.articles.get(position=2)
    add_figure(article)
    Path(article.figures.get().image.path).unlink()
    post = post_of(issue)
    assert "<img" not in post.html
    [error] = [finding for finding in findings(post) if finding.level == "error"]
    assert (error.article, error.place) == (article, "第 2 篇第 2 段")
    assert "文件找不到了" in error.said


def test_a_picture_of_another_article_is_not_taken(issue: Issue) -> None:
    add_figure(issue.articles.get(position=1))
    other = issue.articles.get(position=3)
    other.body = issue.articles.get(position=1).body
    save_article(other)
    assert "<img" not in post_of(issue, 3).html


def test_the_markup_is_counted_without_pictures(issue: Issue) -> None:
    without = post_of(issue)
    add_figure(issue.articles.get(position=1), width=1600)
    with_one = post_of(issue)
    assert len(with_one.html) - with_one.markup > with_one.pictures[0].size
    assert without.markup < with_one.markup < without.markup + 500


@pytest.mark.parametrize(
    ("text", "level"), [("字" * 10_000, None), ("字" * 19_000, "warning"), ("字" * 20_000, "error")]
)
def test_a_post_that_is_too_long_is_told(issue: Issue, text: str, level: str | None) -> None:
    article = issue.articles.get(position=3)
    article.body = f"<p>{text}</p>"
    save_article(article)
    found = [finding.level for finding in findings(post_of(issue)) if finding.said.startswith("正文 ")]
    assert found == ([level] if level else [])


def test_a_long_title_and_an_empty_article_are_told(issue: Issue) -> None:
    article = issue.articles.get(position=3)
    article.title, article.body = "长" * 65, ""
    save_article(article)
    said = [finding.said for finding in findings(post_of(issue, 3))]
    assert said[0].startswith("标题 65 字，公众号最多 64 字")
    assert said[1].startswith("没有正文")


@pytest.mark.parametrize(
    ("sizes", "level", "said"),
    [
        ([11 * 1024**2], "error", "有 1 张图超过 10 MB"),
        ([7 * 1024**2] * 3, "warning", "图片共超过 20 MB"),
        ([9 * 1024**2] * 2, "note", "2 张图（共 18.0"),
    ],
)
def test_pictures_that_are_too_large_or_too_many_are_told(
    issue: Issue, sizes: list[int], level: str, said: str
) -> None:
    pictures = [Picture("data:image/png;base64,", size, 800) for size in sizes]
    first = findings(dataclasses.replace(post_of(issue), pictures=pictures, links=0))[0]
    assert (first.level, first.said.startswith(said)) == (level, True), first.said


def test_a_post_of_more_than_a_megabyte_of_markup_is_told(issue: Issue) -> None:
    post = dataclasses.replace(post_of(issue), html="<br>" * 250_000)
    assert findings(post)[0].said.startswith("正文连同格式超过 1 MB")


def test_errors_come_first(issue: Issue) -> None:
    article = issue.articles.get(position=3)
    article.body = ""
    save_article(article)
    levels = [finding.level for finding in findings(post_of(issue))]
    assert levels == sorted(levels, key=["error", "warning", "note"].index)
    assert {"error", "note"} <= {*levels}


def test_the_closing_card_has_the_qr_picture_no_wider_than_it_is_shown(issue: Issue) -> None:
    qr = qr_picture(prepare_image(image_bytes(1200, 1200, "JPEG")).data)
    picture = picture_in(post_of(issue, qr=qr))
    assert (picture.format, picture.size) == ("PNG", (QR_WIDTH, QR_WIDTH))


@pytest.mark.parametrize("colour", ["#ab2417", "#1d5a9e", "#000000", "#3f8f3f"])
def test_colours_that_can_be_read_are_taken(colour: str) -> None:
    check_colour(colour)


@pytest.mark.parametrize(
    "colour", ["#ffd700", "#ffffff", "red", "#abc", "#ab2417;position:fixed", "#ab2417\n"]
)
def test_other_colours_are_refused_in_words(colour: str) -> None:
    with pytest.raises(ValidationError, match=r"颜色"):
        check_colour(colour)


@pytest.mark.django_db
def test_there_is_one_style() -> None:
    assert PostStyle.objects.current().colour == "#ab2417"
    PostStyle(colour="#1d5a9e").save()
    PostStyle(colour="#3f8f3f").save()
    assert PostStyle.objects.get() == PostStyle.objects.current()
    assert PostStyle.objects.current().colour == "#3f8f3f"


@pytest.mark.parametrize("is_on", [True, False])
def test_punctuation_is_as_wide_as_on_members_pages(issue: Issue, settings: Any, is_on: bool) -> None:
    settings.FULL_WIDTH_PUNCTUATION = is_on
    article = issue.articles.get(position=1)
    article.title, article.body = "良率,产能", clean("<p>涨价,<strong>扩产</strong>:1,000片。</p>")
    save_article(article)
    post = post_of(issue, 1)
    assert post.title == ("良率，产能" if is_on else "良率,产能")
    assert ("涨价，" if is_on else "涨价,") in post.html
    assert ":1,000片" in post.html
