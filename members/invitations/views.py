"""What somebody sees who was invited, without a log-in. A link that is over tells no name and no address."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from members.invitations import accepting, inviting
from members.invitations.accepting import HasAccount, InvitationOver
from members.invitations.forms import AcceptForm, EmailForm
from members.invitations.models import KEPT_DAYS, Invitation
from members.people.accounts import having_email, name_of
from members.people.refusals import PeopleRefused

GONE, UNKNOWN, UNPROCESSABLE = 410, 404, 422


@sensitive_post_parameters("password1", "password2")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, token: str) -> HttpResponse:
    """Shows who invites to what, and makes the account."""
    invitation = Invitation.objects.of_token(token)
    if invitation is None:
        return _over(request, None)
    if not invitation.is_open:
        return _over(request, invitation)
    if invitation.domain:
        return _ask(request, invitation)
    if invitation.email and having_email(invitation.email).exists():
        return _page(request, "members/invitations/known.html", invitation, status=GONE)
    form = AcceptForm(invitation, request.POST or None)
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            accepting.accept(
                invitation,
                name=chosen["first_name"],
                email=chosen["email"],
                password=chosen["password1"],
            )
        except InvitationOver:
            return _over(request, Invitation.objects.get(pk=invitation.pk))
        except HasAccount:
            form.add_error("email", "这个邮箱已经有账号，没有再建一个。请直接登录，或者换一个邮箱。")
        else:
            return _page(
                request, "members/invitations/accepted.html", invitation, person=chosen["first_name"]
            )
    status = UNPROCESSABLE if form.is_bound else 200
    return _page(request, "members/invitations/show.html", invitation, form=form, status=status)


def _ask(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Asks for an address of the domain; the answer is the same for each."""
    form = EmailForm(request.POST or None)
    if form.is_valid():
        try:
            inviting.ask(invitation, form.cleaned_data["email"], site=site_of(request))
        except PeopleRefused as refused:
            form.add_error("email", str(refused))
        else:
            return _page(
                request, "members/invitations/mailed.html", invitation, email=form.cleaned_data["email"]
            )
    status = UNPROCESSABLE if form.is_bound else 200
    return _page(request, "members/invitations/domain.html", invitation, form=form, status=status)


def site_of(request: HttpRequest) -> str:
    """Returns where this site is reached, as the browser has it: `https://example.org`."""
    return request.build_absolute_uri("/").rstrip("/")


def _page(
    request: HttpRequest, template: str, invitation: Invitation, *, status: int = 200, **context: object
) -> HttpResponse:
    inviter = name_of(invitation.invited_by) if invitation.invited_by else ""
    context = {
        "invitation": invitation,
        "inviter": inviter,
        "login": resolve_url(settings.LOGIN_URL),
        **context,
    }
    return render(request, template, context, status=status)


def _over(request: HttpRequest, invitation: Invitation | None) -> HttpResponse:
    """The one page of links that let nobody in; it says no name and no address."""
    state = invitation.state if invitation else ""
    context = {"state": state, "days": KEPT_DAYS, "login": resolve_url(settings.LOGIN_URL)}
    return render(request, "members/invitations/over.html", context, status=GONE if invitation else UNKNOWN)
