"""When somebody was here last: a day, nothing of what they read or did."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class LastSeen(models.Model):
    """The last day on which an account was used, so that 主编 see which ones nobody needs any more."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="last_seen",
        verbose_name="账号",
    )
    day = models.DateField("最近来过")

    class Meta:
        verbose_name = verbose_name_plural = "最近来过"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.day}"
