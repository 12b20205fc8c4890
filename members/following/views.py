"""The list of follows, the button, and the JSON for who has no account."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from archive.addresses import own_address
from archive.preferences import Preferences
from archive.punctuation import full_width
from archive.templatetags.archive_tags import dates_text
from archive.traditional import to_traditional
from members.alerts.settings import choices_of
from members.following import arrivals, changes
from members.following.changes import MOST
from members.following.forms import ButtonForm, KeptForm, RowForm
from members.following.listing import Row, listing, listing_of
from members.following.models import MAX_NAME, Follow
from members.following.subjects import FollowRefused, read_subject

_BAD_REQUEST = 400
PAGE = "following:list"


@never_cache
@require_safe
def follows(request: HttpRequest) -> HttpResponse:
    """Shows what somebody follows: from the account, or else an empty list that the browser fills from its own."""
    shown = listing_of(request.user) if request.user.is_authenticated else None
    choices = choices_of(request.user) if request.user.is_authenticated else {}
    context = {
        "rows": [(row, choices.get(row.pk, [])) for row in shown.rows] if shown else [],
        "listing": shown,
        "pattern": Row(),
        "most": MOST,
        "most_name": MAX_NAME,
    }
    return render(request, "members/following/list.html", context)


@never_cache
@login_required
@require_POST
def button(request: HttpRequest) -> HttpResponseRedirect:
    """Follows a subject, or ends that, and leads back to where the button stands."""
    form, user = ButtonForm(request.POST), cast(User, request.user)
    if not form.is_valid():
        messages.error(request, "没有看懂要关注什么，没有保存。请回到那一页再点一次“关注”。")
        return redirect(PAGE)
    try:
        if form.cleaned_data["do"] == "end":
            changes.end(user, form.cleaned_data["key"])
        else:
            changes.follow(user, read_subject(form.cleaned_data["key"]))
    except FollowRefused as refused:
        messages.error(request, str(refused))
        return redirect(PAGE)
    return redirect(own_address(request, form.cleaned_data["back"]) or PAGE)


@never_cache
@login_required
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Does something with one that is followed: what its button says."""
    one = get_object_or_404(Follow.objects.select_related("user"), pk=pk, user=cast(User, request.user))
    form = RowForm(request.POST)
    if not form.is_valid():
        messages.error(request, "没有看懂要做什么，什么都没有改。请再点一次。")
        return redirect(PAGE)
    asked = form.cleaned_data
    match asked["do"]:
        case "read":
            changes.mark_read(Follow.objects.filter(pk=one.pk), asked["upto"])
        case "up" | "down" as way:
            changes.move(one, -1 if way == "up" else 1)
        case "pause" | "resume" as way:
            changes.pause(one, is_paused=way == "pause")
        case "rename":
            try:
                changes.rename(one, asked["name"])
            except FollowRefused as refused:
                messages.error(request, str(refused))
        case "end":
            changes.end(one.user, one.key)
    return redirect(PAGE)


@never_cache
@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponseRedirect:
    """Marks everything as read that the page has shown."""
    form = RowForm({**request.POST.dict(), "do": "read"})
    if form.is_valid():
        changes.mark_read(Follow.objects.filter(user=cast(User, request.user)), form.cleaned_data["upto"])
    return redirect(PAGE)


@never_cache
@login_required
@require_POST
def take_over(request: HttpRequest) -> JsonResponse:
    """Adds what a browser has kept to the account's list; says what stays there because there is no room."""
    form = KeptForm(request.POST)
    if not form.is_valid():
        return _refused(form)
    return JsonResponse({"left": changes.take_over(cast(User, request.user), form.cleaned_data["follows"])})


@csrf_exempt  # it changes nothing, and pages for who is not logged in are kept without a token
@never_cache
@require_POST
def news(request: HttpRequest) -> JsonResponse:
    """Tells what is new in what a browser has kept. The number up to which it was looked at is what is read next."""
    form = KeptForm(request.POST)
    if not form.is_valid():
        return _refused(form)
    last = arrivals.latest()
    kept = [
        Follow(
            key=one["key"],
            name=one["name"],
            seen=last if one["seen"] is None else one["seen"],
            is_paused=one["is_paused"],
        )
        for one in form.cleaned_data["follows"]
    ]
    shown = listing(kept)
    rows = [_as_json(request, row) for row in shown.rows]
    return JsonResponse({"upto": shown.upto, "new": shown.new, "follows": rows})


def _as_json(request: HttpRequest, row: Row) -> dict[str, object]:
    in_script = to_traditional if Preferences.of(request).is_traditional else str
    wide = full_width if settings.FULL_WIDTH_PUNCTUATION else str
    return {
        "key": row.key,
        "kind": in_script(row.kind),
        "name": row.given or in_script(row.name),
        "url": row.url,
        "count": row.count,
        "newest": [
            {
                "title": in_script(wide(article.title)),
                "url": article.get_absolute_url(),
                "place": in_script(dates_text(article.issue)),
            }
            for article in row.newest
        ],
    }


def _refused(form: KeptForm) -> JsonResponse:
    said = next(str(error) for errors in form.errors.values() for error in errors)
    return JsonResponse({"error": said}, status=_BAD_REQUEST)
