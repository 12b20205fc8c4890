"""主编 invite: people by their addresses, whoever gets a link, or whoever has an address of the alliance's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import validate_domain_name
from django.db import transaction
from django.utils import timezone

from members import mailing
from members.invitations.addresses import Address
from members.invitations.models import Invitation, end_of_a_new_one, new_key
from members.people.accounts import having_email
from members.people.changes import demand_manager
from members.people.refusals import PeopleRefused
from members.roles import MEMBER
from members.tasks import mail_invitation
from members.trail import What, record

MOST_AT_ONCE = 200
MOST_A_DAY = 300
"""So many addresses of one domain may ask in a day: nobody has this site send mail without end."""
AGAIN_AFTER = dt.timedelta(minutes=10)
FOR_ANYBODY = frozenset(
    "qq.com vip.qq.com foxmail.com 163.com vip.163.com 126.com yeah.net 188.com sina.com sina.cn vip.sina.com sohu.com"
    " tom.com 21cn.com aliyun.com 139.com 189.cn wo.cn gmail.com googlemail.com outlook.com hotmail.com live.com"
    " live.cn msn.com icloud.com me.com yahoo.com yahoo.com.cn proton.me protonmail.com gmx.com mail.com".split()
)
"""Domains where anybody gets an address: inviting all of one is inviting everybody."""


class Invited(NamedTuple):
    """What became of the addresses that were to be invited."""

    invitations: list[Invitation]
    known: list[str]
    """Addresses that have an account."""
    waiting: list[str]
    """Addresses that have an invitation which they have not accepted yet."""


def invite(addresses: Sequence[Address], role: str, *, by: User, site: str) -> Invited:
    """Invites each address that has neither an account nor an invitation, by mail where mails are sent.

    `site` is where the site is reached, `https://example.org`. Raises PeopleRefused when it is too many at once.
    """
    if len(addresses) > MOST_AT_ONCE:
        raise PeopleRefused(
            f"一次最多邀请 {MOST_AT_ONCE} 位，这里有 {len(addresses)} 位，没有邀请。请分几次。"
        )
    found = Invited([], [], [])
    with transaction.atomic():
        inviter = _inviter(by, role)
        for email, name in addresses:
            if having_email(email).exists():
                found.known.append(email)
            elif Invitation.objects.open().filter(email=email).exists():
                found.waiting.append(email)
            else:
                new = Invitation.objects.create(email=email, name=name, role=role, invited_by=inviter)
                _mail(new, site)
                record(What.INVITED, by=inviter, target=email, detail=role)
                found.invitations.append(new)
    return found


def invite_by_link(role: str, *, by: User, name: str = "") -> Invitation:
    """Makes an invitation for whoever gets the link first."""
    with transaction.atomic():
        inviter = _inviter(by, role)
        invitation = Invitation.objects.create(name=name, role=role, invited_by=inviter)
        record(What.INVITED, by=inviter, target=str(invitation), detail=role)
        return invitation


def invite_domain(domain: str, *, by: User) -> Invitation:
    """Makes a link for whoever has an address there, as a member. Raises PeopleRefused for one where anybody has."""
    domain = domain.strip().removeprefix("@").lower()
    try:
        validate_domain_name(domain)
    except ValidationError:
        raise PeopleRefused("域名不完整，没有做链接。请写 @ 后面的部分，例如 alliance.example。") from None
    if domain in FOR_ANYBODY:
        raise PeopleRefused(
            f"{domain} 的邮箱谁都能申请，没有做链接。请用单位自己的域名，或者按邮箱逐个邀请。"
        )
    if not mailing.is_configured():
        raise PeopleRefused(
            "网站还不能发邮件，没法确认邮箱，没有做链接。请找管理员设置邮件，或者按邮箱逐个邀请。"
        )
    with transaction.atomic():
        inviter = _inviter(by, MEMBER)
        invitation = Invitation.objects.create(domain=domain, role=MEMBER, invited_by=inviter)
        record(What.INVITED, by=inviter, target=str(invitation), detail=MEMBER)
        return invitation


def ask(invitation: Invitation, email: str, *, site: str) -> None:
    """Mails an invitation to whoever says to have this address of the domain: who gets it, has it.

    It is the same for whoever asks, whether the address has an account or not. Raises PeopleRefused.
    """
    email = email.strip().lower()
    if not email.endswith(f"@{invitation.domain}"):
        raise PeopleRefused(f"请填 @{invitation.domain} 的邮箱。")
    with transaction.atomic():
        link = Invitation.objects.select_for_update().get(pk=invitation.pk)
        now = timezone.now()
        asked = Invitation.objects.filter(
            email__endswith=f"@{link.domain}", created_at__gt=now - dt.timedelta(days=1)
        )
        if asked.filter(email=email, created_at__gt=now - AGAIN_AFTER).exists():
            return
        if asked.count() >= MOST_A_DAY:
            raise PeopleRefused("今天用这个链接的人太多了。请明天再试，或者请主编单独邀请您。")
        new = Invitation.objects.create(email=email, role=link.role, invited_by=link.invited_by)
        _mail(new, site)


def renew(invitation: Invitation, *, by: User, site: str) -> Invitation:
    """Sends an invitation once more that was not accepted: for another two weeks, with a new link; the old one ends."""
    with transaction.atomic():
        inviter = _inviter(by, invitation.role)
        found = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if found.used_at:
            raise PeopleRefused(f"{found}已经接受了邀请，不用再发。")
        if found.email and having_email(found.email).exists():
            raise PeopleRefused(f"{found.email} 已经有账号，不用再邀请。")
        found.key, found.expires_at, found.revoked_at = new_key(), end_of_a_new_one(), None
        found.invited_by = inviter
        found.save()
        _mail(found, site)
        record(What.INVITED, by=inviter, target=str(found), detail=found.role)
    return found


def revoke(invitation: Invitation, *, by: User) -> None:
    """Ends an invitation that was not accepted. Raises PeopleRefused for one that was."""
    with transaction.atomic():
        inviter = _inviter(by, invitation.role)
        found = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if found.used_at:
            raise PeopleRefused(f"{found}已经接受了邀请，收不回来。要不让进来，请停用这个账号。")
        found.revoked_at = found.revoked_at or timezone.now()
        found.save(update_fields=["revoked_at"])
        record(What.INVITATION_REVOKED, by=inviter, target=str(found))


def _inviter(by: User, role: str) -> User:
    """Returns who invites, as they are now. Raises PeopleRefused."""
    inviter = demand_manager(by)
    if role not in Invitation.ROLES or inviter is None:
        raise PeopleRefused(f"不能邀请{role}。请选{'、'.join(Invitation.ROLES)}中的一个。")
    return inviter


def _mail(invitation: Invitation, site: str) -> None:
    if invitation.email and mailing.is_configured():
        invitation.mail = Invitation.Mail.WAITING
        invitation.save(update_fields=["mail"])
        mail_invitation.enqueue(invitation.pk, site)
