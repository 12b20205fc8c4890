"""The border between 编辑 and 主编: at no address does who may not publish change what members see.

Every address of the admin and of the desk, every button of their forms and every action of their lists is sent by
each role, and what members see is compared.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from archive.models import Issue
from tests.border.actions import acts
from tests.border.shown import SHOWN, Arguments
from tests.border.steps import TEXT, Step
from tests.border.steps_own import OWN
from tests.border.steps_public import PUBLIC
from tests.border.steps_words import WORDS
from tests.border.world import BELOW, ROLES, SECRET, World, assert_same
from tests.tiers import nightly, thinned

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def _junk(name: str, arguments: Arguments, junk: dict[str, Any]) -> Step:
    return Step(name, lambda world: world.post(name, *arguments(world), **junk))


def _send_each(world: World, before: dict[str, str], steps: dict[str, Step], every: int) -> None:
    """Sends all of it and compares after so many, and at the end; who may send nothing at all, at the end alone."""
    sent: list[str] = []
    for what, step in steps.items():
        step.send(world)
        sent.append(what)
        if len(sent) % every == 0 and world.role not in ("stranger", "staff"):
            assert_same(before, world.seen(), f"one of {sent[-every:]}")
    assert_same(before, world.seen(), f"one of {sent}")


@pytest.mark.parametrize(("role", "every"), [*((role, 8) for role in BELOW), nightly("编辑", 1)])
def test_who_may_not_publish_changes_nothing_that_members_see(
    world_of: Callable[[str], World], role: str, every: int
) -> None:
    world = world_of(role)
    before = world.seen()
    assert not any(SECRET in told for place, told in before.items() if SECRET not in place)
    _send_each(world, before, {**PUBLIC, **acts("public")}, every)
    assert Issue.objects.filter(pk=world.issue.pk).exists()


@pytest.mark.parametrize(("role", "every"), [("编辑", 12), *(nightly(role, 1) for role in ROLES)])
def test_what_is_said_to_change_nothing_changes_nothing(
    world_of: Callable[[str], World], role: str, every: int
) -> None:
    world = world_of(role)
    _send_each(world, world.seen(), {**OWN, **acts("own")}, every)
    # Not for want of having been sent: the drafts are there, with the word that must not be found.
    stored = Issue.objects.filter(title__contains=SECRET).exists()
    assert stored == (role not in ("stranger", "staff"))


@pytest.mark.parametrize("role", ["编辑", nightly("主编")])
def test_nobody_can_tell_by_an_etag_that_someone_works(world_of: Callable[[str], World], role: str) -> None:
    world = world_of(role)
    before = world.etags()
    assert {"/", "/issues/", "/feeds/issues.atom", "/sitemap-issues.xml", "/api/v1/issues"} <= before.keys()
    assert any(place.startswith(("/search/?", "/api/v1/search")) for place in before)
    steps = {**OWN, **acts("own")}
    del steps["a deleted issue comes back"]  # it was public, and members saw it go
    for what, step in steps.items():
        step.send(world)
        after = world.etags()
        assert {place: after[place] for place in before} == before, what


@pytest.mark.parametrize(
    ("role", "every"), [("stranger", 1), ("superuser", 12), *(nightly(role, 1) for role in ROLES[1:])]
)
def test_pages_that_show_something_change_nothing_whatever_is_posted_to_them(
    world_of: Callable[[str], World], role: str, every: int
) -> None:
    world = world_of(role)
    junk = TEXT | {
        "status": "published",
        "issue": world.issue.pk,
        "action": "publish",
        "_selected_action": "1",
    }
    steps = {
        name: _junk(name, arguments, junk)
        for name, arguments in SHOWN.items()
        if name != "archive_issue_changelist"  # the junk is an action of this list
    }
    _send_each(world, world.seen(), steps, every)


@pytest.mark.parametrize("role", BELOW)
def test_the_glossary_changes_no_word_of_a_week(world_of: Callable[[str], World], role: str) -> None:
    world = world_of(role)
    places = ["/feeds/issues.atom", *(place for place in world.weeks() if place.startswith("/api/"))]
    before = world.seen()
    for what, step in {**WORDS, **acts("words")}.items():
        step.send(world)
        after = world.seen()
        assert {place: after[place] for place in places} == {place: before[place] for place in places}, what
    if role != "编辑":
        assert_same(before, after, "the glossary")


CHANGING = thinned(
    (pytest.param(step, id=what) for what, step in {**PUBLIC, **acts("public")}.items()), every=6
)


@pytest.mark.parametrize("step", CHANGING)
@pytest.mark.parametrize("role", ["主编", nightly("superuser")])
def test_the_same_by_who_may_publish_does_change_what_members_see(
    world_of: Callable[[str], World], role: str, step: Step
) -> None:
    world = world_of(role)
    before, etags = world.seen(), world.etags()
    step.send(world)
    after = world.seen()
    with pytest.raises(AssertionError, match="changes what members see"):
        assert_same(before, after, step.name)
    kept = {place for place, etag in world.etags().items() if etags.get(place) == etag}
    changed = {place for place, told in after.items() if before.get(place) != told}
    assert not kept & changed, "a browser would go on showing what is no longer so"
