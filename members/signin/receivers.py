"""What follows a log-in or a new password of django-allauth, which says so by signals only."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_reset
from django.contrib.auth.models import User
from django.dispatch import receiver

from members.signin import lifetime, lockout

__all__ = ["lifetime"]  # its receiver is connected when it is imported


@receiver(password_reset, dispatch_uid="members.signin.unlock")
def unlock(user: User, **kwargs: Any) -> None:
    """Lets the owner in at once who has set a new password by mail."""
    lockout.unlock(user)
