"""What is asked before an account is deleted."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError


class DeletionForm(forms.Form):
    """Asks for the password again: a browser that somebody left open deletes nothing.

    Who has none, and comes by another site's log-in, writes the own user name.
    """

    password = forms.CharField(
        label="密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "没有删除：还没有填密码。"},
    )
    username = forms.CharField(
        label="用户名",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "没有删除：还没有填用户名。"},
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self._user = user
        del self.fields["username" if user.has_usable_password() else "password"]

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        # Counted, and noted, like every other try of a password; too many raise what a log-in says.
        if not get_adapter().reauthenticate(self._user, password):
            raise ValidationError("没有删除：密码不对。请再填一次；忘了密码，请先重设。")
        return password

    def clean_username(self) -> str:
        username = str(self.cleaned_data["username"])
        if username != self._user.get_username():
            raise ValidationError(f"没有删除：要填的是您的用户名“{self._user.get_username()}”，请再填一次。")
        return username
