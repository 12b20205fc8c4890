"""What is kept of log-ins that failed, until it no longer matters."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class FailedLogIn(models.Model):
    """One try of a password that was wrong, or is being looked at.

    It names no account: of what was typed in as name only a keyed hash is kept, because people type passwords there.
    """

    login = models.CharField("账号", max_length=64)
    address = models.GenericIPAddressField("来自", null=True)
    device = models.CharField("认得的设备", max_length=32, blank=True)
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "没有成功的登录"
        indexes = [
            models.Index(fields=["login", "at"]),
            models.Index(fields=["address", "at"]),
            models.Index(fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.at:%Y-%m-%d %H:%M:%S}"
