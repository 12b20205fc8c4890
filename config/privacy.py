"""/privacy/: what the site keeps of people and for how long, in the numbers that the settings have."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from archive.counting import rate_of
from archive.preferences import COOKIE, COOKIE_SECONDS
from archive.rate import duration
from config.backups.nightly import KEPT
from config.messages import MessageCookie
from members.personal_data import HOLDINGS
from members.signin import devices


class Cookie(NamedTuple):
    """A cookie that the site sets."""

    name: str
    why: str
    until: str


def cookies() -> list[Cookie]:
    """Returns the cookies that the site sets, as the settings have them."""
    return [
        Cookie(
            settings.SESSION_COOKIE_NAME,
            "登录以后才有：记住您登录着",
            f"最多 {duration(settings.SESSION_COOKIE_AGE)}",
        ),
        Cookie(
            devices.COOKIE,
            "登录过才有：认得这个浏览器，别人试您的密码时您不用等",
            duration(devices.AGE_SECONDS),
        ),
        Cookie(settings.CSRF_COOKIE_NAME, "打开要填的表单时才有：防止别的网站冒用您的登录", _csrf_duration()),
        Cookie(MessageCookie.cookie_name, "刚做完一步时才有：下一页要显示的话", "到下一页"),
        Cookie(COOKIE, "改过字号或简繁才有：记住您的选择", duration(COOKIE_SECONDS)),
    ]


def privacy(request: HttpRequest) -> HttpResponse:
    """Shows what is kept, why, until when; cookies by name; and what is not kept."""
    days, weeks, months = (count for count, _ in KEPT)
    context = {
        "holdings": [(each.name, each.what, each.why, each.until()) for each in HOLDINGS],
        "cookies": cookies(),
        "search_days": settings.SEARCH_LOG_DAYS,
        "reports": rate_of("reports"),
        "backups": {"days": days, "weeks": weeks, "months": months},
    }
    return render(request, "members/privacy.html", context)


def _csrf_duration() -> str:
    age: int | None = settings.CSRF_COOKIE_AGE
    return duration(age) if age else "到关闭浏览器"
