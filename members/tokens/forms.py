"""The form of a new token."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.contrib.auth.models import User
from django.utils import timezone

from archive.basket.items import printable
from members.tokens.issuing import MOST, NameTaken, TooManyTokens, make
from members.tokens.models import Token

MAX_NAME = 40


class TokenForm(forms.Form):
    """A name, and how long the token is good for."""

    name = forms.CharField(
        label="名称",
        max_length=MAX_NAME,
        help_text="写用在哪里，例如：手机上的阅读器",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "请写一个名称，以后好认。",
            "max_length": f"名称最多 {MAX_NAME} 个字，请写短一些。",
        },
    )
    days = forms.ChoiceField(
        label="有效期",
        required=False,
        choices=[("30", "30 天"), ("90", "90 天"), ("365", "一年"), ("", "一直有效，直到停用")],
        error_messages={"invalid_choice": "请从列出的有效期里选一个。"},
    )

    def clean_name(self) -> str:
        name = " ".join(printable(self.cleaned_data["name"]).split())
        if not name:
            raise forms.ValidationError(self.fields["name"].error_messages["required"])
        return name

    def issue(self, user: User) -> tuple[Token, str] | None:
        """Makes the token of a valid form; None, with an error in the form, when this member can have none such."""
        days = self.cleaned_data["days"]
        expires_at = timezone.now() + dt.timedelta(days=int(days)) if days else None
        try:
            return make(user, self.cleaned_data["name"], expires_at)
        except NameTaken:
            self.add_error("name", "已经有这个名称的令牌。请换一个名称，或先停用原来的。")
        except TooManyTokens:
            self.add_error(None, f"最多 {MOST} 个令牌。请先停用不用的。")
        return None
