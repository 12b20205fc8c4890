"""/account/data/: everyone's own data, as a file; and the end of the account."""

from __future__ import annotations

import json
from typing import cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from members.own_data.deletion import DeletionRefused, delete_account, refusal
from members.own_data.export import own_data
from members.own_data.forms import DeletionForm
from members.trail import What, record


@sensitive_post_parameters("password")
@never_cache
@login_required
def data(request: HttpRequest) -> HttpResponse:
    """Offers the own data, and to delete the account; a POST with the password deletes it."""
    user = cast(User, request.user)
    form = DeletionForm(user, request.POST if request.method == "POST" else None)
    refused = refusal(user)
    if request.method == "POST" and not refused and form.is_valid():
        try:
            delete_account(user)
        except DeletionRefused as reason:
            refused = str(reason)
        else:
            request.session.flush()
            request.user = AnonymousUser()
            return render(request, "account/deleted.html")
    status = 400 if request.method == "POST" else 200
    context = {"form": form, "refused": refused, "trail_days": settings.TRAIL_DAYS}
    return render(request, "account/data.html", context, status=status)


@never_cache
@login_required
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """Answers with all that is kept of who asks, as JSON."""
    user = cast(User, request.user)
    found = json.dumps(own_data(user), ensure_ascii=False, indent=2)
    record(What.EXPORTED, by=user, target="自己的数据")
    response = HttpResponse(found, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="my-data-{timezone.localdate():%Y%m%d}.json"'
    return response
