"""Answers a failed write (a full disk, a locked database) by a 507 or 503 page, not a 500.

Django would answer with its 500 page, which says that the site is broken. It is not: what was there is read as before,
the change was rolled back as a whole, and it can be sent again once there is room.
"""

from __future__ import annotations

import errno
import logging
import sqlite3
from http import HTTPStatus
from typing import NamedTuple

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin

from archive.addresses import own_address
from archive.media import MediaUnavailable

logger = logging.getLogger(__name__)

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class WriteError(NamedTuple):
    """Why the database can not write, in words for editors, and who can help."""

    status: HTTPStatus
    text: str
    remedy: str


FULL = WriteError(
    HTTPStatus.INSUFFICIENT_STORAGE,
    "服务器的磁盘满了，存不进内容。",
    "请告诉管理员：腾出磁盘空间就好，不用重启网站。",
)
UNWRITABLE = WriteError(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "数据库现在只能读，不能写。",
    "请告诉管理员：看看数据目录的权限和磁盘，是不是被挂成了只读，或者满了、坏了。",
)
BUSY = WriteError(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "数据库正忙着存别的内容，等了很久也没有轮到。",
    "请过一会儿再存一次。总是这样的话，请告诉管理员。",
)
NO_PLACE_FOR_FIGURES = WriteError(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "存放图片的服务器现在不能用，图片存不进去。",
    "请过一会儿再存一次。总是这样的话，请告诉管理员：看看 /readyz 里的 figures。",
)
_OF_SQLITE = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: UNWRITABLE,
    sqlite3.SQLITE_IOERR: UNWRITABLE,
    sqlite3.SQLITE_CANTOPEN: UNWRITABLE,
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
}
_OF_POSTGRESQL = {"53100": FULL, "25006": UNWRITABLE, "55P03": BUSY}
"""Codes of disk_full, read_only_sql_transaction and lock_not_available."""


_OF_DISKS = {errno.ENOSPC: FULL, errno.EDQUOT: FULL, errno.EROFS: UNWRITABLE}


def write_error_of(error: BaseException) -> WriteError | None:
    """Returns what keeps the database from storing, if that is what `error` says; None for any other error."""
    if isinstance(error, MediaUnavailable):
        return NO_PLACE_FOR_FIGURES
    if isinstance(error, OSError) and error.errno in _OF_DISKS:
        return _OF_DISKS[error.errno]
    cause = error.__cause__
    if not isinstance(error, DatabaseError) or cause is None:
        return None
    if isinstance(cause, sqlite3.Error):
        return _OF_SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)  # without the extended code
    return _OF_POSTGRESQL.get(str(getattr(cause, "sqlstate", "")))


class DatabaseWriteErrorMiddleware(MiddlewareMixin):
    """Answers a database error of a write by a page that says so, in place of Django's 500."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answers when a view raised, after its transaction was rolled back."""
        write_error = write_error_of(exception)
        if write_error is None:
            return None
        logger.error("%s %s: nothing was stored: %s", request.method, request.path, exception)
        was_sent = request.method not in SAFE_METHODS
        context = {"write_error": write_error, "was_sent": was_sent, "back": _form_of(request)}
        page = render_to_string("write_error.html", context)
        return HttpResponse(page, status=write_error.status, headers={"Cache-Control": "no-store"})


def _form_of(request: HttpRequest) -> str:
    """Returns the page that the request came from; of a form of the admin, the form."""
    if referer := own_address(request, request.headers.get("Referer", "")):
        return referer
    return request.path if request.path.startswith(reverse("admin:index")) else "/"
