"""The archive's pages for members."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from archive.models import Article, Figure, Issue
from archive.previews import link_for
from archive.views import _same_day_in
from tests.conftest import WeekMaker
from tests.writing import save


def test_every_page_of_an_empty_archive_answers(client: Client, db: None) -> None:
    assert [client.get(address).status_code for address in ("/", "/issues/", "/search/")] == [200, 200, 200]


def test_an_article_leads_to_its_neighbours_in_order(client: Client, make_issue: WeekMaker) -> None:
    one, two, three = make_issue({"甲": "", "乙": "", "丙": ""}).articles.all()
    context = client.get(two.get_absolute_url()).context
    assert (context["previous"], context["next"]) == (one, three)
    assert client.get(one.get_absolute_url()).context["previous"] is None
    assert client.get(three.get_absolute_url()).context["next"] is None


def test_an_issue_leads_to_the_published_issues_around_it(client: Client, make_issue: WeekMaker) -> None:
    old = make_issue({"甲": ""}, end_date="2025-03-07")
    make_issue({"秘": ""}, end_date="2025-03-10", status=Issue.Status.DRAFT)
    middle = make_issue({"乙": ""}, end_date="2025-03-14")
    same_day = make_issue({"丙": ""}, end_date="2025-03-14", title="另一种")
    around = client.get(middle.get_absolute_url()).context["around"]
    assert (around.previous_issue, around.next_issue) == (old, same_day)


def test_the_paragraphs_of_an_article_have_addresses(client: Client, make_issue: WeekMaker) -> None:
    article = make_issue({"甲": "一\n二\n三"}).articles.get()
    page = client.get(article.get_absolute_url()).content.decode()
    assert [f'id="p{number}"' in page for number in (1, 2, 3, 4)] == [True, True, True, False]


def test_a_draft_is_on_no_page(client: Client, make_issue: WeekMaker) -> None:
    published = make_issue({"公开": "文"})
    draft = make_issue({"秘密": "文"}, end_date="2025-03-28", status=Issue.Status.DRAFT)
    secret = draft.articles.get()
    figure = Figure.objects.create(
        article=secret, image="figures/x.png", image_format="png", width=1, height=1, sha256="0" * 64
    )
    for address in ("/", "/issues/", published.get_absolute_url()):
        page = client.get(address).content.decode()
        assert ("秘密" in page, "2025-03-28" in page) == (False, False)
    for address in (draft.get_absolute_url(), secret.get_absolute_url(), figure.get_absolute_url()):
        assert client.get(address).status_code == 404
    assert Issue.objects.published().years() == [{"year": 2025, "issues": 1}]


def _lost(article: Article) -> Figure:
    """A figure of the article, shown in its text, whose file is nowhere."""
    figure = Figure.objects.create(
        article=article, image="figures/lost.png", image_format="png", width=1, height=1, sha256="0" * 64
    )
    article.body += f'<figure><img src="{figure.get_absolute_url()}" alt=""></figure>'
    save(article)
    return figure


def test_a_figure_whose_file_is_gone_is_our_404_and_the_log_names_it(
    client: Client, make_issue: WeekMaker, caplog: pytest.LogCaptureFixture
) -> None:
    figure = _lost(make_issue({"甲": "文"}).articles.get())
    response = client.get(figure.get_absolute_url())
    assert response.status_code == 404
    assert "404.html" in [template.name for template in response.templates]
    assert f"figure {figure.pk}: its file figures/lost.png is gone" in caplog.text


def test_a_preview_and_a_word_file_do_without_a_figure_that_is_gone(
    client: Client, make_issue: WeekMaker
) -> None:
    draft = make_issue({"秘密": "文"}, end_date="2025-03-28", status=Issue.Status.DRAFT)
    figure = _lost(draft.articles.get())
    assert client.get(f"{link_for(draft)}figures/{figure.pk}/").status_code == 404
    article = make_issue({"甲": "文"}).articles.get()
    _lost(article)
    asked = {"items": f'[{{"key": "{article.pk}"}}]', "format": "docx"}
    assert client.post("/basket/export/", asked).content.startswith(b"PK")


def test_the_figure_of_a_draft_is_for_staff_who_may_see_issues(
    client: Client, make_issue: WeekMaker, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    draft = make_issue({"秘密": "文"}, status=Issue.Status.DRAFT)
    figure = Figure(article=draft.articles.get(), image_format="png", width=1, height=1, sha256="0" * 64)
    figure.image.save("x.png", ContentFile(b"PNG"))
    figure.save()
    client.force_login(staff := User.objects.create_user("staff", is_staff=True))
    assert client.get(figure.get_absolute_url()).status_code == 404
    staff.user_permissions.add(Permission.objects.get(codename="view_issue"))
    assert b"".join(client.get(figure.get_absolute_url())) == b"PNG"  # type: ignore[arg-type]


def test_a_list_says_what_is_in_each_issue(client: Client, make_issue: WeekMaker) -> None:
    older = make_issue({"头条": "文", "次条": "文", "三条": "文", "四条": "文"}, columnist="某编辑部")
    Article.objects.filter(issue=older, position__lte=2).update(section="政策")
    Article.objects.filter(issue=older, position=3).update(section="产业")
    make_issue({"最新一期的头条": "文"}, end_date="2025-03-28")
    draft = make_issue({"草稿的头条": "文"}, end_date="2025-04-04", status=Issue.Status.DRAFT)
    for address in ("/issues/", "/issues/2025/", "/"):
        page = client.get(address).content.decode()
        line = page[page.index(f'<a href="{older.get_absolute_url()}"', page.index("told")) :].split("</li>")[
            0
        ]
        assert [line.count(said) for said in ("头条", "次条", "三条", "四条")] == [1, 1, 1, 0]
        assert "4 篇 · 某编辑部 · 政策、产业" in line
        assert "草稿的头条" not in page
        assert draft.get_absolute_url() not in page


@pytest.mark.parametrize("doubled", [False, True])
@pytest.mark.parametrize(("page", "limit"), [("home", 8), ("list", 3), ("issue", 5), ("article", 6)])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    client: Client,
    make_issue: WeekMaker,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    page: str,
    limit: int,
    doubled: bool,
) -> None:
    for day in range(1, 9 if doubled else 5):
        issue = make_issue(
            {f"第{n}篇": "文" for n in range(1, 21 if doubled else 11)}, end_date=f"2025-03-{day:02}"
        )
    addresses = {
        "home": "/",
        "list": "/issues/",
        "issue": issue.get_absolute_url(),
        "article": Article.objects.filter(issue=issue).latest("position").get_absolute_url(),
    }
    with django_assert_max_num_queries(limit):
        assert client.get(addresses[page]).status_code == 200


def test_an_unknown_address_gets_our_page(client: Client, db: None) -> None:
    response = client.get("/issues/1999-01-01/")
    assert response.status_code == 404
    assert "404.html" in [template.name for template in response.templates]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ((2027, 3, 20), ["2026-03-22", "2025-03-21"]),
        ((2027, 3, 27), ["2025-03-28"]),
        ((2028, 2, 29), ["2025-02-28"]),
        ((2025, 3, 21), []),
        ((2027, 8, 1), []),
    ],
)
def test_this_week_in_earlier_years(
    today: tuple[int, int, int], expected: list[str], make_issue: WeekMaker
) -> None:
    for day in ("2025-02-28", "2025-03-21", "2025-03-28", "2026-03-22"):
        make_issue({"甲": "", "乙": "", "丙": "", "丁": ""}, end_date=day)
    make_issue({"秘密": ""}, end_date="2026-03-19", status=Issue.Status.DRAFT)
    days = _same_day_in([2025, 2026], dt.date(*today))
    found = Issue.objects.published().around(days).with_first_articles(3)
    assert [issue.slug for issue in found] == expected
    assert all([a.title for a in issue.first_articles] == ["甲", "乙", "丙"] for issue in found)  # type: ignore[attr-defined]


def test_home_shows_the_week_of_a_year_ago(client: Client, make_issue: WeekMaker) -> None:
    a_year_ago = timezone.localdate() - dt.timedelta(days=365)
    make_issue({"去年旧闻": ""}, end_date=a_year_ago.isoformat())
    for weeks in range(8):
        make_issue(
            {f"新闻{weeks}": ""}, end_date=(timezone.localdate() - dt.timedelta(weeks=weeks)).isoformat()
        )
    page = client.get("/").content.decode()
    assert "往年今日" in page
    assert "去年旧闻" in page


def test_the_way_to_another_issue_of_the_same_week_says_its_title(
    client: Client, make_issue: WeekMaker
) -> None:
    make_issue({"甲": "文"}, title="设备周报")
    article = make_issue({"乙": "文"}, title="材料周报").articles.get()
    page = client.get(article.get_absolute_url()).content.decode()
    way = page.split('aria-label="前后两期"')[1].split("</nav>")[0]
    assert "设备周报" in way
    assert "材料周报" not in way


def test_an_address_that_leads_nowhere_has_the_bar_and_asks_no_view_for_its_name(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG", "django.template"):
        page = client.get("/nowhere/")
    assert page.status_code == 404
    assert ">往期</a>" in page.content.decode()
    assert [record.message for record in caplog.records if "'view_name'" in record.message] == []
