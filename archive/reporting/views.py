"""The form of a report: a page of its own, which static/js/reporting.js opens over the article."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

from django import forms
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from archive import reporting
from archive.addresses import parameters
from archive.basket.items import printable
from archive.counting import sender_of
from archive.models import Article
from archive.reporting import MAX_CONTACT, MAX_MESSAGE, Passage

_LINK = re.compile(r"(?:https?://|www\.)\S*")


_INCOMPLETE = "这一页不完整，没有提交。请再点一次“提交”。"


class PlaceForm(forms.Form):
    """Which paragraph a report is about (`?p=p3`), and whether it was just sent (`&sent=1`)."""

    p = forms.CharField(required=False)
    sent = forms.BooleanField(required=False)


class ReportForm(forms.Form):
    """What a member says is wrong. `passage` is the paragraph that was shown, signed: nobody makes one up."""

    passage = forms.CharField(max_length=20_000, error_messages={"required": _INCOMPLETE})
    message = forms.CharField(error_messages={"required": "请写一写错在哪里。"})
    contact = forms.CharField(
        required=False,
        max_length=MAX_CONTACT,
        error_messages={"max_length": f"联系方式最多 {MAX_CONTACT} 个字。"},
    )
    website = forms.CharField(required=False)
    """No person sees this field; programs fill it in."""

    def __init__(self, article: Article, *args: Any) -> None:
        super().__init__(*args)
        self._article = article

    def clean_passage(self) -> Passage:
        try:
            anchor, quote = signing.loads(self.cleaned_data["passage"], salt=_salt(self._article))
        except (signing.BadSignature, ValueError):
            raise forms.ValidationError(_INCOMPLETE) from None
        return Passage(anchor, quote)

    def clean_message(self) -> str:
        message = printable(self.cleaned_data["message"]).strip()
        if len(message) > MAX_MESSAGE:
            raise forms.ValidationError(
                f"最多 {MAX_MESSAGE} 个字，现在有 {len(message)} 个。请缩短后再提交。"
            )
        if not any(map(str.isalnum, _LINK.sub("", message))):
            raise forms.ValidationError("请用文字写一写错在哪里，不要只放链接或符号。")
        return message

    def clean_contact(self) -> str:
        return printable(self.cleaned_data["contact"]).strip()

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError("请把“网址”一格清空，再提交。")
        return ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows the form of a report, takes it, and thanks."""
    article = get_object_or_404(Article.objects.published().select_related("issue"), pk=pk)
    if request.method == "POST":
        return _take(request, article)
    place = PlaceForm(request.GET)
    place.full_clean()
    anchor = place.cleaned_data.get("p", "")
    passage = reporting.passage_of(article, anchor)
    return _page(
        request,
        article,
        ReportForm(article),
        passage or Passage(),
        is_sent=place.cleaned_data.get("sent", False),
        is_gone=bool(anchor) and passage is None,
    )


def _take(request: HttpRequest, article: Article) -> HttpResponse:
    form = ReportForm(article, request.POST)
    status, refusal, wait = HTTPStatus.BAD_REQUEST, "", 0
    if form.is_valid():
        about = form.cleaned_data["passage"]
        given = {name: form.cleaned_data[name] for name in ("message", "contact")}
        try:
            reporting.report(article, about, **given, sender=sender_of(request))
        except reporting.ReportRefused as refused:
            status, refusal, wait = HTTPStatus.TOO_MANY_REQUESTS, str(refused), refused.wait
        else:
            anchor = [("p", about.anchor)] if about.anchor else []
            return HttpResponseRedirect(f"{request.path}?{parameters([*anchor, ('sent', 1)])}")
    passage = form.cleaned_data.get("passage", Passage())
    response = _page(request, article, form, passage, status=status, refusal=refusal)
    if wait:
        response["Retry-After"] = str(wait)
    return response


def _page(
    request: HttpRequest,
    article: Article,
    form: ReportForm,
    passage: Passage,
    *,
    status: int = 200,
    **context: object,
) -> HttpResponse:
    anchor = f"#{passage.anchor}" if passage.anchor else ""
    context = {
        "is_sent": False,
        "is_gone": False,
        "refusal": "",
        **context,
        "article": article,
        "form": form,
        "passage": passage,
        "token": signing.dumps([passage.anchor, passage.quote], salt=_salt(article), compress=True),
        "action": reverse("archive:report", args=[article.pk]),
        "back": article.get_absolute_url() + anchor,
        "max_message": MAX_MESSAGE,
        "max_contact": MAX_CONTACT,
    }
    return render(request, "archive/report.html", context, status=status)


def _salt(article: Article) -> str:
    return f"archive.reporting:{article.pk}"
