"""Somebody who is invited: by whom, and what they send."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from members.invitations import inviting
from members.invitations.accepting import accept
from members.invitations.addresses import Address
from members.invitations.models import Invitation
from tests.members.people.conftest import SITE

PASSWORD = "ein-langes-Wort-7"
ANNA = Address("anna@fab.example", "安娜")
Page = Any


def invite(chief: User, address: Address = ANNA, role: str = "编辑") -> Invitation:
    [invitation] = inviting.invite([address], role, by=chief, site=SITE).invitations
    return invitation


def sent(**fields: str) -> dict[str, str]:
    return {"first_name": "安娜", "password1": PASSWORD, "password2": PASSWORD, **fields}


def words(page: Page) -> str:
    """What a page says between its head and its foot."""
    main = page.content.decode().partition('<main id="main"')[2].partition("</main>")[0]
    return re.sub(r"<[^>]+>|\s+", " ", main)


def over(kind: str, invitation: Invitation, chief: User) -> str:
    """The address of an invitation that became so."""
    address = invitation.get_absolute_url()
    if kind == "expired":
        Invitation.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    elif kind == "revoked":
        inviting.revoke(invitation, by=chief)
    elif kind == "used":
        accept(invitation, name="安娜", email="", password=PASSWORD)
    elif kind == "renewed":
        inviting.renew(invitation, by=chief, site=SITE)
    elif kind == "forged":
        address = address.replace(invitation.key, Invitation(email="x").key)
    elif kind == "cut":
        address = f"{address[:-6]}/"
    elif kind == "number":
        address = f"/account/invitation/{invitation.pk}/"
    return address
