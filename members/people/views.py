"""编辑室 › 人员: the list, a person, and what is done about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from desk.access import first_error
from members.invitations.models import Invitation
from members.invitations.views import site_of
from members.people import changes, passwords, work
from members.people.accounts import name_of
from members.people.forms import DescriptionForm, ListForm, RoleForm, TakerForm
from members.people.listing import GROUPS_OF_THE_LIST, people, shown
from members.people.pages import manager_of, page
from members.people.refusals import PeopleRefused

EACH_PAGE = 50


@require_safe
def people_list(request: HttpRequest) -> HttpResponse:
    """Lists the accounts, and says how many invitations wait."""
    form = ListForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {"q": "", "role": ""}
    found = Paginator(people(chosen["role"], chosen["q"]), EACH_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "members/people/list.html",
        "人员",
        form=form,
        page=found,
        people=shown(found.object_list),
        narrowed_to=chosen["role"],
        q=chosen["q"],
        choices=GROUPS_OF_THE_LIST,
        waiting=Invitation.objects.open().count(),
    )


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows an account, and what can be done about it."""
    return _show(request, _account(pk))


def _show(request: HttpRequest, user: User, **context: Any) -> HttpResponse:
    manager = manager_of(request)
    [one] = shown([user])
    return page(
        request,
        "members/people/person.html",
        one.name,
        person=one,
        is_own=user == manager,
        is_out_of_reach=user.is_superuser and not manager.is_superuser,
        description=DescriptionForm(initial={"name": user.get_full_name(), "email": user.email}),
        role_form=RoleForm(user, manager),
        work=work.open_work(user),
        taker=TakerForm(user),
        **context,
    )


@require_POST
def change(request: HttpRequest, pk: int, do: Callable[[HttpRequest, User], str]) -> HttpResponse:
    """Does one thing about an account and says what; leads back to it."""
    try:
        messages.success(request, do(request, _account(pk)))
    except PeopleRefused as refused:
        messages.error(request, str(refused))
    return redirect("people:person", pk)


@require_POST
def send_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Mails a link to choose a new password; where that can not be, shows it to be handed over."""
    user = _account(pk)
    try:
        link = passwords.send_password_link(user, by=manager_of(request), site=site_of(request))
    except PeopleRefused as refused:
        messages.error(request, str(refused))
        return redirect("people:person", pk)
    if link:
        return _show(request, user, password_link=link)
    messages.success(request, f"新密码链接正在发到 {user.email}，几分钟内会到。")
    return redirect("people:person", pk)


# --- What is done: each says what it did -----------------------------------------------------------------


def change_role(request: HttpRequest, user: User) -> str:
    """Gives another role."""
    manager = manager_of(request)
    role = _cleaned(RoleForm(user, manager, request.POST))["role"]
    changes.change_role(user, role, by=manager)
    return f"{name_of(user)}现在是{role}。"


def deactivate(request: HttpRequest, user: User) -> str:
    """Keeps somebody out."""
    changes.deactivate(user, by=manager_of(request))
    return f"{name_of(user)}的账号停用了，已经退出登录，不能再进来。写过的内容都在。"


def activate(request: HttpRequest, user: User) -> str:
    """Lets somebody in again."""
    changes.activate(user, by=manager_of(request))
    return f"{name_of(user)}的账号启用了，用原来的密码就能登录。"


def describe(request: HttpRequest, user: User) -> str:
    """Writes down a name and an address."""
    sent = _cleaned(DescriptionForm(request.POST))
    account = changes.describe(user, name=sent["name"], email=sent["email"], by=manager_of(request))
    return f"已保存{name_of(account)}的姓名和邮箱。"


def unlock(request: HttpRequest, user: User) -> str:
    """Lets somebody try their password again."""
    changes.unlock(user, by=manager_of(request))
    return f"{name_of(user)}的账号解锁了，可以马上再登录。"


def hand_over(request: HttpRequest, user: User) -> str:
    """Makes open work another's."""
    to = _cleaned(TakerForm(user, request.POST))["to"]
    found = work.hand_over(user, to, by=manager_of(request))
    return f"已移交给{name_of(to)}：{'、'.join(found.parts)}。"


def _account(pk: int) -> User:
    return get_object_or_404(User.objects.select_related("last_seen").prefetch_related("groups"), pk=pk)


def _cleaned(form: Form) -> dict[str, Any]:
    if not form.is_valid():
        raise PeopleRefused(first_error(form))
    return form.cleaned_data
