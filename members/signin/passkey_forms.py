"""django-allauth's forms of passkeys, apart from the others: their libraries take a tenth of loading the site."""

from __future__ import annotations

import struct
from typing import Any

from allauth.mfa.webauthn import forms as webauthn
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django import forms

from members.signin.forms import Worded

UNREADABLE = "没有认出这把通行密钥，请再试一次。"
MALFORMED = (
    LookupError,
    AttributeError,
    TypeError,
    ValueError,
    struct.error,
    InvalidSignature,
    UnsupportedAlgorithm,
)
"""What the libraries raise of an answer that no browser gives: anyone can send one."""


class CheckedCredential(forms.Form):
    """An answer of a passkey. One that can not be read is refused like one that is wrong."""

    def clean_credential(self) -> Any:
        read = getattr(super(), "clean_credential", lambda: self.cleaned_data["credential"])
        try:
            return read()
        except MALFORMED:
            raise forms.ValidationError(UNREADABLE, code="incorrect_code") from None

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean() or self.cleaned_data
        except MALFORMED:
            raise forms.ValidationError(UNREADABLE, code="incorrect_code") from None


class LoginWebAuthnForm(CheckedCredential, webauthn.LoginWebAuthnForm):
    pass


class AuthenticateWebAuthnForm(CheckedCredential, webauthn.AuthenticateWebAuthnForm):
    pass


class ReauthenticateWebAuthnForm(CheckedCredential, webauthn.ReauthenticateWebAuthnForm):
    pass


class AddWebAuthnForm(Worded, CheckedCredential, webauthn.AddWebAuthnForm):
    labels = {"name": "名称", "passwordless": "不用密码，单凭它就能登录"}
    hints = {"name": "以后认得出是哪一把，例如“办公室的电脑”。"}


class EditWebAuthnForm(Worded, webauthn.EditWebAuthnForm):
    labels = {"name": "名称"}
