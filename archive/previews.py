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

from archive.body import with_addresses
from archive.models import Article, Figure, Issue
from archive.views import article_page, figure_response, issue_page

SALT = "archive.preview"
MAX_AGE_DAYS = 7
_Response = TypeVar("_Response", bound=HttpResponseBase)


class LinkExpired(Http404):
    """A preview link is too old, was ended, or was never one of ours."""


def link_for(issue: Issue) -> str:
    """Returns the address of a preview that needs no log-in, for MAX_AGE_DAYS from now."""
    token = signing.dumps([issue.pk, issue.preview_key], salt=SALT)
    return reverse("archive:preview-issue", args=[token])


def issue_preview(request: HttpRequest, token: str) -> HttpResponse:
    """Shows the page of an issue as it will be."""
    try:
        issue = _issue_of(request, token)
    except LinkExpired:
        return _private(render(request, "archive/preview_expired.html", status=410))
    if issue.is_published:
        return _private(redirect(issue))
    return _private(issue_page(request, issue, Addresses(issue, token)))


def article_preview(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """Shows the page of one of its articles."""
    try:
        issue = _issue_of(request, token)
    except LinkExpired:
        return _private(render(request, "archive/preview_expired.html", status=410))
    article = get_object_or_404(issue.articles.all(), pk=pk)
    if issue.is_published:
        return _private(redirect(article))
    article.issue = issue
    return _private(article_page(request, article, Addresses(issue, token)))


def figure_preview(request: HttpRequest, token: str, pk: int) -> FileResponse:
    """Answers with the image file of a figure of the issue."""
    issue = _issue_of(request, token)
    return _private(figure_response(get_object_or_404(Figure, pk=pk, article__issue=issue)))


class Addresses:
    """Addresses within the preview: pages that are not public yet can not be linked to."""

    def __init__(self, issue: Issue, token: str) -> None:
        self.issue = issue
        self._token = token

    @property
    def is_link(self) -> bool:
        """Whether this is a link to share, not an editor's own preview."""
        return self._token != str(self.issue.pk)

    @property
    def of_issue(self) -> str:
        return reverse("archive:preview-issue", args=[self._token])

    def of_article(self, article: Article) -> str:
        return reverse("archive:preview-article", args=[self._token, article.pk])

    def with_own_figures(self, body: str) -> str:
        """Returns the body with addresses of its figures that work without a log-in."""
        return with_addresses(
            body,
            lambda address: f"{self.of_issue}{address[1:]}" if address.startswith("/figures/") else address,
        )


def _issue_of(request: HttpRequest, token: str) -> Issue:
    """Returns the issue that the signed `token`, or for staff its plain number, stands for."""
    if token.isdecimal():
        if not (request.user.is_staff and request.user.has_perm("archive.view_issue")):
            raise Http404("previews by number are for editors")
        return get_object_or_404(Issue, pk=int(token))
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
