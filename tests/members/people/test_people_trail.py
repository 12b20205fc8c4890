"""What is done about people stands in the trail, with who did it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from members.invitations import inviting
from members.invitations.accepting import accept
from members.people import changes
from members.signin import lockout
from members.tokens import issuing
from members.tokens.models import Token
from members.trail.models import Event

pytestmark = pytest.mark.django_db


def kept() -> list[tuple[str, str, str]]:
    return list(Event.objects.order_by("pk").values_list("what", "name", "target"))


def test_an_invitation_its_acceptance_and_its_end_are_kept(chief: User) -> None:
    first = inviting.invite_by_link("编辑", by=chief, name="客人")
    accept(first, name="客人", email="gast@fab.example", password="ein-langes-Wort-7")
    inviting.revoke(inviting.invite_by_link("成员", by=chief), by=chief)
    found = kept()
    for event in (
        ("invited", "zhubian", "客人"),
        ("invitation_used", "gast@fab.example", "gast@fab.example"),
        ("invitation_revoked", "zhubian", "拿到链接的人"),
    ):
        assert event in found


def test_an_unlocking_is_kept(chief: User, editor: User) -> None:
    lockout.begin("bianji", "203.0.113.7")
    for _ in range(2):  # the second time there is nothing to unlock
        changes.unlock(editor, by=chief)
    assert [event for event in kept() if event[0] == "unlocked"] == [("unlocked", "zhubian", "bianji")]


def test_tokens_of_who_is_deactivated_end_for_good(chief: User, editor: User) -> None:
    _, secret = issuing.make(editor, "Leser")
    assert issuing.find(secret)
    changes.deactivate(editor, by=chief)
    changes.activate(editor, by=chief)
    assert issuing.find(secret) is None
    assert not Token.objects.filter(user=editor).kept().exists()
