"""Admin: none of django-allauth's tables, which hold secrets; the people page shows what is needed of them."""

from __future__ import annotations

# Each registers what is taken out here.
from allauth.account import admin as account_admin  # noqa: F401
from allauth.account.models import EmailAddress
from allauth.mfa import admin as mfa_admin  # noqa: F401
from allauth.mfa.models import Authenticator
from allauth.socialaccount import admin as social_admin  # noqa: F401
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions import admin as sessions_admin  # noqa: F401
from allauth.usersessions.models import UserSession
from django.contrib import admin

from members.alerts.admin import AlertAdmin as AlertAdmin

admin.site.unregister([EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken, UserSession])
