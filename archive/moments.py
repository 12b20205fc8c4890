"""Moments as editors read them."""

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format


def local_time(when: dt.datetime) -> str:
    """The moment as editors read it, in the site's time zone: `2025年3月21日 18:00`."""
    return date_format(timezone.localtime(when), "Y年n月j日 H:i")


def moment(when: dt.datetime) -> str:
    """The moment at which something goes live, beyond doubt: `北京时间 11月30日 周一 08:00`; the year if another."""
    local = timezone.localtime(when)
    year = "" if local.year == timezone.localdate().year else f"{local.year}年"
    weekday = "一二三四五六日"[local.weekday()]
    return f"北京时间 {year}{local.month}月{local.day}日 周{weekday} {local:%H:%M}"
