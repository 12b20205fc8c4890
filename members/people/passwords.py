"""A new password for somebody else: nobody sets it for them, they get a link and choose it themselves."""

from __future__ import annotations

from django.contrib.auth.models import User

from members import mailing
from members.people import signing_in
from members.people.accounts import name_of
from members.people.changes import changing
from members.people.refusals import PeopleRefused
from members.tasks import mail_password_link
from members.trail import What, record


def send_password_link(person: User, *, by: User | None, site: str) -> str:
    """Mails somebody a link to choose a new password. Returns it instead when no mail can be sent: to be handed over.

    `site` is where the site is reached, `https://example.org`. The link works once, and for three days. Raises
    PeopleRefused.
    """
    with changing(person, by) as account:
        if not account.is_active:
            raise PeopleRefused(f"{name_of(account)}的账号停用了，没有发链接。请先启用。")
        record(What.PASSWORD_RESET_ASKED, by=by, target=account)
        if by is None or not (account.email and mailing.is_configured()):
            return site + signing_in.password_path(account)
        mail_password_link.enqueue(account.pk, site)
    return ""
