"""Forms of the pages about people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.http import QueryDict

from members.people.accounts import name_of
from members.people.listing import GROUPS_OF_THE_LIST
from members.roles import ADMINISTRATOR, MEANINGS, ROLES, role_of

LONGEST_NAME = 150


class ListForm(forms.Form):
    """What the list is narrowed to."""

    q = forms.CharField(label="姓名或邮箱", max_length=100, required=False)
    role = forms.ChoiceField(choices=[(one, one) for one in ("", *GROUPS_OF_THE_LIST)], required=False)


class RoleForm(forms.Form):
    """Somebody's role; 管理员 is offered by 管理员 only."""

    role = forms.ChoiceField(
        label="角色",
        widget=forms.RadioSelect,
        error_messages={"required": "还没有选角色。", "invalid_choice": "没有这个角色，请重新选。"},
    )

    def __init__(self, person: User, by: User, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"role": role_of(person)})
        offered = [role for role in ROLES if role != ADMINISTRATOR or by.is_superuser]
        self.fields["role"].choices = [(role, f"{role}：{MEANINGS[role]}") for role in offered]  # type: ignore[attr-defined]


class DescriptionForm(forms.Form):
    """What somebody is called, and their address."""

    name = forms.CharField(
        label="姓名",
        max_length=LONGEST_NAME,
        required=False,
        error_messages={"max_length": f"姓名最多 {LONGEST_NAME} 个字，没有保存。"},
    )
    email = forms.EmailField(
        label="邮箱",
        max_length=LONGEST_NAME,
        required=False,
        error_messages={
            "invalid": "这不是完整的邮箱地址，没有保存。请写成 name@example.cn 的样子。",
            "max_length": "邮箱太长了，没有保存。",
        },
    )


class TakerForm(forms.Form):
    """Who takes over."""

    to = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label="交给",
        empty_label="请选择",
        error_messages={"required": "还没有选交给谁。", "invalid_choice": "这一位现在不能接手，请重新选。"},
    )

    def __init__(self, person: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        others = User.objects.filter(is_active=True, is_staff=True).exclude(pk=person.pk)
        field.queryset = others.prefetch_related("groups").order_by("first_name", "username")
        field.label_from_instance = lambda user: f"{name_of(user)}（{role_of(user) or '没有角色'}）"
