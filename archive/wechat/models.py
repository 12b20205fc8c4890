"""How the alliance's posts look, as 主编 set it in the admin."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.db import models

from archive.wechat.look import DEFAULT_COLOUR, HEADINGS, Look

LEAST_CONTRAST = 3.0
"""Against white, by WCAG 2: what large and bold text needs."""
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_THE_ONE = 1


def check_colour(colour: str) -> None:
    """Raises ValidationError for what is no colour (`red`), and for one that can not be read on white (`#ffd700`)."""
    if not _COLOUR.fullmatch(colour):
        raise ValidationError("颜色要写成 #ab2417 的样子。")
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    luminance = sum(share * value for share, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    if 1.05 / (luminance + 0.05) < LEAST_CONTRAST:
        raise ValidationError("这个颜色太浅，写在白底上看不清。请选深一些的颜色。")


class PostStyleManager(models.Manager["PostStyle"]):
    def current(self) -> PostStyle:
        """The style that was set, or the one that a site begins with."""
        return self.filter(pk=_THE_ONE).first() or PostStyle()


class PostStyle(models.Model):
    """The style of posts for WeChat. There is one."""

    colour = models.CharField(
        "主色",
        max_length=7,
        default=DEFAULT_COLOUR,
        validators=[check_colour],
        help_text="标题、编号、链接和边框的颜色。",
    )
    heading = models.CharField("标题样式", max_length=10, choices=list(HEADINGS.items()), default="bar")
    has_contents = models.BooleanField("开头列出本期要目", default=True)
    lead = models.TextField(
        "开头语",
        blank=True,
        max_length=1000,
        help_text="每篇推文的第一段，例如：点击上方蓝字关注我们。可以留空。",
    )
    closing = models.TextField(
        "卡片里的话", blank=True, max_length=1000, help_text="文末的方框里，例如联盟的介绍。可以留空。"
    )
    qr = models.BinaryField("二维码", blank=True, default=bytes)
    """A PNG. It is small and belongs to this one row, so it needs no file of its own."""
    qr_caption = models.CharField(
        "二维码下面的字", max_length=100, blank=True, help_text="例如：长按识别，关注我们"
    )

    objects = PostStyleManager()

    class Meta:
        verbose_name = verbose_name_plural = "公众号样式"
        default_permissions = ("add", "change", "view")

    def __str__(self) -> str:
        return "公众号样式"

    def save(self, *args: object, **kwargs: object) -> None:
        """Saves it as the only one."""
        self.pk = _THE_ONE
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def look(self) -> Look:
        return Look(self.colour, self.heading)
