"""The page of alerts, the buttons of follows, and the way out of a mail."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from members import mailing
from members.alerts import settings as choices
from members.alerts import whole_issues
from members.alerts.forms import ChannelForm, RhythmForm, SubscribeForm, TellForm
from members.alerts.models import Channel
from members.alerts.record import sent_to
from members.alerts.tasks import mail_confirmation
from members.alerts.unsubscribing import mails_of, unsubscribe
from members.following.models import Follow
from members.following.subjects import names_of
from members.invitations.views import site_of
from worker.backend import enqueue_once

_BAD_REQUEST = 400


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def alerts(request: HttpRequest) -> HttpResponse:
    """Shows where who is logged in is told, and what became of the last messages; sets how often mails come."""
    user = cast(User, request.user)
    mail = Channel.objects.filter(user=user, kind=Channel.Kind.MAIL).first()
    form = RhythmForm(request.POST or None, initial={"rhythm": mail.rhythm if mail else ""})
    if form.is_valid():
        choices.set_rhythm(user, form.cleaned_data["rhythm"])
        messages.success(request, "已保存。")
        return redirect("alerts:list")
    return _page(request, user, 400 if form.errors else 200, rhythm_form=form if mail else None)


@never_cache
@login_required
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Adds a robot or a program. Its secret is shown in the answer to the form, and never again: no redirect."""
    user = cast(User, request.user)
    form = ChannelForm(request.POST)
    added = form.add(user, site_of(request)) if form.is_valid() else None
    if added is None:
        return _page(request, user, _BAD_REQUEST, form=form)
    channel, secret = added
    messages.success(request, f"已添加“{channel}”。到“关注”里选要发到这里的。")
    is_new = channel.kind == Channel.Kind.WEBHOOK and not form.cleaned_data["secret"]
    return _page(request, user, secret=secret if is_new else "")


@never_cache
@login_required
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Forgets a robot or a program."""
    choices.remove_channel(_own(request, pk))
    return redirect("alerts:list")


@never_cache
@login_required
@require_POST
def test(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Has the worker send a test message by a robot, or to a program; what became of it is in the list."""
    channel = _own(request, pk)
    if choices.ask_for_test(channel):
        messages.success(request, f"正在给“{channel}”发测试消息。过几秒刷新，在下面看结果。")
    else:
        messages.error(request, f"刚给“{channel}”发过测试消息，没有再发。请过一分钟再试。")
    return redirect("alerts:list")


@never_cache
@login_required
@require_POST
def tell(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Has a follow told by a channel, or no more."""
    follow = get_object_or_404(Follow.objects.select_related("user"), pk=pk, user=cast(User, request.user))
    form = TellForm(request.POST)
    if not form.is_valid():
        messages.error(request, "没有看懂要做什么，什么都没有改。请再点一次。")
    elif form.cleaned_data["channel"] == choices.MAIL:
        _tell_by_mail(request, follow, is_on=form.cleaned_data["is_on"])
    else:
        channel = _own(request, int(form.cleaned_data["channel"]))
        (choices.tell if form.cleaned_data["is_on"] else choices.tell_no_more)(follow, channel)
    return redirect("following:list")


def _tell_by_mail(request: HttpRequest, follow: Follow, *, is_on: bool) -> None:
    if not is_on:
        for channel in Channel.objects.filter(user=follow.user, kind=Channel.Kind.MAIL):
            choices.tell_no_more(follow, channel)
    elif choices.may_mail(follow.user):
        choices.tell_by_mail(follow, site_of(request))
        messages.success(request, f"有了新文章，会发邮件到 {follow.user.email}。")
    else:
        messages.error(request, "没有设好提醒：账号还没有邮箱，或者网站还没有设好发邮件。")


def _own(request: HttpRequest, pk: int) -> Channel:
    robots = Channel.objects.exclude(kind=Channel.Kind.MAIL)
    return get_object_or_404(robots, pk=pk, user=cast(User, request.user))


def _page(request: HttpRequest, user: User, status: int = 200, **context: object) -> HttpResponse:
    told = Follow.objects.filter(user=user, subscriptions__channel__kind=Channel.Kind.MAIL)
    context = {
        "form": ChannelForm(initial={"rhythm": Channel.Rhythm.NOW}),
        "rhythm_form": None,
        "secret": "",
        "most": choices.MOST,
        "sends_mail": mailing.is_configured(),
        "told": names_of(told).values(),
        "channels": Channel.objects.filter(user=user).exclude(kind=Channel.Kind.MAIL),
        "sent": sent_to(user),
        **context,
    }
    return render(request, "members/alerts/list.html", context, status=status)


@csrf_exempt  # a mail program sends it, with nothing but the key (RFC 8058); who has the key may
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, key: str) -> HttpResponse:
    """Ends the mails that a key belongs to; a look at the page ends nothing, because programs look at links.

    The answer is the same for a key that nobody has: who clicks twice is told that it is done.
    """
    ended = mails_of(key)
    if request.method == "POST":
        unsubscribe(key, is_all=request.POST.get("do") == "all")
    context = {"is_done": request.method == "POST", "ended": ended, "key": key}
    return render(request, "members/alerts/end.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """Asks for each issue by mail. Whether an address is known already is told to nobody."""
    if not whole_issues.is_offered():
        raise Http404("issues go out by mail where the site sends mail and everybody may read")
    form = SubscribeForm(request.POST or None)
    if form.is_valid():
        email = form.cleaned_data["email"]
        with transaction.atomic():
            channel = whole_issues.ask(email, site_of(request))
            if channel is not None:
                enqueue_once(mail_confirmation, channel.pk)
        return render(request, "members/alerts/asked.html", {"email": email})
    status = _BAD_REQUEST if form.errors else 200
    return render(request, "members/alerts/subscribe.html", {"form": form}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, key: str) -> HttpResponse:
    """Confirms an address; a look at the page does not, because programs look at links."""
    is_sent = request.method == "POST"
    is_known = whole_issues.confirm(key) if is_sent else True
    context = {"is_done": is_sent and is_known, "is_over": is_sent and not is_known, "key": key}
    return render(request, "members/alerts/confirm.html", context)
