"""Earlier coverage of what is being put in."""

from __future__ import annotations

import doctest

import pytest
from django.test import Client

from archive.body import from_text
from archive.models import Article, Issue
from insight import duplicates
from insight.duplicates import (
    LEAST_SHINGLES,
    SAMPLED,
    SHINGLE,
    NearDuplicate,
    near_duplicates,
    sampled_shingles,
)
from search.indexing import sync
from search.indexing.visible import containing
from tests.conftest import WeekMaker
from tests.writing import create, save

REPORT = (
    "某厂周二宣布，位于西部的第三座晶圆厂将提前半年投产，首批设备已在上月进厂，工程师团队正在调试。\n"
    "公司财务负责人在电话会上说，资本开支维持全年不变，折旧压力会在明年下半年体现，毛利率可能回落两个百分点。\n"
    "分析人士指出，提前投产与客户的先进封装订单有关，交期从五十周缩短到三十周，后续仍要看基板供应是否跟得上。"
)
OTHER = (
    "一家材料企业公布了光刻胶的验证进度，样品已送到两家工厂，结果要等到年底才有。\n"
    "业内认为本土材料替代的难点在于批次稳定性，而不是单次的性能指标，认证周期往往长达两年以上。"
)


def similar(text: str) -> list[NearDuplicate]:
    [found] = near_duplicates([text])
    return found


def test_the_examples_in_the_docs_hold() -> None:
    assert doctest.testmod(duplicates).failed == 0


def test_shingles_are_different_runs_from_all_over_the_text() -> None:
    shingles = sampled_shingles(REPORT * 20)
    assert len(shingles) == len(set(shingles)) <= SAMPLED
    assert all(len(shingle) <= SHINGLE for shingle in shingles)
    assert any(shingle in REPORT.splitlines()[2] for shingle in shingles)


@pytest.mark.django_db
def test_the_same_report_is_found_whatever_its_script_spaces_and_headline(make_issue: WeekMaker) -> None:
    issue = make_issue({"新厂提前投产": REPORT, "光刻胶": OTHER})
    article = issue.articles.get(position=1)
    changed = "另一个标题\n" + REPORT.replace("晶圆厂", "晶圓廠").replace("，", "， ")
    found = similar(changed)
    assert [alike.article for alike in found] == [article]
    assert found[0].share > 0.9


@pytest.mark.django_db
def test_half_of_a_report_is_found_and_another_report_is_not(make_issue: WeekMaker) -> None:
    article = make_issue({"新厂提前投产": REPORT}).articles.get()
    half = "\n".join([REPORT.splitlines()[1], OTHER])
    assert [found.article for found in similar(half)] == [article]
    assert 0.25 <= similar(half)[0].share <= 0.75
    assert similar(OTHER) == []


@pytest.mark.django_db
def test_a_headline_alone_is_not_compared(make_issue: WeekMaker) -> None:
    make_issue({"位于西部的第三座晶圆厂将提前半年投产": "正文。"})
    assert len(sampled_shingles("位于西部的第三座晶圆厂")) < LEAST_SHINGLES
    assert similar("位于西部的第三座晶圆厂") == []


@pytest.mark.django_db
def test_a_draft_is_compared_too(make_issue: WeekMaker) -> None:
    article = make_issue({"新厂提前投产": REPORT}, status="draft").articles.get()
    assert [found.article for found in similar(REPORT)] == [article]


@pytest.mark.django_db
def test_what_was_withdrawn_a_moment_ago_is_no_published_holder(make_issue: WeekMaker) -> None:
    issue = make_issue({"新厂提前投产": REPORT})
    run = "首批设备已在上月进厂"
    assert containing([run]) == {run: [issue.articles.get().pk]}
    issue.status = Issue.Status.DRAFT
    save(issue)
    assert containing([run]) == {run: []}


@pytest.mark.django_db
def test_a_whole_run_is_no_part_of_a_code(make_issue: WeekMaker) -> None:
    article = make_issue({"SKU清单": "只有SKU。", "SK海力士": "SK 海力士。"}).articles.get(position=2)
    assert len(containing(["SK"])["SK"]) == 2
    assert containing(["SK"], whole=True) == {"SK": [article.pk]}


@pytest.mark.django_db
def test_the_forms_of_article_and_unpublished_issue_warn(admin_client: Client, make_issue: WeekMaker) -> None:
    earlier = make_issue({"新厂提前投产": REPORT}).articles.get()
    draft = create(Issue, title="新的一期", start_date="2025-04-01", end_date="2025-04-04")
    article = create(Article, issue=draft, position=1, title="换个标题", body=from_text(REPORT.splitlines()))
    sync.drain()
    for url in (f"article/{article.pk}", f"issue/{draft.pk}"):
        page = admin_client.get(f"/admin/archive/{url}/change/").content.decode()
        assert "《换个标题》</strong>和文库里已有的文章很像" in page
        assert f'href="/admin/archive/article/{earlier.pk}/change/">新厂提前投产</a>' in page
    assert "很像" not in admin_client.get("/admin/archive/issue/add/").content.decode()
