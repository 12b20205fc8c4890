"""Pages that say that something is not there, not allowed, not understood, or went wrong.

Django's own views of them check the CSRF token of what was posted, for forms in the page. Where a body can not be read,
that fails once more, and a 404 or 400 becomes a 500. These pages need no such check.
"""

from __future__ import annotations

import sys
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from config.database_away import database_away, is_away


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answers in place of `django.views.defaults.page_not_found`."""
    return render(request, "404.html", status=HTTPStatus.NOT_FOUND)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answers in place of `django.views.defaults.permission_denied`."""
    context = {"exception": str(exception)}
    return render(request, "403.html", context, status=HTTPStatus.FORBIDDEN)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answers in place of `django.views.defaults.bad_request`. Nothing of the request is looked at again.

    A session that could not be saved is no fault of the request's while the database is away.
    """
    if is_away(exception):
        return database_away(request)
    return HttpResponse(render_to_string("400.html"), status=HTTPStatus.BAD_REQUEST)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answers in place of `django.views.defaults.server_error`. Nothing of the request is looked at again.

    It is called while the error is handled. That the database is away is no fault of ours, and passes.
    """
    if is_away(sys.exception()):
        return database_away(request)
    return HttpResponse(render_to_string("500.html"), status=HTTPStatus.INTERNAL_SERVER_ERROR)
