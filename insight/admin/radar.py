"""新词雷达: lists words that the glossary lacks; one click makes a term or an alias of one, or ignores it for good."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from archive.admin.frame import ReadOnlyAdmin, demand, page, way_back
from glossary.editing import save_term
from glossary.matching import form_of
from glossary.models import Alias, Term
from insight import radar
from insight.admin.term_impact import show_impact
from insight.forms import AliasForm, RadarForm, WordForm, address, choices
from insight.models import IgnoredWord
from insight.word_list import word_list

A_PAGE = 30
_ORDERS = {
    "likely": lambda candidate: -candidate.score,
    "rise": lambda candidate: (-candidate.rise, -candidate.recent, -candidate.score),
    "articles": lambda candidate: (-candidate.articles, -candidate.score),
}


@admin.register(IgnoredWord)
class IgnoredWordAdmin(ReadOnlyAdmin):
    """Shows the radar in place of a list of ignored words; these are at its end."""

    pages = {"ignore/": "ignore", "restore/": "restore", "alias/": "alias", "try-term/": "impact"}
    impact = staticmethod(show_impact)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        demand(request, "insight.view_ignoredword")
        form = RadarForm(request.GET)
        kind, sort = form.value("kind", ""), form.value("sort", "likely")
        found = radar.candidates()
        shown = sorted((c for c in found if not kind or c.kind == kind), key=_ORDERS[sort])
        counts = Counter(candidate.kind for candidate in found) + Counter({"": len(found)})
        kinds = [("", "全部"), *((value, label) for value, label in Term.Kind.choices if counts[value])]
        rows = Paginator(shown, A_PAGE).get_page(form.value("page", "1"))
        return page(
            request,
            "admin/insight/ignoredword_radar.html",
            "新词雷达",
            IgnoredWord,
            **word_list(request, rows, request.get_full_path()),
            page=rows,
            total=len(found),
            kinds=choices(kinds, "kind", counts, kind=kind, sort=sort),
            sorts=choices(RadarForm.SORTS, "sort", kind=kind, sort=sort),
            here=address(kind=kind, sort=sort),
            read_articles=radar.extraction.READ_ARTICLES,
            ignored=IgnoredWord.objects.all()[:200],
            may_restore=request.user.has_perm("insight.delete_ignoredword"),
        )

    def ignore(self, request: HttpRequest) -> HttpResponse:
        """Ignores a word for good."""
        demand(request, "insight.add_ignoredword")
        form = WordForm(request.POST)
        if request.method == "POST" and form.is_valid():
            text = form.cleaned_data["text"]
            IgnoredWord.objects.get_or_create(form=form_of(text), defaults={"text": text})
            self.message_user(request, f"以后不再提示“{text}”。在“新词雷达”最下面可以恢复。")
        return redirect(way_back(request) or "admin:insight_ignoredword_changelist")

    def restore(self, request: HttpRequest) -> HttpResponse:
        """Proposes a word again."""
        demand(request, "insight.delete_ignoredword")
        form = WordForm(request.POST)
        if request.method == "POST" and form.is_valid():
            text = form.cleaned_data["text"]
            IgnoredWord.objects.filter(form=form_of(text)).delete()
            self.message_user(request, f"“{text}”会再出现在新词雷达里。")
        return redirect("admin:insight_ignoredword_changelist")

    def alias(self, request: HttpRequest) -> HttpResponse:
        """Makes a word an alias of a term."""
        demand(request, "glossary.add_alias", "glossary.view_term")
        if request.method == "POST":
            form = AliasForm(request.POST)
            if form.is_valid():
                alias: Alias = form.cleaned_data["alias"]
                save_term(alias.term, [alias])
                self.log_change(request, alias.term, f"新建别名“{alias}”。")
                self.message_user(request, f"“{alias}”现在是“{alias.term}”的别名，搜其中一个就能找到另一个。")
                back = way_back(request)
                return redirect(back) if back else redirect("admin:glossary_term_change", alias.term_id)
        else:
            asked = RadarForm(request.GET)
            form = AliasForm(initial={name: asked.value(name, "") for name in ("text", "term")})
        names = Term.objects.values_list("name", flat=True)
        template = "admin/insight/alias_form.html"
        return page(request, template, "加为别名", IgnoredWord, form=form, names=names)
