"""Invitations: to one person, or to whoever has an address of a domain."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Self

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from members.roles import CHIEF, EDITOR, MEMBER

KEPT_DAYS = 14
"""How long an invitation can be accepted."""
FORGOTTEN_AFTER = dt.timedelta(days=30)
"""How long after its end an invitation is still listed."""


def _signer() -> Signer:
    return Signer(sep=".", salt="members.invitations")


def new_key() -> str:
    """Returns a random name for an invitation."""
    return secrets.token_urlsafe(16)


def end_of_a_new_one() -> dt.datetime:
    """Returns until when an invitation that is made now can be accepted."""
    return timezone.now() + dt.timedelta(days=KEPT_DAYS)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> Self:
        """Those that can still be accepted."""
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=timezone.now())

    def old(self) -> Self:
        """Those that were over long ago: addresses of people who never came are nobody's business."""
        return self.filter(expires_at__lt=timezone.now() - FORGOTTEN_AFTER)

    def of_token(self, token: str) -> Invitation | None:
        """Returns the invitation that a link leads to, whatever became of it; None for an invented or broken link."""
        try:
            key = _signer().unsign(token)
        except BadSignature:
            return None
        return self.filter(key=key).first()


class Invitation(models.Model):
    """What lets somebody make an account with a role: a link.

    The database never holds what opens it. The link is the key and its signature by SECRET_KEY, made whenever it is
    shown or mailed: so a copy of the database invites nobody, and a link can be copied again.

    With `domain` it makes no account: whoever has an address there gets an invitation of their own by mail.
    """

    class Mail(models.TextChoices):
        NONE = "", "没有发"
        WAITING = "waiting", "正在发"
        SENT = "sent", "已发出"
        FAILED = "failed", "没有发出"

    ROLES = (MEMBER, EDITOR, CHIEF)
    """管理员 is made at the server's command line only."""

    key = models.CharField("标识", max_length=22, unique=True, default=new_key, editable=False)
    email = models.EmailField("邮箱", blank=True)
    name = models.CharField("姓名", max_length=150, blank=True)
    domain = models.CharField("邮箱域名", max_length=253, blank=True)
    role = models.CharField("角色", max_length=4, choices=[(role, role) for role in ROLES], default=MEMBER)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="invitations",
        verbose_name="谁邀请的",
    )
    created_at = models.DateTimeField("时间", default=timezone.now)
    expires_at = models.DateTimeField("有效期到", default=end_of_a_new_one)
    mail = models.CharField("邮件", max_length=7, choices=Mail, default=Mail.NONE, blank=True)
    used_at = models.DateTimeField("接受的时间", null=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="谁接受的"
    )
    revoked_at = models.DateTimeField("收回的时间", null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "邀请"
        ordering = ["-created_at", "-id"]
        default_permissions = ()
        permissions = [("manage_people", "管理人员")]
        constraints = [
            models.CheckConstraint(
                condition=Q(domain="") | Q(email="", role=MEMBER, used_at=None),
                name="invitation_by_domain_is_for_members",
            )
        ]

    def __str__(self) -> str:
        if self.domain:
            return f"@{self.domain} 的任何人"
        return self.name or self.email or "拿到链接的人"

    def get_absolute_url(self) -> str:
        return reverse("invitations:show", args=[_signer().sign(self.key)])

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def is_open(self) -> bool:
        """Whether it can still be accepted."""
        return not (self.used_at or self.revoked_at or self.is_expired)

    @property
    def state(self) -> str:
        """What became of it, in a word for 主编."""
        if self.used_at:
            return "已接受"
        if self.revoked_at:
            return "已收回"
        return "已过期" if self.is_expired else "等待接受"
