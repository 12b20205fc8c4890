"""保存前试算: shows what a term's form, saved or not, would do."""

from __future__ import annotations

from typing import Any

from django.forms.models import inlineformset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from archive.admin.frame import demand, page
from archive.admin.numbers import check_numbers
from glossary.admin.terms import AliasForm, TermForm
from glossary.models import Alias, Term
from insight.forms import TermImpactForm
from insight.term_impact import MAX_READ, term_impact
from search.engines.base import IndexUnavailable

SHOWN = 10

AliasFormSet = inlineformset_factory(Term, Alias, form=AliasForm, extra=0)


def show_impact(request: HttpRequest) -> HttpResponse:
    """Shows what a term's form, as it was sent, would do. Stores nothing."""
    demand(request, "glossary.view_term", "insight.view_searchrecord")
    if request.method != "POST":
        return redirect("admin:glossary_term_changelist")
    check_numbers(request.POST)
    number = TermImpactForm(request.POST).number()
    term = get_object_or_404(Term, pk=number) if number else None
    form = TermForm(request.POST, instance=term)
    aliases = AliasFormSet(request.POST, instance=form.instance)
    context: dict[str, Any] = {"form": form, "term": term, "name": request.POST.get("name", "")}
    if form.is_valid() and aliases.is_valid():
        texts = [
            line.cleaned_data["text"]
            for line in aliases.forms
            if line.cleaned_data.get("text") and not line.cleaned_data.get("DELETE")
        ]
        try:
            context["impact"] = term_impact([form.cleaned_data["name"], *texts], term)
        except IndexUnavailable:
            context["problem"] = "搜索正在更新，暂时不能预览。请过一分钟再试。"
    else:
        context["faults"] = [
            f"{each.fields[name].label}：{text}" if name in each.fields else text
            for each in (form, *aliases.forms)
            for name, texts in each.errors.items()
            for text in texts
        ]
    context |= {"shown": SHOWN, "max_read": MAX_READ}
    return page(request, "admin/insight/term_impact.html", "预览影响", Term, **context)
