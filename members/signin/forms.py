"""django-allauth's forms where they must do something else, and the words of all of them."""

from __future__ import annotations

import re
from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.contrib.auth.models import User
from django.http import HttpRequest

from archive.counting import is_first
from members.signin import devices, lockout
from members.signin.adapters import refused
from members.signin.tasks import send_reset_mail

CODE_SECONDS = 120
"""Longer than a code of an authenticator app is good for, with the steps before and after it."""
_BETWEEN = re.compile(r"\W")
GOOD_PASSWORD = "至少 10 个字，不能全是数字，不能是常见的密码。"  # noqa: S105


class Worded(forms.Form):
    """Labels and hints of fields by the names of these, in place of what a library calls them. No placeholders."""

    labels: dict[str, str] = {}
    hints: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")


class LoginForm(Worded, account.LoginForm):
    labels = {"login": "邮箱或用户名", "password": "密码"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ReauthenticateForm(Worded, account.ReauthenticateForm):
    labels = {"password": "密码"}


class ChangePasswordForm(Worded, account.ChangePasswordForm):
    labels = {"oldpassword": "现在的密码", "password1": "新密码", "password2": "再输入一次新密码"}
    hints = {"password1": GOOD_PASSWORD}


class SetPasswordForm(Worded, account.SetPasswordForm):
    labels = {"password1": "新密码", "password2": "再输入一次新密码"}
    hints = {"password1": GOOD_PASSWORD}


class ResetPasswordKeyForm(Worded, account.ResetPasswordKeyForm):
    labels = SetPasswordForm.labels
    hints = SetPasswordForm.hints


class AddEmailForm(Worded, account.AddEmailForm):
    labels = {"email": "新邮箱"}


class ResetPasswordForm(Worded, account.ResetPasswordForm):
    """Asks for a mail. Whether the address has an account, only the worker looks up: here nothing differs by it."""

    labels = {"email": "邮箱"}

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        email: str = self.cleaned_data["email"]
        send_reset_mail.enqueue(email=email, origin=request.build_absolute_uri("/").rstrip("/"))
        return email


class CountedCode(Worded):
    """A code whose tries are counted as those of the password are."""

    user: User
    labels = {"code": "验证码"}
    hints = {"code": "验证器 App 里的六位数字，或者一个恢复码。"}

    def clean_code(self) -> str:
        name = lockout.second_factor_of(self.user)
        browser = devices.known_browser(context.request, self.user.username)
        try:
            attempt = lockout.begin(name, get_adapter().get_client_ip(context.request), browser)
        except lockout.TooManyFailures as error:
            raise refused(error) from None
        code: str = super().clean_code()  # type: ignore[misc]
        # django-allauth notes used codes in the default cache, which may be each process's own.
        if not is_first("code", f"{self.user.pk} {re.sub(_BETWEEN, '', code)}", CODE_SECONDS):
            raise forms.ValidationError(get_adapter().error_messages["incorrect_code"], code="incorrect_code")
        lockout.succeeded(attempt)
        return code


class AuthenticateForm(CountedCode, mfa.AuthenticateForm):
    pass


class ReauthenticateByCodeForm(CountedCode, mfa.ReauthenticateForm):
    pass


class ActivateTOTPForm(Worded, totp.ActivateTOTPForm):
    labels = {"code": "App 里显示的六位数字"}


class NameForm(forms.ModelForm):
    """The name that others see."""

    class Meta:
        model = User
        fields = ["first_name"]
        labels = {"first_name": "姓名"}
