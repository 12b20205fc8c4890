"""A form that is sent twice is carried out once: a second click, a reload, a press of “Back” lead to what is stored.

A form carries a random token (`{% form_token %}`). What became of it is kept with it, so that the second of two equal
forms is answered with the result of the first: the same page, with the same words on it.

    with sent_once(request) as sent:      # one transaction; of two at once, the second waits here for the first
        if sent.answer:
            return sent.again()
        ...                               # carried out; an exception, or a return without `done`, remembers nothing
        return sent.done("/admin/…", "已发布。")

Two forms of two windows have two tokens: that the second finds nothing to do any more is for each use case to see.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

from archive.kept_forms import SavedForm

FIELD = "form_token"
KEPT_FOR = dt.timedelta(days=7)
_REPEATED = "这份表单刚才已经保存过了，没有重复保存。"
_DIFFERS_BY_ITSELF = "csrfmiddlewaretoken"


def new_token() -> str:
    """Returns a token for one form."""
    return secrets.token_hex(16)


class SentForm:
    """A form that was sent, and what became of it when it was sent before."""

    def __init__(self, request: HttpRequest, saved: SavedForm | None, digest: str) -> None:
        self._request = request
        self._saved = saved
        self._digest = digest
        self.answer = saved.answer if saved and saved.digest == digest else ""
        """Where the same form led when it was sent before; empty for one that is new."""

    def again(self) -> HttpResponseRedirect:
        """Leads to where the same form led, with the same words."""
        said = self._saved.said if self._saved else ""
        # Safe: `remember` escaped it.
        messages.info(self._request, mark_safe(said) if said else _REPEATED)  # noqa: S308
        return HttpResponseRedirect(self.answer)

    def done(self, to: object, said: str = "", level: int = messages.SUCCESS) -> HttpResponseRedirect:
        """Says `said`, leads to `to` (an address, a URL's name, or something with an address), and remembers both."""
        address = resolve_url(to)  # type: ignore[arg-type]
        if said:
            messages.add_message(self._request, level, said)
        self.remember(address, said)
        return HttpResponseRedirect(address)

    def remember(self, address: str, said: str = "") -> None:
        """Keeps where this form led, and the words that were said."""
        if self._saved is None:
            return
        SavedForm.objects.filter(saved_at__lt=timezone.now() - KEPT_FOR).delete()
        said = conditional_escape(said)
        SavedForm.objects.filter(pk=self._saved.pk).update(
            digest=self._digest, answer=address[:500], said=said
        )


@contextmanager
def sent_once(request: HttpRequest) -> Iterator[SentForm]:
    """Gives the form that was sent; around it is a transaction. A form without a token is always new."""
    token, digest = request.POST.get(FIELD, "")[:32], _digest(request)
    with transaction.atomic():
        yield SentForm(request, _saved_form(token) if token else None, digest)


def _saved_form(token: str) -> SavedForm:
    SavedForm.objects.bulk_create([SavedForm(token=token)], ignore_conflicts=True)
    return SavedForm.objects.select_for_update().get(token=token)


def _digest(request: HttpRequest) -> str:
    """Returns a hash of everything that was sent, and by whom, but for what differs each time by itself."""
    sent: list[object] = [request.user.pk, request.path]
    sent += sorted((key, values) for key, values in request.POST.lists() if key != _DIFFERS_BY_ITSELF)
    for key, files in sorted(request.FILES.lists()):
        sent.append((key, [_hash_of(file) for file in files]))
    return hashlib.sha256(repr(sent).encode()).hexdigest()


def _hash_of(file: UploadedFile[bytes]) -> str:
    content = hashlib.sha256()
    for chunk in file.chunks():
        content.update(chunk)
    file.seek(0)
    return content.hexdigest()
