"""Which passwords are taken, beside what Django says of them; and how they are stored.

Argon2id, with the least that OWASP's Password Storage Cheat Sheet asks of it. Django's own parameters take 100 MB for
each log-in: eight at once, as two workers have threads, would be more than a small server has. These take 19 MB and
some hundredths of a second.
"""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError


class Argon2(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one lane."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1


SITE_WORDS = (
    *("芯闻库", "芯闻", "编辑", "主编", "密码"),
    *("xinwenku", "xinwen", "bianji", "zhubian", "mima", "admin", "editor", "password"),
)
"""What someone who guesses passwords of this site tries first; the site's own name comes on top."""
FEWEST_LETTERS = 4


class SiteWordsValidator:
    """Refuses a password that is one of the site's words with some digits or marks: `Xinwenku-2026!`."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError when little is left of the password without the words."""
        words = sorted({*SITE_WORDS, settings.SITE_NAME.casefold()}, key=len, reverse=True)
        left, found = re.subn("|".join(map(re.escape, words)), "", password.casefold())
        if found and sum(map(str.isalpha, left)) < FEWEST_LETTERS:
            raise ValidationError(
                "密码里除了网站的名字、角色这样的词，没有多少别的字。请换一个别人想不到的。",
                code="site-words",
            )

    def get_help_text(self) -> str:
        """Returns what is said beside the field."""
        return "密码不要只用网站的名字或角色加上几个数字。"
