"""Sections (分栏): the headings that the articles of a week stand under, from the file to the reader."""

from __future__ import annotations

import json
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from archive import restoring, versions
from archive.importing import import_week
from archive.models import Article, Issue
from archive.reading.jsonweeks import from_json
from desk.opening import Opened
from desk.state import Card, State
from desk.storing import is_untouched, open_desk, store
from search.indexing import sync
from tests import atom
from tests.archive.forms import ISSUE, fields, inline
from tests.archive.makers import JSON, TITLES
from tests.writing import update

SECTIONS = ("政策", "产业", "产业")


@pytest.fixture
def issue(db: None) -> Issue:
    """A published week of three articles under two sections."""
    return import_week(from_json(week_of(*SECTIONS)), publish=True).issue


def week_of(*sections: str) -> dict[str, object]:
    articles = JSON["articles"]
    assert isinstance(articles, list)
    return {
        **JSON,
        "articles": [
            {**article, "section": section} for article, section in zip(articles, sections, strict=True)
        ],
    }


def sections() -> list[str]:
    return list(Article.objects.order_by("position").values_list("section", flat=True))


def test_a_json_week_brings_its_sections_and_takes_them_out_again(tmp_path: Path, db: None) -> None:
    path = tmp_path / "week.json"
    path.write_text(json.dumps(week_of("  政策 动态 ", "", "产业"), ensure_ascii=False), encoding="utf-8")
    call_command("import_issues", path, verbosity=0)
    assert sections() == ["政策 动态", "", "产业"]
    out = StringIO()
    call_command("export_issues", stdout=out)
    written = [article.get("section") for article in json.loads(out.getvalue())["articles"]]
    assert written == ["政策 动态", None, "产业"]


@pytest.mark.parametrize(
    ("section", "message"), [("长" * 51, "第 1 篇的分栏有 51 个字，最多 50 个"), (3, "section 应是文字")]
)
def test_a_section_that_is_none_is_refused_by_name(
    tmp_path: Path, db: None, section: object, message: str
) -> None:
    path = tmp_path / "week.json"
    path.write_text(json.dumps(week_of(section, "", "")), encoding="utf-8")  # type: ignore[arg-type]
    with pytest.raises(CommandError, match=message):
        call_command("import_issues", path, verbosity=0)
    assert not Issue.objects.exists()


def test_the_page_of_an_issue_has_its_articles_under_their_sections(client: Client, issue: Issue) -> None:
    page = client.get(issue.get_absolute_url()).content.decode()
    shown = re.findall(rf'<h3 class="section">(.*?)</h3>|>({"|".join(TITLES)})</a>', page)
    assert ["".join(found) for found in shown] == ["政策", TITLES[0], "产业", TITLES[1], TITLES[2]]
    assert 'value="3"' in page
    assert page.count('data-key="j"') == 1
    article = client.get(issue.articles.get(position=2).get_absolute_url()).content.decode()
    assert "<span>产业</span>" in article
    assert re.search(r'"articleSection": ?"产业"', article)
    assert re.search(r'<meta property="article:section"\s+content="产业">', article)


def test_an_issue_without_sections_is_shown_as_ever(client: Client, issue: Issue) -> None:
    update(issue.articles.all(), section="")
    page = client.get(issue.get_absolute_url()).content.decode()
    assert '<h3 class="section">' not in page
    assert page.count('<ol class="contents full">') == 1


def test_feeds_have_sections_as_categories(client: Client, issue: Issue) -> None:
    def categories(address: str) -> list[list[str]]:
        feed = atom.read_feed(client.get(address))
        return [[tag.term for tag in entry.get("tags", [])] for entry in feed.entries]

    assert categories("/feeds/issues.atom") == [["政策", "产业"]]
    sync.rebuild()
    assert categories("/search/feed.atom?q=光刻胶") == [["产业"]]


def test_the_api_says_the_section_of_each_article(client: Client, issue: Issue) -> None:
    sync.rebuild()
    contents = client.get("/api/v1/issues/2025-04-11").json()["articles"]
    assert [article["section"] for article in contents] == [*SECTIONS]
    article = client.get(f"/api/v1/articles/{contents[0]['id']}").json()
    assert (article["section"], article["text"].splitlines()[-1]) == ("政策", "政策")
    [found] = client.get("/api/v1/search", {"q": "光刻胶"}).json()["results"]
    assert found["section"] == "产业"


def test_editors_change_sections_in_both_forms_and_versions_bring_them_back(
    admin_client: Client, issue: Issue
) -> None:
    first, second, third = issue.articles.order_by("position")
    before = versions.revisions_of(issue.pk)[0]
    address = f"/admin/archive/article/{first.pk}/change/"
    assert 'name="section" value="政策"' in admin_client.get(address).content.decode()
    text = {"title": first.title, "body": first.body, "section": "要闻"}
    assert admin_client.post(address, text).status_code == 302
    lines = [(one.pk, one.position, one.title) for one in (first, second, third)]
    data = fields(title=issue.title, start_date="2025-04-07", end_date="2025-04-11") | inline(issue, *lines)
    data |= {f"articles-{number}-section": name for number, name in enumerate(("要闻", "", "国际"))}
    assert admin_client.post(f"{ISSUE}{issue.pk}/change/", data).status_code == 302
    assert sections() == ["要闻", "", "国际"]
    changed = admin_client.get(f"{ISSUE}{issue.pk}/history/compare/", {"one": before.pk}).content.decode()
    assert changed.count("分栏") == 3
    restoring.restore(before, issue.pk)
    assert sections() == [*SECTIONS]


def test_the_desk_keeps_a_section_until_it_is_stored(admin_user: object) -> None:
    card = Card(1, TITLES[0], section="政策")
    dates = {"start_date": "2025-04-07", "end_date": "2025-04-11"}
    state = State(title="芯片一周记", cards=(card,), next_key=2, **from_dates(dates))  # type: ignore[arg-type]
    desk = open_desk(admin_user.pk, "粘贴", Opened(state, (), (), {}))  # type: ignore[attr-defined]
    stored = store(desk)
    assert sections() == ["政策"]
    assert is_untouched(desk)
    update(stored.articles.all(), section="产业")
    assert not is_untouched(desk)


def from_dates(dates: dict[str, str]) -> dict[str, object]:
    week = from_json({**JSON, **dates})
    return {"start_date": week.start_date, "end_date": week.end_date}
