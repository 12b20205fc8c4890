"""Background tasks of accounts: mails, and invitations that are over."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import User
from django.shortcuts import resolve_url
from django_tasks import task

from members import mailing
from members.invitations.models import Invitation
from members.people import signing_in
from members.people.accounts import having_email, name_of


@task()
def mail_password_link(person_id: int, site: str) -> None:
    """Mails the link. It is made here, not when the task is written: what opens an account is in no table."""
    person = User.objects.filter(pk=person_id, is_active=True).exclude(email="").first()
    if person is not None:
        link = site + signing_in.password_path(person)
        days = settings.PASSWORD_RESET_TIMEOUT // 86_400
        mailing.send(person.email, "password", name=name_of(person), link=link, days=days)


@task()
def mail_invitation(pk: int, site: str) -> None:
    """Mails an invitation, unless it is over meanwhile, and notes whether it went out. Raises OSError."""
    invitation = Invitation.objects.open().select_related("invited_by").filter(pk=pk).first()
    if invitation is None:
        return
    has_account = having_email(invitation.email).exists()
    link = site + (resolve_url(settings.LOGIN_URL) if has_account else invitation.get_absolute_url())
    try:
        mailing.send(
            invitation.email,
            "known" if has_account else "invitation",
            invitation=invitation,
            inviter=name_of(invitation.invited_by) if invitation.invited_by else "",
            link=link,
        )
    except OSError:  # SMTPException is one
        Invitation.objects.filter(pk=pk).update(mail=Invitation.Mail.FAILED)
        raise
    Invitation.objects.filter(pk=pk).update(mail=Invitation.Mail.SENT)


@task()
def delete_old_invitations() -> None:
    """Deletes invitations that were over long ago."""
    Invitation.objects.old().delete()
