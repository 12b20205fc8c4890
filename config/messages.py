"""What a page says once, such as 已保存: kept in a cookie of the reader, in the session when it is long."""

from __future__ import annotations

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class MessageCookie(CookieStorage):
    """Has the name that the other cookies have: with HTTPS one that no other host of the domain can set."""

    cookie_name = "__Host-messages" if settings.SESSION_COOKIE_SECURE else "messages"


class Messages(FallbackStorage):
    storage_classes = (MessageCookie, SessionStorage)
