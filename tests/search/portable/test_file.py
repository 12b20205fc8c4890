"""The portable archive as a file: what it holds, and what it does not."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from archive.figures import NewFiles, place_figures, read_image
from archive.models import Article, Issue
from archive.richtext import parse
from glossary.folding import fold
from tests.conftest import WeekMaker
from tests.writing import save

pytestmark = pytest.mark.django_db


def export(folder: Path, **options: Any) -> str:
    path = folder / "archive.html"
    call_command("export_archive", path, **options)
    return path.read_text(encoding="utf-8")


def data(page: str, name: str) -> Any:
    [found] = re.findall(rf'<script type="application/json" id="{name}">(.*?)</script>', page, re.DOTALL)
    return json.loads(found)


def test_it_holds_every_published_issue_newest_first_and_no_draft(
    make_issue: WeekMaker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_issue({"旧闻": "一\n二"}, end_date="2025-03-14", columnist="莫大康")
    make_issue({"新闻": "三"})
    make_issue({"机密": "草稿的字"}, end_date="2025-03-28", status=Issue.Status.DRAFT)
    page = export(tmp_path)
    issues = data(page, "issues")
    assert [issue[0] for issue in issues] == ["2025-03-21", "2025-03-14"]
    assert issues[1][3] == "莫大康"
    [article] = issues[1][6]
    assert article[1:] == [1, "旧闻", "", "", "一\n二", 0]
    assert "机密" not in page
    assert "草稿的字" not in page
    assert "2 期，文章 2 篇" in capsys.readouterr().out


def test_nothing_in_a_text_ends_its_element_or_runs(make_issue: WeekMaker, tmp_path: Path) -> None:
    evil = "</script><script>alert(1)</script><!-- <b> & \u2028"
    make_issue({evil: evil})
    page = export(tmp_path)
    assert data(page, "issues")[0][6][0][2] == evil
    assert page.count("<script") == 4
    assert page.count("</script>") == 4
    assert "<!--" not in page


def test_only_its_own_script_and_style_may_run_and_nothing_is_loaded(
    make_issue: WeekMaker, tmp_path: Path
) -> None:
    from base64 import b64encode
    from hashlib import sha256

    make_issue({"新闻": "三"})
    page = export(tmp_path)
    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    [script] = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    [style] = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    for content, directive in ((script, "script-src"), (style, "style-src")):
        digest = b64encode(sha256(content.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert not re.search(r'(?:src|href)="(?!#)', page)


def test_rich_text_stays_rich_and_links_lead_within_the_file(make_issue: WeekMaker, tmp_path: Path) -> None:
    issue = make_issue({"表": "一"})
    article = issue.articles.get()
    article.body = (
        '<p>见<a href="/articles/7/#p2">上一篇</a>、<a href="/issues/2025-03-14/">上期</a>、'
        '<a href="/search/?q=x">搜索</a>、<a href="/figures/3/">图</a>、<a href="https://example.org/">外面</a></p>'
    )
    save(article)
    [[*_, body, is_html]] = data(export(tmp_path), "issues")[0][6]
    assert is_html == 1
    assert re.findall(r'href="([^"]*)"', body) == ["#a7", "#i2025-03-14", "#", "#", "https://example.org/"]


def test_pictures_are_an_option(make_issue: WeekMaker, tmp_path: Path) -> None:
    issue = make_issue({"图": "一"})
    article = Article.objects.select_related("issue").get(issue=issue)
    stream = BytesIO()
    Image.new("RGB", (40, 30), "red").save(stream, "PNG")
    with NewFiles() as files:
        tree = parse('<p>看图</p><figure><img src="figure:0" alt="产能走势"></figure>')
        article.body = place_figures(article, tree, {"figure:0": read_image(stream.getvalue())}, files)
        save(article)
    number = article.figures.get().pk
    without = export(tmp_path)
    assert data(without, "pictures") == {}
    assert "［图：产能走势］" in without
    with_pictures = export(tmp_path, figures=True)
    assert data(with_pictures, "pictures")[str(number)].startswith("data:image/")
    assert f'data-picture=\\"{number}\\"' in with_pictures
    article.figures.get().image.delete(save=False)
    assert data(export(tmp_path, figures=True), "pictures") == {}


def test_characters_are_folded_as_on_the_site(make_issue: WeekMaker, tmp_path: Path) -> None:
    text = "台積電ＨＢＭ４\u200b，①㎚Ａ"
    make_issue({"折叠": text})
    before, after, unseen = data(export(tmp_path), "folds")
    table = dict(zip(before, after, strict=True))
    assert all(to == fold(one) for one, to in table.items())
    assert {"積", "電", "Ｈ", "４", "，"} <= table.keys()
    assert "\u200b" in unseen
    assert "①" not in table


@pytest.mark.parametrize(
    ("name", "says"), [("archive.txt", "请写一个 .html 文件"), ("nowhere/archive.html", "写不进去")]
)
def test_a_file_that_can_not_be_written_is_named(tmp_path: Path, name: str, says: str) -> None:
    with pytest.raises(CommandError, match=says):
        call_command("export_archive", tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_the_old_file_and_nothing_beside_it(make_issue: WeekMaker, tmp_path: Path) -> None:
    make_issue({"新闻": "三"})
    old = export(tmp_path)
    (tmp_path / "archive.html").chmod(0o400)
    folder = tmp_path / "file.html"
    folder.mkdir()
    with pytest.raises(CommandError, match="这是文件夹"):
        call_command("export_archive", folder)
    assert (tmp_path / "archive.html").read_text(encoding="utf-8") == old
    assert sorted(path.name for path in tmp_path.iterdir()) == ["archive.html", "file.html"]
