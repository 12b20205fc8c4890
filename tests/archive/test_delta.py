"""A change by itself: taken from two states, stored as JSON, laid on what the issue is by then."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.delta import Delta, as_json, delta_of, from_json, merged, seen_by_author
from archive.versions import ARTICLE_CONTENT, ISSUE_FIELDS, Snapshot

DAY = dt.date(2025, 3, 21)


def issue(*articles: dict[str, Any], **fields: Any) -> Snapshot:
    """An issue with these articles, as a version has it."""
    values = dict.fromkeys(ISSUE_FIELDS, "") | {"id": 1, "title": "周报", "start_date": DAY, "end_date": DAY}
    return Snapshot(values | fields, articles, ())


def article(pk: int, position: int, title: str = "", **fields: Any) -> dict[str, Any]:
    own: dict[str, Any] = dict.fromkeys(ARTICLE_CONTENT, "") | {"missing_figures": []}
    return own | {"id": pk, "issue_id": 1, "position": position, "title": title or f"第{pk}"} | fields


ONE, TWO, THREE = (article(pk, pk) for pk in (1, 2, 3))
BEFORE = issue(ONE, TWO, THREE)


def stored(before: Snapshot, after: Snapshot, known: Sequence[int] = ()) -> Delta:
    """The change as it comes back from the database."""
    return from_json(json.loads(json.dumps(as_json(delta_of(before, after, known)))))


def titles(snapshot: Snapshot) -> list[tuple[int, str]]:
    return [(values["position"], values["title"]) for values in snapshot.articles]


CHANGED_BY_BOTH = [
    pytest.param(
        issue(ONE | {"title": "改"}, TWO, THREE),
        issue(ONE, TWO | {"body": "别人的"}, THREE),
        [(1, "改"), (2, "第2"), (3, "第3")],
        id="another article",
    ),
    pytest.param(
        issue(ONE, TWO, THREE, article(9, 4, "新")),
        issue(ONE, TWO, THREE, article(8, 4, "别人的")),
        [(1, "第1"), (2, "第2"), (3, "第3"), (4, "新"), (5, "别人的")],
        id="both added at one place",
    ),
    pytest.param(
        issue(TWO | {"position": 1}, ONE | {"position": 2}, THREE),
        issue(ONE, TWO, THREE, article(8, 4, "别人的")),
        [(1, "第2"), (2, "第1"), (3, "第3"), (4, "别人的")],
        id="another order, and one added",
    ),
    pytest.param(
        issue(ONE, TWO, THREE, article(9, 4, "新")),
        issue(ONE, THREE),
        [(1, "第1"), (2, "第3"), (3, "新")],
        id="one added, another deleted",
    ),
    pytest.param(issue(ONE, THREE), issue(ONE, THREE), [(1, "第1"), (3, "第3")], id="both deleted it"),
    pytest.param(
        issue(ONE, TWO, THREE, introduction="导语"),
        issue(ONE, TWO, THREE, sign_off="尾注"),
        [(1, "第1"), (2, "第2"), (3, "第3")],
        id="another field of the issue",
    ),
]


@pytest.mark.parametrize(("after", "now", "expected"), CHANGED_BY_BOTH)
def test_what_two_changed_at_different_places_is_joined(
    after: Snapshot, now: Snapshot, expected: list[tuple[int, str]]
) -> None:
    result = merged(stored(BEFORE, after), now)
    assert (result.obstacles, titles(result.snapshot)) == ([], expected)
    for name in ("introduction", "sign_off"):
        assert result.snapshot.issue[name] == (after.issue[name] or now.issue[name])


@pytest.mark.parametrize(
    ("after", "now", "obstacle"),
    [
        (issue(ONE | {"title": "改"}, TWO, THREE), issue(ONE | {"title": "也改"}, TWO, THREE), "《也改》的标题后来改过"),
        (issue(ONE, TWO, THREE, title="改"), issue(ONE, TWO, THREE, title="也改"), "这一期的刊名后来改过"),
        (issue(ONE | {"body": "改"}, TWO, THREE), issue(TWO, THREE), "改的那一篇已经删除了"),
        (issue(ONE, TWO), issue(ONE, TWO, THREE | {"body": "改"}), "《第3》要删除，但后来改过"),
        (
            issue(TWO | {"position": 1}, ONE | {"position": 2}, THREE),
            issue(ONE, THREE | {"position": 2}, TWO | {"position": 3}),
            "文章的次序后来也调过",
        ),
    ],
)  # fmt: skip
def test_what_two_changed_at_one_place_is_said_and_left_as_it_is(
    after: Snapshot, now: Snapshot, obstacle: str
) -> None:
    result = merged(stored(BEFORE, after), now)
    assert result.obstacles == [obstacle]


def test_what_both_changed_to_the_same_is_no_obstacle() -> None:
    both = issue(ONE | {"title": "改"}, TWO, THREE)
    assert merged(stored(BEFORE, both), both).obstacles == []


def test_an_article_that_was_there_once_comes_back_under_its_id_and_a_new_one_has_none() -> None:
    after = issue(ONE, TWO, THREE, article(7, 4, "回来的"), article(9, 5, "新的"))
    ids = [values["id"] for values in merged(stored(BEFORE, after, known=[7]), BEFORE).snapshot.articles]
    assert ids[:4] == [1, 2, 3, 7]
    assert ids[4] < 0


@pytest.mark.parametrize("same", [BEFORE, issue()])
def test_nothing_changed_is_no_change(same: Snapshot) -> None:
    assert not delta_of(same, same, [])
    assert as_json(delta_of(same, same, [])) == {}


def test_only_one_article_is_named_when_that_is_all() -> None:
    assert delta_of(BEFORE, issue(ONE, TWO | {"body": "改"}, THREE), []).only_article == 2
    assert delta_of(BEFORE, issue(ONE, TWO | {"body": "改"}, THREE, title="改"), []).only_article is None
    assert delta_of(BEFORE, issue(ONE, TWO, THREE, article(9, 4)), []).only_article is None


TEXTS = st.sampled_from(["", "甲", "乙", "丙"])
DAYS = st.dates(dt.date(2025, 1, 1), dt.date(2025, 12, 31))


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    ids = draw(st.lists(st.integers(1, 6), unique=True, max_size=6))
    places = draw(st.lists(st.integers(1, 30), unique=True, min_size=len(ids), max_size=len(ids)))
    rows = [
        article(pk, place, draw(TEXTS) or "题", body=draw(TEXTS), section=draw(TEXTS))
        for pk, place in zip(ids, sorted(places), strict=True)
    ]
    return issue(*rows, introduction=draw(TEXTS), start_date=draw(DAYS))


@given(snapshots(), snapshots())
def test_a_change_laid_on_what_it_was_made_of_gives_what_it_made(before: Snapshot, after: Snapshot) -> None:
    result = merged(stored(before, after, known=range(1, 7)), before)
    assert result.obstacles == []
    assert result.snapshot.issue == after.issue
    assert list(result.snapshot.articles) == list(after.articles)


@given(snapshots(), snapshots())
def test_the_page_shows_every_text_that_is_changed(before: Snapshot, after: Snapshot) -> None:
    old, new = seen_by_author(stored(before, after, known=range(1, 7)))
    shown = {
        (values["id"], name, values[name])
        for values in new.articles
        for name in ("title", "body")
        if name in values
    }
    for values in after.articles:
        was = before.article(values["id"]) or {}
        for name in ("title", "body"):
            if values[name] != was.get(name):
                assert (values["id"], name, values[name]) in shown
    gone = {values["id"] for values in before.articles} - {values["id"] for values in after.articles}
    assert gone <= {values["id"] for values in old.articles}
