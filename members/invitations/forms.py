"""Forms of invitations: of whoever is invited, and of 主编 who invite."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import BaseUserCreationForm
from django.contrib.auth.models import User

from members.invitations.models import Invitation
from members.roles import MEANINGS, MEMBER
from members.signin.forms import GOOD_PASSWORD

LONGEST_EMAIL = 150
"""Characters, as many as the name that an account logs in with may have."""
LONGEST_LIST = 20_000
NOT_AN_ADDRESS = "这不是完整的邮箱地址。请写成 name@example.cn 的样子。"


class EmailForm(forms.Form):
    """An address of the alliance's, of somebody who was sent the link."""

    email = forms.EmailField(
        label="您的邮箱",
        max_length=LONGEST_EMAIL,
        error_messages={
            "required": "还没有填邮箱。",
            "invalid": NOT_AN_ADDRESS,
            "max_length": NOT_AN_ADDRESS,
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class AcceptForm(BaseUserCreationForm):
    """A name and a password; an address too, where the invitation has none."""

    class Meta:
        model = User
        fields = ["first_name", "email"]
        labels = {"first_name": "姓名", "email": "邮箱"}
        help_texts = {"email": "以后用它登录。"}
        widgets = {
            "first_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "username"}),
        }
        error_messages = {
            "first_name": {"required": "还没有填姓名。"},
            "email": {"required": "还没有填邮箱。", "invalid": NOT_AN_ADDRESS, "max_length": NOT_AN_ADDRESS},
        }

    def __init__(self, invitation: Invitation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"first_name": invitation.name}, **kwargs)
        name, email = self.fields["first_name"], self.fields["email"]
        name.required = email.required = True
        email.max_length = LONGEST_EMAIL  # type: ignore[attr-defined]
        if invitation.email:  # is shown, so that a password manager keeps it, and never read from the form
            email.disabled, self.initial["email"] = True, invitation.email
        self.fields["password1"].label, self.fields["password2"].label = "密码", "再输入一次密码"
        self.fields["password1"].error_messages["required"] = "还没有填密码。"
        self.fields["password2"].error_messages["required"] = "请再输入一次密码。"
        self.fields["password1"].help_text, self.fields["password2"].help_text = GOOD_PASSWORD, ""


class RoleForm(forms.Form):
    """Which role somebody is invited to."""

    role = forms.ChoiceField(
        label="角色",
        choices=[(role, f"{role}：{MEANINGS[role]}") for role in Invitation.ROLES],
        initial=MEMBER,
        widget=forms.RadioSelect,
        error_messages={"required": "还没有选角色。", "invalid_choice": "没有这个角色，请重新选。"},
    )


class AddressesForm(RoleForm):
    """Addresses as they were pasted."""

    addresses = forms.CharField(
        label="邮箱",
        max_length=LONGEST_LIST,
        widget=forms.Textarea(
            attrs={"rows": 5, "placeholder": "张三 <zhangsan@example.cn>", "spellcheck": "false"}
        ),
        help_text="一个或许多个，用什么隔开都行；从邮件、表格里粘贴也行。前面写着姓名的，姓名一起认。",
        error_messages={
            "required": "还没有填邮箱。",
            "max_length": f"太长了，一次最多 {LONGEST_LIST} 个字，没有邀请。请分几次。",
        },
    )
    field_order = ("addresses", "role")


class LinkForm(RoleForm):
    """A link for one person whose address is not known."""

    name = forms.CharField(
        label="姓名",
        max_length=150,
        required=False,
        help_text="可以不填。只用来让您认出这个链接是给谁的。",
    )
    field_order = ("name", "role")


class DomainForm(forms.Form):
    """A domain whose people may all come."""

    domain = forms.CharField(
        label="邮箱域名",
        max_length=254,
        widget=forms.TextInput(attrs={"placeholder": "@example.cn", "spellcheck": "false"}),
        error_messages={"required": "还没有填邮箱域名。", "max_length": "域名太长了，请只写 @ 后面的部分。"},
    )
