"""The head of a page: canonical addresses, Open Graph, icons."""

from __future__ import annotations

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image

from archive.models import Issue
from tests.crawlers.heads import HOST, head_of, properties_of
from tests.writing import save


def test_a_page_has_one_address(client: Client, issue: Issue) -> None:
    article = issue.articles.get(position=1).get_absolute_url()
    for asked, path in {
        "/": "/",
        f"{article}?q=封装": article,
        "/issues/?x=1": "/issues/",
        "/search/": "/search/",
    }.items():
        assert head_of(client, asked).xpath("//link[@rel='canonical']/@href") == [f"{HOST}{path}"]
        assert head_of(client, asked).xpath("//meta[@name='robots']") == []
    assert head_of(client, "/issues/1999-01-01/").xpath("//link[@rel='canonical']") == []


def test_results_of_a_search_are_no_page_to_be_found(client: Client, issue: Issue) -> None:
    for asked in ("/search/?q=封装", "/search/?q=绝无此词&page=2", "/trends/?q=封装"):
        head = head_of(client, asked)
        assert head.xpath("//meta[@name='robots']/@content") == ["noindex"]
        assert head.xpath("//link[@rel='canonical']") == []


def test_an_article_can_be_shared(client: Client, issue: Issue) -> None:
    article = issue.articles.get(position=1)
    article.body += '<figure><img src="/figures/3/" alt="图" width="640" height="480"></figure>'
    save(article)
    url = f"{HOST}{article.get_absolute_url()}"
    assert properties_of(client, f"{article.get_absolute_url()}?q=第一段") == {
        "og:type": "article",
        "og:site_name": "芯闻库",
        "og:locale": "zh_CN",
        "og:title": "先进封装",
        "og:description": "第一段。",
        "og:url": url,
        "og:image": f"{HOST}/figures/3/",
        "og:image:width": "640",
        "og:image:height": "480",
        "article:published_time": "2025-03-21T00:00:00+08:00",
        "article:modified_time": article.changed_at.isoformat(),
    }
    assert properties_of(client, issue.get_absolute_url())["og:title"] == "测试周报（2025年3月21日）"
    assert properties_of(client, "/")["og:url"] == f"{HOST}/"


def test_a_page_without_a_figure_is_shared_with_a_picture_that_the_server_draws(
    client: Client, issue: Issue
) -> None:
    article = issue.articles.get(position=1)
    for page in (issue.get_absolute_url(), article.get_absolute_url(), "/trends/?q=台积电"):
        said = properties_of(client, page)
        assert said["og:image"].startswith(f"{HOST}{page.partition('?')[0]}picture.png?")
        assert (said["og:image:width"], said["og:image:height"]) == ("1200", "630")
        drawn = client.get(said["og:image"].removeprefix(HOST))
        assert (drawn.status_code, drawn["Content-Type"]) == (200, "image/png")
        assert drawn["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_other_pages_are_shared_with_the_sites_own_picture(client: Client, issue: Issue) -> None:
    for page in ("/", "/issues/", "/topics/"):
        said = properties_of(client, page)
        assert said["og:image"].startswith(f"{HOST}/static/icons/card")
        assert said["og:image"].endswith(".png")
        assert (said["og:image:width"], said["og:image:height"]) == ("1200", "630")


def test_wechat_and_qq_find_what_they_read(client: Client, issue: Issue) -> None:
    page = issue.articles.get(position=1).get_absolute_url()
    tags = head_of(client, page).xpath("//meta[@itemprop]")
    said = {str(tag.get("itemprop")): str(tag.get("content")) for tag in tags}
    properties = properties_of(client, page)
    assert said == {
        "name": properties["og:title"],
        "description": properties["og:description"],
        "image": properties["og:image"],
    }


@pytest.mark.parametrize(
    ("body", "description"),
    [
        (
            "<p>免责声明：本文不构成投资建议。</p><p>台积电宣布在嘉义扩产先进封装。</p>",
            "台积电宣布在嘉义扩产先进封装。",
        ),
        (
            "<h2>小标题写在前面的那一行</h2><p>来源：某某通讯社的一篇报道</p><p>正文第一句说了一件事。</p>",
            "正文第一句说了一件事。",
        ),
        ("<p>转载请注明出处。产能增加了百分之四十。后一句。</p>", "产能增加了百分之四十。后一句。"),
        ("<p>欢迎关注我们。</p>", "欢迎关注我们。"),
        ("<p>短句。</p>", "短句。"),
        ("", "测试周报（2025年3月21日）"),
    ],
)
def test_an_article_is_described_by_what_it_tells(
    client: Client, issue: Issue, body: str, description: str
) -> None:
    article = issue.articles.get(position=1)
    article.body = body
    save(article)
    assert properties_of(client, article.get_absolute_url())["og:description"] == description


@pytest.mark.parametrize("address", ["/favicon.ico", "/apple-touch-icon.png"])
def test_icons_that_are_asked_for_by_name_lead_to_a_file(client: Client, db: None, address: str) -> None:
    found = finders.find(client.get(address)["Location"].removeprefix("/static/"))
    assert isinstance(found, str)
    with Image.open(found) as image:
        assert image.width == image.height


def test_the_manifest_names_icons_that_are_there_in_the_size_that_it_says(client: Client, db: None) -> None:
    assert head_of(client, "/").xpath("//link[@rel='manifest']/@href") == ["/manifest.webmanifest"]
    manifest = client.get("/manifest.webmanifest").json()
    assert manifest["name"].startswith("芯闻库")
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        found = finders.find(icon["src"].removeprefix("/static/"))
        assert isinstance(found, str)
        with Image.open(found) as image:
            assert icon["sizes"] == f"{image.width}x{image.height}"
