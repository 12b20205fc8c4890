"""What becomes of what an 编辑 sends: it waits and is accepted, or it is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from archive import reviewing
from archive.proposal import Proposal
from glossary.models import Alias
from tests.border.steps_public import PUBLIC
from tests.border.world import World, assert_same
from tests.tiers import thinned
from tests.writing import save

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PROPOSED = [
    what
    for what in PUBLIC
    if what
    not in {
        "a line taken away", "publish", "publish what waits", "publish several", "withdraw by the form", "withdraw", "schedule anew", "undo a withdrawal",
        "undo a deletion", "delete an issue", "accept", "delete an article",
        "take a published import back", "back issues, to be published",
    }
]  # fmt: skip
"""What an 编辑 sends and a chief editor then accepts; the rest is refused."""


@pytest.mark.parametrize("what", thinned(PROPOSED, every=3))
def test_what_an_editor_sends_waits_and_is_then_what_a_chief_would_have_saved(
    world_of: Callable[[str], World], what: str
) -> None:
    world = world_of("编辑")
    PUBLIC[what].send(world)
    proposal = Proposal.objects.get()
    assert (proposal.author_id, proposal.is_pending) == (world.user.pk, True)
    before = world.seen()
    page = world.client.get(f"/admin/archive/issue/proposals/{proposal.pk}/")
    assert page.status_code == 200
    reviewing.accept(proposal, world.author)
    accepted = world.seen()
    with pytest.raises(AssertionError, match="changes what members see"):
        assert_same(before, accepted, what)


def test_the_others_are_refused_and_leave_no_proposal(world_of: Callable[[str], World]) -> None:
    world = world_of("编辑")
    for what in PUBLIC.keys() - set(PROPOSED) - {"accept", "publish what waits"}:
        PUBLIC[what].send(world)
        assert not Proposal.objects.exists(), what
    save(world.issue)
    assert Alias.objects.exists()
