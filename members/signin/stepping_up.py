"""A view that asks who it is once more, when the last proof is some minutes old."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]


def step_up(view: View) -> View:
    """Lets nobody into a view who has not given password or second factor within ACCOUNT_REAUTHENTICATION_TIMEOUT.

    Others are asked for it, and then go on to where they wanted. What was posted is kept in the session meanwhile and
    posted again by django-allauth, but for passwords. Someone who is not logged in is sent to the log-in.

    For a class: `@method_decorator(step_up, name="dispatch")`.
    """

    @wraps(view)
    def stepped_up(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # Its models are not loaded when this module is: settings and models of ours import the package.
        from allauth.account.decorators import reauthentication_required
        from allauth.core.exceptions import ReauthenticationRequired

        try:
            answer: HttpResponseBase = reauthentication_required(view)(request, *args, **kwargs)
        except ReauthenticationRequired:
            posted = request.POST.copy()
            for name in [name for name in posted if "password" in name]:
                del posted[name]
            request.POST = posted  # type: ignore[assignment]
            raise
        return answer

    return stepped_up
