"""What the list of follows is told."""

from __future__ import annotations

import json
from typing import Any

from django import forms

from archive.basket.items import printable
from members.following.changes import MOST
from members.following.models import MAX_KEY, MAX_NAME

LARGEST_NUMBER = 2**53 - 1
"""JavaScript knows no larger one."""
UNREADABLE = "浏览器里的关注读不出来，没有保存。"


class ButtonForm(forms.Form):
    """The button: what it is about, whether it follows or ends, and the page to go back to."""

    key = forms.CharField(max_length=2 * MAX_KEY)
    do = forms.ChoiceField(choices=[("follow", ""), ("end", "")])
    back = forms.CharField(required=False)


class RowForm(forms.Form):
    """What is done with one that is followed."""

    DONE = ("read", "up", "down", "pause", "resume", "rename", "end")

    do = forms.ChoiceField(choices=[(one, "") for one in DONE])
    upto = forms.IntegerField(min_value=0, max_value=LARGEST_NUMBER, required=False)
    name = forms.CharField(required=False)

    def clean_name(self) -> str:
        return " ".join(printable(self.cleaned_data["name"]).split())

    def clean_upto(self) -> int:
        return self.cleaned_data["upto"] or 0


class KeptForm(forms.Form):
    """What a browser has kept: `[{"key": "q=HBM4", "name": "", "seen": 17, "isPaused": false}]`, MOST at most."""

    follows = forms.CharField(max_length=MOST * 10 * MAX_KEY)

    def clean_follows(self) -> list[dict[str, Any]]:
        try:
            listed = json.loads(self.cleaned_data["follows"])
            kept = [_kept(one) for one in listed]
        except (ValueError, TypeError, KeyError, RecursionError):
            raise forms.ValidationError(UNREADABLE) from None
        if len(kept) > MOST:
            raise forms.ValidationError(f"关注了 {len(kept)} 个，最多 {MOST} 个。没有保存。")
        return kept


def _kept(one: dict[str, Any]) -> dict[str, Any]:
    """Returns one of them as it may be stored. Raises TypeError, ValueError, KeyError for what is nothing like it."""
    key, seen = one["key"], one.get("seen")
    if not isinstance(key, str) or len(key) > 2 * MAX_KEY or not isinstance(one.get("name", ""), str):
        raise TypeError
    if seen is not None and (not isinstance(seen, int) or not 0 <= seen <= LARGEST_NUMBER):
        raise ValueError
    name = " ".join(printable(one.get("name", "")).split())[:MAX_NAME]
    return {"key": key, "name": name, "seen": seen, "is_paused": bool(one.get("isPaused"))}
