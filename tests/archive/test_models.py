"""The database's own constraints, and what `published()` holds."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from archive.models import Article, Issue
from tests.writing import create, save

pytestmark = pytest.mark.django_db


def issue(**values: object) -> Issue:
    defaults = {"title": "周报", "start_date": "2025-03-17", "end_date": "2025-03-21"}
    return create(Issue, **{**defaults, **values})


@pytest.mark.parametrize(
    "values",
    [
        {"start_date": "2025-03-22"},
        {"status": "secret"},
        {"status": "scheduled"},
        {"title": ""},
    ],
)
def test_the_database_refuses_an_issue_with(values: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        issue(**values)


def test_the_database_refuses_the_same_title_and_dates_twice() -> None:
    issue()
    with pytest.raises(IntegrityError), transaction.atomic():
        issue()


@pytest.mark.parametrize("values", [{"position": 1}, {"position": 0}, {"title": "", "position": 2}])
def test_the_database_refuses_an_article_with(values: dict[str, object]) -> None:
    week = issue()
    create(Article, issue=week, position=1, title="题")
    with pytest.raises(IntegrityError), transaction.atomic():
        create(Article, **{"issue": week, "title": "另一题", **values})


def test_a_form_says_in_chinese_what_the_database_would_refuse() -> None:
    with pytest.raises(ValidationError, match="开始日期不能晚于结束日期"):
        Issue(title="周报", start_date="2025-03-22", end_date="2025-03-21").full_clean()


def test_the_address_of_an_issue_is_its_end_date_and_a_second_one_gets_a_number() -> None:
    slugs = [issue(title=title).slug for title in ("甲", "乙", "丙")]
    assert slugs == ["2025-03-21", "2025-03-21-2", "2025-03-21-3"]


def test_the_address_follows_a_corrected_date_until_the_issue_was_public() -> None:
    week = issue()
    week.end_date = "2025-03-22"
    save(week)
    assert week.slug == "2025-03-22"
    week.status = Issue.Status.PUBLISHED
    save(week)
    week.end_date = "2025-03-23"
    save(week)
    assert week.slug == "2025-03-22"


def test_the_time_of_the_first_publication_is_kept() -> None:
    week = issue(status=Issue.Status.PUBLISHED)
    first = week.publish_at
    week.status = Issue.Status.DRAFT
    save(week)
    week.status = Issue.Status.PUBLISHED
    save(week)
    assert first is not None
    assert week.publish_at == first


def test_only_published_issues_and_their_articles_are_visible() -> None:
    for number, status in enumerate(Issue.Status.values):
        week = issue(title=status, status=status, publish_at=f"2025-03-2{number} 00:00Z")
        create(Article, issue=week, position=1, title=status)
    assert [week.title for week in Issue.objects.published()] == ["published"]
    assert [article.title for article in Article.objects.published()] == ["published"]


def test_years_are_counted_newest_first() -> None:
    for end_date in ("2023-12-29", "2025-01-03", "2025-01-10"):
        issue(start_date=end_date, end_date=end_date)
    assert Issue.objects.years() == [{"year": 2025, "issues": 2}, {"year": 2023, "issues": 1}]


def test_the_text_of_an_article_is_all_that_a_reader_sees_of_it() -> None:
    article = Article(title="题", body="<p>一<b>二</b></p><ul><li>三</li><li>四</li></ul>", source="来源")
    assert article.text == "题\n一二\n三\n四\n来源"
    article.section = "政策"
    assert article.text == "题\n一二\n三\n四\n来源\n政策"


def test_issues_with_something_counted_over_their_articles_stay_in_order() -> None:
    days = ["2025-03-14", "2025-01-03", "2025-03-28", "2025-02-07"]
    for day in days:
        issue(title=day, start_date=day, end_date=day)
    for issues in (Issue.objects.with_article_count(), Issue.objects.with_changed_at()):
        assert issues.ordered
        assert [found.title for found in issues] == sorted(days, reverse=True)


def test_an_issue_changes_with_its_articles() -> None:
    made = issue()
    assert Issue.objects.with_changed_at().get().changed_at == made.updated_at
    article = create(Article, issue=made, position=1, title="甲")
    assert Issue.objects.with_changed_at().get().changed_at == article.updated_at > made.updated_at
