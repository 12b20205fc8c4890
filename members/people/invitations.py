"""编辑室 › 人员 › 邀请: who was invited and what became of it; inviting, once more, taking back."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from archive.once import sent_once
from members import mailing
from members.invitations import inviting
from members.invitations.addresses import Pasted, read_addresses
from members.invitations.forms import AddressesForm, DomainForm, LinkForm
from members.invitations.inviting import Invited
from members.invitations.models import KEPT_DAYS, Invitation
from members.invitations.views import site_of
from members.people.pages import manager_of, page
from members.people.refusals import PeopleRefused

EACH_PAGE = 50
UNPROCESSABLE = 422
_SHOWN_AT_MOST = 20
"""So many addresses are named in a message."""


@require_safe
def invitations(request: HttpRequest) -> HttpResponse:
    """Lists the invitations, each with its link as long as it lets somebody in."""
    found = Invitation.objects.select_related("invited_by", "used_by")
    return page(
        request,
        "members/people/invitations.html",
        "邀请过谁",
        page=Paginator(found, EACH_PAGE).get_page(request.GET.get("page")),
        site=site_of(request),
        sends_mail=mailing.is_configured(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, kind: str = "addresses") -> HttpResponse:
    """Shows the three ways to invite, and goes one of them."""
    forms = {name: form(auto_id=f"{name}_%s") for name, (form, _) in _WAYS.items()}
    status = 200
    if request.method == "POST":
        form_class, go = _WAYS[kind]
        form = forms[kind] = form_class(request.POST, auto_id=f"{kind}_%s")
        if form.is_valid():
            with sent_once(request) as sent:
                if sent.answer:
                    return sent.again()
                try:
                    said, level = go(request, form)
                except PeopleRefused as refused:
                    form.add_error(None, str(refused))
                else:
                    return sent.done("people:invitations", said, level)
        status = UNPROCESSABLE
    return page(
        request,
        "members/people/invite.html",
        "邀请",
        status,
        **forms,
        days=KEPT_DAYS,
        sends_mail=mailing.is_configured(),
    )


def _invite_addresses(request: HttpRequest, form: Form) -> tuple[str, int]:
    pasted = read_addresses(form.cleaned_data["addresses"])
    if not pasted.addresses:
        raise PeopleRefused(f"没有找到邮箱，没有邀请。看到的是：{_some(pasted.bad) or '空白'}。")
    role = form.cleaned_data["role"]
    invited = inviting.invite(pasted.addresses, role, by=manager_of(request), site=site_of(request))
    return _told(invited, pasted, role), messages.SUCCESS if invited.invitations else messages.WARNING


def _make_link(request: HttpRequest, form: Form) -> tuple[str, int]:
    sent = form.cleaned_data
    invitation = inviting.invite_by_link(sent["role"], by=manager_of(request), name=sent["name"])
    whom = f"给{invitation.name}的" if invitation.name else ""
    return f"{whom}链接做好了，只能用一次。请复制下面的话，发给对方。", messages.SUCCESS


def _invite_domain(request: HttpRequest, form: Form) -> tuple[str, int]:
    invitation = inviting.invite_domain(form.cleaned_data["domain"], by=manager_of(request))
    return (
        f"给 @{invitation.domain} 的链接做好了，有这个邮箱的人都能用。请复制下面的话，发到群里。",
        messages.SUCCESS,
    )


_WAYS: dict[str, tuple[type[Form], Callable[[HttpRequest, Form], tuple[str, int]]]] = {
    "addresses": (AddressesForm, _invite_addresses),
    "link": (LinkForm, _make_link),
    "domain": (DomainForm, _invite_domain),
}


@require_POST
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Sends an invitation once more."""
    try:
        again = inviting.renew(_invitation(pk), by=manager_of(request), site=site_of(request))
    except PeopleRefused as refused:
        messages.error(request, str(refused))
    else:
        mailed = "邮件正在发；" if again.mail else ""
        messages.success(request, f"给{again}的链接换了新的，{KEPT_DAYS} 天内有效；{mailed}原来的不能用了。")
    return redirect("people:invitations")


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends an invitation."""
    invitation = _invitation(pk)
    try:
        inviting.revoke(invitation, by=manager_of(request))
    except PeopleRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"收回了给{invitation}的邀请，链接不能用了。")
    return redirect("people:invitations")


def _invitation(pk: int) -> Invitation:
    return get_object_or_404(Invitation, pk=pk)


def _told(invited: Invited, pasted: Pasted, role: str) -> str:
    """What became of a list, in one message."""
    mailed = any(one.mail for one in invited.invitations)
    how = "邮件正在发，也可以复制下面的话发给对方。" if mailed else "请复制下面的话，发给对方。"
    parts = [
        f"邀请了 {len(invited.invitations)} 位{role}。{how}" if invited.invitations else "没有新的邀请。"
    ]
    parts += [
        f"{what}：{_some(which)}。"
        for what, which in (
            ("已经有账号", invited.known),
            ("已经邀请过，还没有接受", invited.waiting),
            ("写了不止一次，只邀请一次", pasted.doubled),
            ("不是邮箱，没有邀请", pasted.bad),
        )
        if which
    ]
    return "".join(parts)


def _some(texts: list[str]) -> str:
    """The first of them, and how many there are when not all are named."""
    named = "、".join(text[:60] for text in texts[:_SHOWN_AT_MOST])
    return named + (f"等 {len(texts)} 个" if len(texts) > _SHOWN_AT_MOST else "")
