"""What is kept of a token."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import timezone


class TokenQuerySet(models.QuerySet["Token"]):
    def kept(self) -> TokenQuerySet:
        """Those that were not revoked."""
        return self.filter(revoked_at=None)

    def usable(self, now: dt.datetime) -> TokenQuerySet:
        """Those that open the archive at this time."""
        unexpired = models.Q(expires_at=None) | models.Q(expires_at__gt=now)
        return self.kept().filter(unexpired, user__is_active=True)


class Token(models.Model):
    """A token of a member: its name and its hash. Who reads the database, or a backup of it, can not use it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="成员"
    )
    name = models.CharField("名称", max_length=40)
    digest = models.CharField("散列值", max_length=64, unique=True)
    """SHA-256 of the token, in hexadecimal. It is random, 256 bits of it: a slow hash would protect nothing more."""
    prefix = models.CharField("开头", max_length=12)
    created_at = models.DateTimeField("生成时间", auto_now_add=True)
    last_used_at = models.DateTimeField("上次使用", null=True, blank=True)
    expires_at = models.DateTimeField("到期", null=True, blank=True)
    revoked_at = models.DateTimeField("停用时间", null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "访问令牌"
        ordering = ["-created_at", "-pk"]
        default_permissions = ()  # everyone makes one's own, and nobody anyone else's
        constraints = [
            models.UniqueConstraint(
                "user", "name", condition=models.Q(revoked_at=None), name="one_token_of_a_name"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()
