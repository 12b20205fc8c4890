"""What a reader passes on of a page: the text for an assistant, the address as a QR code for who sits in the room."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import Resolver404, resolve

from archive.addresses import address_of, own_address
from archive.markdown import whole
from archive.models import Article
from archive.qr import qr_svg

MOST = 1000
"""Characters of an address as browsers send it: with more, the squares are too small for the back of the room."""
_NO_PAGE = "没有这一页，所以没有二维码。请从页面上的“二维码”打开。"
_TOO_LONG = f"网址超过 {MOST} 个字符，二维码太密，扫不出来。请把关键词写短一些。"


class PageForm(forms.Form):
    """The page of a QR code: `?of=/articles/12/`; none is the home page."""

    of = forms.CharField(required=False)


def article_markdown(request: HttpRequest, pk: int) -> HttpResponse:
    """Answers with an article as Markdown: title, citation, address, text."""
    article = get_object_or_404(Article.objects.published().select_related("issue"), pk=pk)
    return as_markdown(whole(article, request.build_absolute_uri))


def as_markdown(text: str) -> HttpResponse:
    """Answers with Markdown. Search engines have the page that it is of."""
    response = HttpResponse(text, content_type="text/markdown; charset=utf-8")
    response["X-Robots-Tag"] = "noindex"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def qr(request: HttpRequest) -> HttpResponse:
    """Answers with the QR code of a page of this site. Of no other: it would stand under our name."""
    form = PageForm(request.GET)
    asked = form.cleaned_data["of"] or address_of("archive:home") if form.is_valid() else ""
    path = own_address(request, asked)
    if not path.startswith("/") or not _is_page(path):
        return _refused(_NO_PAGE)
    address = request.build_absolute_uri(path)
    if len(address) > MOST:
        return _refused(_TOO_LONG)
    return HttpResponse(qr_svg(address), content_type="image/svg+xml; charset=utf-8")


def _is_page(path: str) -> bool:
    try:
        resolve(path.partition("?")[0].partition("#")[0])
    except Resolver404:
        return False
    return True


def _refused(said: str) -> HttpResponse:
    return HttpResponse(said, status=400, content_type="text/plain; charset=utf-8")
