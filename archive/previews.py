"""Previews of issues that are not public: the real pages, for staff or by a signed link.

A link is good for a week, for one issue, and ends when the issue is withdrawn or the editor ends it
(`Issue.preview_key` changes). Once the issue is public, its link leads to the public page.
"""

from __future__ import annotations

from typing import TypeVar

from django.core import signing
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from archive.models import Figure, Issue
from archive.views import PreviewAddresses, article_page, figure_response, issue_page, may_see_drafts

SALT = "archive.preview"
MAX_AGE_DAYS = 7
MAX_DIGITS = 18
"""Of an issue's number: what every database can look up."""
_Response = TypeVar("_Response", bound=HttpResponseBase)


class LinkExpired(Http404):
    """A preview link is too old, was ended, or was never one of ours."""


def link_for(issue: Issue) -> str:
    """Returns the address of a preview that needs no log-in, for MAX_AGE_DAYS from now."""
    token = signing.dumps([issue.pk, issue.preview_key], salt=SALT)
    return reverse("archive:preview-issue", args=[token])


def preview(request: HttpRequest, token: str, pk: int | None = None) -> HttpResponse:
    """Shows the page of an issue, or of one of its articles, as it will be."""
    try:
        issue = _issue_of(request, token)
    except LinkExpired:
        return _private(render(request, "archive/preview_expired.html", status=410))
    addresses = PreviewAddresses(issue, token)
    if pk is None:
        return _private(redirect(issue) if issue.is_published else issue_page(request, issue, addresses))
    article = get_object_or_404(issue.articles.all(), pk=pk)
    article.issue = issue
    return _private(redirect(article) if issue.is_published else article_page(request, article, addresses))


def figure_preview(request: HttpRequest, token: str, pk: int) -> FileResponse | HttpResponse:
    """Answers with the image file of a figure of the issue."""
    issue = _issue_of(request, token)
    return _private(figure_response(get_object_or_404(Figure, pk=pk, article__issue=issue)))


def _issue_of(request: HttpRequest, token: str) -> Issue:
    """Returns the issue that the signed `token`, or for staff its plain number, stands for."""
    if token.isdecimal():
        if not may_see_drafts(request):
            raise Http404("previews by number are for editors")
        return get_object_or_404(Issue, pk=int(token) if len(token) <= MAX_DIGITS else 0)
    try:
        pk, key = signing.loads(token, salt=SALT, max_age=MAX_AGE_DAYS * 24 * 3600)
    except signing.BadSignature:  # SignatureExpired is one
        raise LinkExpired from None
    issue = Issue.objects.filter(pk=pk, preview_key=key).first()
    if issue is None:
        raise LinkExpired
    return issue


def _private(response: _Response) -> _Response:
    """Forbids caches to keep the response and search engines to list it."""
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
