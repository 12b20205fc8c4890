"""Numbers from forms and addresses, however large or odd, are never a 5xx."""

from __future__ import annotations

import pytest
from django.test import Client

from archive.models import Article, Issue
from tests.conftest import WeekMaker

NUMBERS = [
    "1" + "0" * 30,
    "9" * 5000,
    "-1",
    "0",
    "1e400",
    "NaN",
    "²",
    "٣",
    "９",
    "0x10",
    " 1",
    "\0",
    "9223372036854775808",
]
PLACES = [
    "/issues/{}/", "/articles/{}/", "/articles/{}/report/", "/figures/{}/", "/preview/{}/", "/preview/{}/articles/1/",
    "/preview/x/articles/{}/", "/preview/x/figures/{}/", "/search/marks/{}/?q=x", "/api/v1/articles/{}",
    "/search/?q=文&page={}", "/search/?q=文&year={}", "/search/?q=文&month={}", "/search/?q=文&page_size={}",
    "/search/?q=文&since={}", "/search/?q=year:{}", "/search/?q={}nm", "/search/?q={}年", "/search/feed.atom?q=文&page={}",
    "/api/v1/search?q=文&page={}", "/api/v1/search?q=文&page_size={}", "/api/v1/issues?page={}", "/api/v1/topics?page={}",
    "/topics/?page={}", "/trends/?q=文&years={}", "/trends/trends.csv?q=文&years={}", "/sitemap-issues.xml?p={}", "/basket/clippings/?keys={}",
]  # fmt: skip
OF_EDITORS = [
    "/preview/{}/", "/preview/{}/articles/1/", "/preview/1/articles/{}/", "/preview/{}/figures/1/", "/figures/{}/",
    "/admin/archive/issue/{}/change/", "/admin/archive/article/{}/change/", "/admin/archive/issue/?p={}",
    "/admin/archive/issue/?id__exact={}", "/admin/archive/issue/{}/history/", "/admin/archive/issue/{}/history/?p={}",
    "/admin/archive/issue/{}/versions/", "/admin/archive/errorreport/{}/change/", "/admin/glossary/term/{}/change/",
    "/admin/archive/article/add/?issue={}", "/admin/insight/goldenquery/add/?article={}", "/admin/glossary/term/?p={}", "/admin/insight/goldenquery/{}/change/", "/admin/desk/?edit={}", "/admin/desk/batches/{}/",
    "/admin/desk/batches/{}/?page={}", "/admin/archive/issue/{}/wechat/", "/admin/archive/issue/{}/delete/", "/admin/worker/task/{}/change/",
]  # fmt: skip


@pytest.mark.ignore_template_errors  # the 404 page asks for a view where an address leads to none
@pytest.mark.parametrize("place", PLACES)
def test_no_number_in_an_address_is_an_error_of_ours(
    client: Client, make_issue: WeekMaker, place: str
) -> None:
    make_issue({"甲": "文"})
    for number in NUMBERS:
        answer = client.get(place.format(number))
        assert answer.status_code < 500, number[:40]


@pytest.mark.ignore_template_errors
@pytest.mark.parametrize("place", OF_EDITORS)
def test_no_number_in_an_editors_address_is_an_error_of_ours(
    admin_client: Client, make_issue: WeekMaker, place: str
) -> None:
    make_issue({"甲": "文"})
    for number in NUMBERS:
        answer = admin_client.get(place.replace("{}", number))
        assert answer.status_code < 500, number[:40]


@pytest.mark.parametrize("field", ["TOTAL_FORMS", "INITIAL_FORMS"])
@pytest.mark.parametrize("number", ["1000000000", "1" + "0" * 30, "9" * 5000, "-1", "x", ""])
def test_a_form_that_says_to_hold_so_many_lines_stores_nothing_and_is_no_error_of_ours(
    admin_client: Client, make_issue: WeekMaker, field: str, number: str
) -> None:
    issue = make_issue({"甲": "文"}, status=Issue.Status.DRAFT)
    article = issue.articles.get()
    sent = {
        "title": "改了", "start_date": "2025-03-21", "end_date": "2025-03-21", "slug": issue.slug, "version": issue.version,
        "articles-TOTAL_FORMS": "1", "articles-INITIAL_FORMS": "1", "articles-0-id": article.pk, "articles-0-issue": issue.pk,
        "articles-0-position": number, "articles-0-title": "改了",
    }  # fmt: skip
    answer = admin_client.post(
        f"/admin/archive/issue/{issue.pk}/change/", sent | {f"articles-{field}": number}
    )
    assert answer.status_code < 500
    assert list(Article.objects.values_list("title", flat=True)) == ["甲"]


@pytest.mark.parametrize("number", NUMBERS)
def test_no_number_in_an_action_of_editors_is_an_error_of_ours(
    admin_client: Client, make_issue: WeekMaker, number: str
) -> None:
    make_issue({"甲": "文"}, status=Issue.Status.DRAFT)
    admin_client.post("/admin/desk/open/", {"text": "周报\n2025.3.17-2025.3.21\n1. 甲\n文。\n2. 乙\n文。"})
    sent = {
        "/admin/archive/issue/": {"action": "delete_selected", "_selected_action": number, "index": number},
        "/admin/desk/do/": {"act": f"merge {number}"},
        "/admin/desk/figure/": {"paragraph": number, "after": number},
        "/basket/export/": {"items": f'[{{"key": "{number[:100]}"}}]', "format": "md"},
    }
    for address, data in sent.items():
        assert admin_client.post(address, data).status_code < 500, address
