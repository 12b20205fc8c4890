"""An invitation becomes an account: once, whoever clicks how often."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.invitations.models import Invitation
from members.people import signing_in
from members.people.accounts import having_email
from members.roles import give_role
from members.trail import What, record


class InvitationOver(Exception):
    """It was accepted, taken back, or is too old."""


class HasAccount(Exception):
    """The address belongs to an account that is there already."""


def accept(invitation: Invitation, *, name: str, email: str, password: str) -> User:
    """Makes the account, which has the role of the invitation and logs in with its address.

    `email` counts only where the invitation is to nobody in particular. Raises InvitationOver, HasAccount; then
    nothing was stored.
    """
    try:
        with transaction.atomic():
            found = Invitation.objects.select_for_update().get(pk=invitation.pk)
            if not found.is_open or found.domain:
                raise InvitationOver
            address = (found.email or email).strip().lower()
            if having_email(address).exists():
                raise HasAccount
            user = User.objects.create_user(address, address, password, first_name=name.strip())
            give_role(user, found.role)
            signing_in.note_address(user, is_verified=bool(found.email))
            found.used_at, found.used_by, found.email = timezone.now(), user, address
            found.save(update_fields=["used_at", "used_by", "email"])
            record(What.INVITATION_USED, by=user, target=user, detail=found.role)
            return user
    except IntegrityError:  # two invitations to one address, accepted at the same moment
        raise HasAccount from None
