"""The page where members make and revoke their tokens."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from members import access
from members.tokens.forms import TokenForm
from members.tokens.issuing import revoke
from members.tokens.models import Token
from members.tokens.presented import PARAMETER


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """Shows the tokens of who is logged in; a new one is shown in the answer to the form, and never again.

    There is no redirect after the form: it would have to carry the token, or have it stored. A form that is sent twice
    is refused, because the name is taken.
    """
    user = cast(User, request.user)
    is_sent = request.method == "POST"
    form = TokenForm(request.POST if is_sent else None)
    made = form.issue(user) if is_sent and form.is_valid() else None
    feed = request.build_absolute_uri(reverse("archive:issues-feed"))
    context = {
        "tokens": Token.objects.filter(user=user).kept(),
        "made": made[0] if made else None,
        "secret": made[1] if made else "",
        "feed_with_token": f"{feed}?{urlencode({PARAMETER: made[1]})}" if made else "",
        "form": TokenForm() if made else form,
        "is_closed": access.is_closed(),
    }
    return render(request, "members/tokens.html", context, status=400 if form.errors else 200)


@never_cache
@login_required
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Revokes a token of who is logged in."""
    user = cast(User, request.user)
    revoke(get_object_or_404(Token.objects.filter(user=user), pk=pk))
    return redirect("tokens:list")
