"""The feed of a topic."""

from __future__ import annotations

import pytest
from django.test import Client

from archive.models import Issue
from glossary.models import Alias, Term
from tests.atom import read_feed
from tests.conftest import WeekMaker
from tests.writing import create, save


@pytest.fixture
def term(db: None) -> Term:
    term = create(Term, name="台积电", kind=Term.Kind.COMPANY)
    create(Alias, term=term, text="TSMC")
    return term


def test_the_feed_of_a_topic_has_the_articles_that_mention_it(
    client: Client, term: Term, make_issue: WeekMaker
) -> None:
    make_issue({"甲": "TSMC 扩产"}, end_date="2025-03-14")
    make_issue({"乙": "別的", "丙": "台積電說"}, end_date="2025-03-21")
    make_issue({"机密": "台积电"}, end_date="2025-03-28", status=Issue.Status.DRAFT)
    feed = read_feed(client.get(f"/feeds/topics/{term.slug}.atom"))
    assert [entry.title for entry in feed.entries] == ["丙", "甲"]
    assert feed.feed.title == "台积电 · 芯闻库"
    assert feed.feed.links[1].href == f"http://testserver/feeds/topics/{term.slug}.atom"


def test_a_term_that_only_drafts_mention_has_no_feed(
    client: Client, term: Term, make_issue: WeekMaker
) -> None:
    issue = make_issue({"机密": "台积电"}, status=Issue.Status.DRAFT)
    assert client.get(f"/feeds/topics/{term.slug}.atom").status_code == 404
    issue.status = Issue.Status.PUBLISHED
    save(issue)
    assert len(read_feed(client.get(f"/feeds/topics/{term.slug}.atom")).entries) == 1
