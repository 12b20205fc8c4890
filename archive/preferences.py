"""A reader's preferences: the size of the text, simplified or traditional characters.

Kept by the reader's own browser, in a cookie: nobody needs an account for it, and pages are made with it, so that
they look right from the first paint and without JavaScript. It names nobody: two readers with the same choice get
the same page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from archive.addresses import own_address

COOKIE = "__Host-reading" if settings.SESSION_COOKIE_SECURE else "reading"
COOKIE_SECONDS = 365 * 24 * 3600
SIZES = {"small": "小", "normal": "标准", "large": "大", "huge": "特大"}
SCRIPTS = {"hans": "简体", "hant": "繁体"}


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a reader chose. `size` is one of SIZES, `script` one of SCRIPTS."""

    size: str = "normal"
    script: str = "hans"

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """Returns what the request's cookie says. What it says wrongly counts as not said: anyone can write one."""
        size, _, script = request.COOKIES.get(COOKIE, "").partition("-")
        said = {"size": size if size in SIZES else "", "script": script if script in SCRIPTS else ""}
        return cls(**{name: value for name, value in said.items() if value})

    def __str__(self) -> str:
        """Returns the value of the cookie: `large-hant`."""
        return f"{self.size}-{self.script}"

    @property
    def is_traditional(self) -> bool:
        return self.script == "hant"

    @property
    def language(self) -> str:
        """Returns the language tag of a page (BCP 47)."""
        return "zh-Hant-TW" if self.is_traditional else "zh-CN"

    @property
    def choices(self) -> list[tuple[str, str, str, dict[str, str]]]:
        """Returns for each choice its name, its label, what is chosen, and what there is to choose from."""
        return [("size", "字号", self.size, SIZES), ("script", "文字", self.script, SCRIPTS)]

    def keep_in(self, response: HttpResponseBase) -> None:
        """Stores the choice in a cookie for a year; the default needs none."""
        if self == Preferences():
            response.delete_cookie(COOKIE, samesite="Lax")
        else:
            response.set_cookie(
                COOKIE,
                str(self),
                max_age=COOKIE_SECONDS,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )


class PreferencesForm(forms.Form):
    """Takes one choice, and the page to go back to. What is left out stays as it was."""

    size = forms.ChoiceField(choices=list(SIZES.items()), required=False)
    script = forms.ChoiceField(choices=list(SCRIPTS.items()), required=False)
    back = forms.CharField(required=False)

    def changed(self, before: Preferences) -> Preferences:
        """Returns `before` with what was chosen here; a choice that does not exist changes nothing."""
        self.full_clean()
        chosen = {name: self.cleaned_data.get(name) for name in ("size", "script")}
        return replace(before, **{name: value for name, value in chosen.items() if value})

    def way_back(self, request: HttpRequest) -> str:
        """Returns the page to go back to: one of ours, else home."""
        self.full_clean()
        return own_address(request, self.cleaned_data.get("back", "")) or "/"
