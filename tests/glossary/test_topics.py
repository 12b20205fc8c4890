"""Topics: what is counted, what rises, what goes together, and the pages that show it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from archive.models import Article, Issue
from config.page_cache import PAGES
from glossary import topics
from glossary.models import Mention, Revision, Term
from tests.conftest import WeekMaker
from tests.glossary.conftest import ArticleMaker, TermMaker
from tests.writing import create, save

pytestmark = pytest.mark.django_db
NEWEST = dt.date(2025, 3, 21)


@pytest.fixture
def make_weeks(db: None) -> WeekMaker:
    """Makes a published issue of these articles a week, the last of them newest, without the index."""

    def make(*weeks: list[str], status: str = Issue.Status.PUBLISHED, title: str = "周报") -> Issue:
        for back, titles in enumerate(reversed(weeks)):
            day = NEWEST - dt.timedelta(weeks=back)
            issue = create(Issue, title=title, start_date=day, end_date=day, status=status)
            for position, text in enumerate(titles, start=1):
                create(Article, issue=issue, position=position, title=text, body=f"<p>{text}。</p>")
        return issue

    return make


def names(page: Client, address: str) -> list[str]:
    context = page.get(address).context
    return [topic.name for _, group in context["groups"] for topic in group]


# --- Drafts ----------------------------------------------------------------------------------------------


def test_a_draft_makes_no_topic_and_counts_nowhere(
    client: Client, make_term: TermMaker, make_article: ArticleMaker
) -> None:
    make_term("台积电")
    secret = make_term("铠侠")
    make_article("台积电扩产")
    make_article("台积电与铠侠", draft=True)
    assert [(topic.name, topic.articles) for topic in topics.topics().values()] == [("台积电", 1)]
    assert "铠侠" not in client.get("/topics/").content.decode()
    assert client.get("/topics/?q=铠侠").context["found"] == 0
    assert client.get(f"/topics/{secret.slug}/").status_code == 404
    page = client.get("/topics/taijidian/")
    assert page.context["total"] == 1
    assert "铠侠" not in page.content.decode()


def test_what_is_withdrawn_is_gone_and_what_is_published_is_there_at_the_next_request(
    client: Client, make_term: TermMaker, make_article: ArticleMaker
) -> None:
    make_term("台积电")
    issue = make_article("台积电扩产").issue
    assert client.get("/topics/taijidian/").status_code == 200
    for status, answer in ((Issue.Status.DRAFT, 404), (Issue.Status.PUBLISHED, 200)):
        issue.status = status
        save(issue)
        assert client.get("/topics/taijidian/").status_code == answer
        assert bool(names(client, "/topics/")) == (answer == 200)


# --- The list ----------------------------------------------------------------------------------------------


@pytest.fixture
def some_topics(make_term: TermMaker, make_article: ArticleMaker) -> None:
    make_term("台积电", "TSMC")
    make_term("三星")
    make_term("HBM", kind=Term.Kind.TECHNOLOGY)
    make_term("3nm", kind=Term.Kind.PROCESS)
    make_article("台积电谈HBM")
    make_article("三星谈HBM")
    make_article("HBM与3nm")


@pytest.mark.usefixtures("some_topics")
@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ("", ["HBM", "3nm", "三星", "台积电"]),
        ("?sort=name", ["3nm", "HBM", "三星", "台积电"]),
        ("?sort=name&letter=S", ["三星"]),
        ("?sort=name&letter=%23", ["3nm"]),
        ("?kind=company", ["三星", "台积电"]),
        ("?q=tsmc", ["台积电"]),
        ("?q=台積", ["台积电"]),
        ("?q=台积电&kind=technology", []),
        ("?kind=planet&sort=x&page=x&letter=abc", ["HBM", "3nm", "三星", "台积电"]),
        ("?page=99", ["HBM", "3nm", "三星", "台积电"]),
    ],
)
def test_the_list_is_ordered_and_filtered_by_plain_addresses(
    client: Client, parameters: str, expected: list[str]
) -> None:
    assert names(client, f"/topics/{parameters}") == expected


def test_the_list_says_so_when_the_archive_knows_no_topic(client: Client) -> None:
    assert "还没有话题。" in client.get("/topics/").content.decode()


def test_a_page_of_the_list_is_bounded(
    client: Client, make_term: TermMaker, make_article: ArticleMaker
) -> None:
    for number in range(130):
        make_term(f"词{number:03}")
    make_article("全部", "、".join(f"词{number:03}" for number in range(130)))
    assert (len(names(client, "/topics/")), len(names(client, "/topics/?page=2"))) == (120, 10)


# --- What rises ------------------------------------------------------------------------------------------------


def test_what_rises_is_what_grew_more_than_chance_has_it(make_term: TermMaker, make_weeks: WeekMaker) -> None:
    for name in ("台积电", "铠侠", "三星", "美光"):
        make_term(name)
    earlier = ["台积电", "三星", "别的", "又一条"]
    make_weeks(
        *[earlier] * 12, *[["台积电", "铠侠", "铠侠扩产", "别的"]] * 3, ["台积电", "美光", "美光再说", "铠侠"]
    )
    rising = topics.rising()
    # 三星 fell, 台积电 is mentioned as often as ever, 美光 is in two articles only.
    assert [(rise.topic.name, rise.recent, rise.earlier_share) for rise in rising] == [("铠侠", 7, 0)]
    assert rising[0].recent_share == pytest.approx(7 / 16)


def test_in_a_young_archive_nothing_rises(make_term: TermMaker, make_weeks: WeekMaker) -> None:
    make_term("铠侠")
    make_weeks(*[["铠侠", "铠侠扩产"]] * 3)
    assert topics.rising() == []


def test_the_home_page_says_what_rises_and_leads_to_it(
    client: Client, make_term: TermMaker, make_weeks: WeekMaker
) -> None:
    make_term("铠侠")
    make_weeks(*[["别的", "又一条"]] * 10, *[["铠侠", "铠侠扩产"]] * 3)
    home = client.get("/").content.decode()
    assert 'href="/topics/kaixia/">铠侠</a>' in home
    assert "近四周 6 篇" in home
    assert names(client, "/topics/?sort=rise") == ["铠侠"]


# --- A topic ---------------------------------------------------------------------------------------------------


def test_what_goes_together_is_ranked_by_surprise_and_not_by_count(
    make_term: TermMaker, make_weeks: WeekMaker
) -> None:
    term = make_term("HBM", kind=Term.Kind.TECHNOLOGY)
    make_term("芯片", kind=Term.Kind.TECHNOLOGY)
    make_term("海力士")
    make_weeks(["芯片HBM海力士"] * 6 + ["芯片HBM"] + ["芯片"] * 20 + ["别的"])
    found = topics.companions(term, topics.mentioning(term))
    assert [(companion.topic.name, companion.together) for companion in found] == [("海力士", 6)]


def test_the_page_of_a_topic_says_what_when_and_how(
    client: Client, make_term: TermMaker, make_weeks: WeekMaker
) -> None:
    make_term("台积电", "TSMC", "<b>积电</b>", note="晶圆代工厂")
    make_weeks(["台積電扩产"], ["别的"], ["TSMC <建厂>", "又一条"])
    response = client.get("/topics/taijidian/")
    page = response.content.decode()
    assert (response.context["topic"].first.title, response.context["topic"].latest.title) == (
        "台積電扩产",
        "TSMC <建厂>",
    )
    assert [row.articles for row in response.context["topic"].rows] == [1, 1]
    assert [passage.html for _, passage in response.context["topic"].articles] == [
        "<mark>TSMC</mark> &lt;建厂&gt;。",
        "<mark>台積電</mark>扩产。",
    ]
    assert "&lt;b&gt;积电&lt;/b&gt;" in page
    assert "晶圆代工厂" in page
    assert 'class="chart"' in page


def test_a_period_of_the_timeline_leads_to_just_its_articles(
    client: Client, make_term: TermMaker, make_issue: WeekMaker
) -> None:
    make_term("台积电", "TSMC")
    make_issue({"TSMC扩产": "文。", "三星": "文。"}, end_date="2025-03-14")
    make_issue({"台积电建厂": "文。", "台积电招人": "文。"}, end_date="2025-03-21")
    rows = client.get("/topics/taijidian/").context["topic"].rows
    assert [(row.articles, client.get(row.url).context["found"].total) for row in rows] == [(2, 2), (1, 1)]


def test_articles_are_listed_newest_first_over_pages(
    client: Client, make_term: TermMaker, make_weeks: WeekMaker
) -> None:
    make_term("台积电")
    make_weeks(["台积电旧闻"] * 10, ["台积电新闻"] * 10)
    first, second = (client.get(f"/topics/taijidian/?page={number}") for number in (1, 2))
    titles = [article.title for page in (first, second) for article, _ in page.context["topic"].articles]
    assert titles == ["台积电新闻"] * 10 + ["台积电旧闻"] * 10
    assert client.get("/topics/taijidian/?page=x").context["topic"].page.number == 1
    assert client.get("/topics/taijidian/?page=99").context["topic"].page.number == 2


@pytest.mark.parametrize("doubled", [False, True])
def test_the_queries_of_a_topic_page_do_not_grow(
    client: Client,
    make_term: TermMaker,
    make_weeks: WeekMaker,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    doubled: bool,
) -> None:
    for name in ("台积电", "TSMC", "三星"):
        make_term(name)
    make_weeks(*[["台积电与三星", "台积电", "别的"]] * (8 if doubled else 4))
    client.get("/topics/taijidian/")  # the words, and what is counted over the whole archive, are kept
    with django_assert_max_num_queries(9):  # made anew; of kept parts (tests/test_kept_parts.py) it is three
        client.get("/topics/taijidian/")


def test_mentions_that_are_found_again_are_shown_though_no_article_changed(
    client: Client, make_term: TermMaker, make_article: ArticleMaker
) -> None:
    make_term("台积电")
    make_article("台积电扩产")
    Mention.objects.all().delete()
    Revision.objects.renew()
    assert names(client, "/topics/") == []
    call_command("rebuild_mentions", verbosity=0)
    assert names(client, "/topics/") == ["台积电"]


def test_topics_and_trends_are_among_the_pages_that_are_kept() -> None:
    assert {"glossary:topic-list", "glossary:topic-detail", "trends:show", "trends:csv"} <= PAGES.keys()


def test_a_topic_has_a_picture_and_one_that_nobody_may_know_of_has_none(
    client: Client, make_issue: WeekMaker
) -> None:
    for name, end_date, status in (("台积电", "2025-03-21", "published"), ("英特尔", "2025-03-28", "draft")):
        make_issue({name: f"{name}扩产。"}, end_date=end_date, status=status)
        create(Term, name=name, kind="company")
    slugs = dict(Term.objects.values_list("name", "slug"))
    answers = {name: client.get(f"/topics/{slug}/picture.png") for name, slug in slugs.items()}
    assert answers["台积电"]["Content-Type"] == "image/png"
    assert answers["英特尔"].status_code == 404
    page = client.get(f"/topics/{slugs['台积电']}/").content.decode()
    assert f"http://testserver/topics/{slugs['台积电']}/picture.png?v=" in page
