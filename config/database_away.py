"""Answers while PostgreSQL restarts or can not be reached by a 503 page, not a 500: it will be back in a moment.

Whatever asks the database meets it first, a middleware as well as a view, so the page stands where Django's 500 page
would (`config.error_pages.server_error`).
"""

from __future__ import annotations

from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from config.write_errors import SAFE_METHODS

RETRY_SECONDS = 5
_ENDED = ("08", "57P")
"""What codes of a lost connection begin with: admin_shutdown, crash_shutdown, cannot_connect_now."""


def is_away(error: BaseException | None) -> bool:
    """Whether an error says that there is no connection to the database, or no longer, or was met by one that does.

    A connection that is not made, or ends without a word, has no code. Django's sessions turn it into a 400.
    """
    import psycopg  # takes a tenth of a start, and SQLite needs none

    while error is not None:
        cause = error.__cause__ or error.__context__
        if isinstance(error, OperationalError | InterfaceError) and isinstance(
            cause, psycopg.OperationalError | psycopg.InterfaceError
        ):
            return cause.sqlstate is None or cause.sqlstate.startswith(_ENDED)
        error = cause
    return False


def database_away(request: HttpRequest) -> HttpResponse:
    """Says that it is so, and to come again; whoever sent a form, that sending it again stores it once."""
    context = {"was_sent": request.method not in SAFE_METHODS, "seconds": RETRY_SECONDS}
    page = render_to_string("database_away.html", context)
    headers = {"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"}
    return HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE, headers=headers)
