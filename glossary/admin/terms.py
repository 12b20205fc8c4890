"""Terms with their aliases, and the articles that mention them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from archive.addresses import address_of
from archive.admin.frame import NamedFieldsMixin, ReadOnlyAdmin, csv_response, demand, page, way_back
from archive.admin.numbers import CheckedKeysAdmin, check_numbers
from archive.statements import Statement
from glossary.admin.exchange import export_view, import_view
from glossary.editing import delete_terms, save_term
from glossary.exchange import export_for_editors
from glossary.matching import form_of
from glossary.models import Alias, Mention, PendingForm, Term, TermQuerySet
from glossary.overlaps import look_alikes, overlaps

SHOWN_ARTICLES = 20
PENDING = "正在按新写法重新找提到它的文章，稍后会补齐。"
_PAGES_OF_MENTIONS = {f"glossary_mention_{page}" for page in ("changelist", "change", "delete")}
SHOWN_OVERLAPS = 5
_VISIBLE = Statement(
    lambda ids: (
        Mention.objects.published().filter(term__in=ids).order_by().values_list("term").annotate(Count("pk"))
    )
)
"""How many articles that members may see mention each term."""
_ALIASES = Statement(lambda ids: Alias.objects.filter(term__in=ids).values_list("term", "text"))


class AliasForm(forms.ModelForm):
    class Meta:
        model = Alias
        fields = ["text"]
        widgets = {"text": forms.TextInput(attrs={"size": 50})}


class AliasInline(NamedFieldsMixin, admin.TabularInline):
    model = Alias
    form = AliasForm
    extra = 2
    verbose_name = "一个别名"
    verbose_name_plural = "别名（一行写一个：英文名、缩写、旧称、其他译名；繁体、全角、大小写不必另列）"


class TermForm(forms.ModelForm):
    class Meta:
        model = Term
        fields = ["name", "kind", "note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 3, "cols": 70})}


@admin.register(Term)
class TermAdmin(NamedFieldsMixin, CheckedKeysAdmin):
    """Terms: found by any of their writings, with the articles that mention them."""

    form = TermForm
    inlines = [AliasInline]
    list_display = ["name", "kind", "alias_texts", "article_count"]
    list_filter = ["kind"]
    search_fields = ["name"]  # and every other writing: get_search_results
    search_help_text = "按名称或任何一个别名搜索，繁简、全半角、大小写都可以"
    unlisted = ["slug", "note", "created_at", "updated_at"]
    actions = ["export_csv"]
    fieldsets = [
        (None, {"fields": ["name", "kind", "note"]}),
        ("影响哪些文章", {"fields": ["mentioning_articles"]}),
    ]
    readonly_fields = ["mentioning_articles"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("import/", view(import_view), name="glossary_term_import"),
            path("export.csv", view(export_view), name="glossary_term_export"),
            path("look-alikes/", view(self.look_alikes), name="glossary_term_look_alikes"),
            *super().get_urls(),
        ]

    # --- The list ---

    def sortable(self, rows: TermQuerySet) -> TermQuerySet:  # type: ignore[override]
        return rows.with_counts()

    def complete(self, rows: Sequence[Term]) -> None:
        ids = [term.pk for term in rows]
        counts, texts = dict(_VISIBLE.rows(ids)), defaultdict(list)
        for pk, text in _ALIASES.rows(ids):
            texts[pk].append(text)
        listed = address_of("admin:glossary_mention_changelist")
        for term in rows:
            address = f"{listed}?term__id__exact={term.pk}&amp;visible=yes"
            count = f'<a href="{address}">{counts.get(term.pk, 0)} 篇</a>'
            term.count_shown = mark_safe(count)  # type: ignore[attr-defined] # noqa: S308 - address, numbers
            term.texts = texts[term.pk]  # type: ignore[attr-defined]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Term], search_term: str
    ) -> tuple[QuerySet[Term], bool]:
        if not form_of(search_term):
            return queryset, False
        return queryset.filter(pk__in=Term.objects.written(search_term).values("pk")), False

    @admin.display(description="别名")
    def alias_texts(self, term: Term) -> str:
        return "、".join(term.texts)  # type: ignore[attr-defined]

    @admin.display(description="文章（成员看得到）", ordering="article_count")
    def article_count(self, term: Term) -> SafeString:
        return term.count_shown  # type: ignore[attr-defined,no-any-return]

    @admin.action(description="导出所选词条（CSV，可用 Excel 打开）", permissions=["view"])
    def export_csv(self, request: HttpRequest, terms: TermQuerySet) -> HttpResponse:
        chosen = Term.objects.filter(pk__in=terms.values("pk"))
        return csv_response(export_for_editors(chosen), "glossary.csv")

    def look_alikes(self, request: HttpRequest) -> HttpResponse:
        """Terms that may be the same thing twice, to be compared and joined."""
        demand(request, "glossary.view_term")
        groups = look_alikes(_all_writings())
        terms = Term.objects.with_counts().in_bulk([term for group in groups for term in group.values()])
        shown = [[(text, terms[term]) for text, term in group.items()] for group in groups]
        return page(request, "admin/glossary/term/look_alikes.html", "可能重复的词条", Term, groups=shown)

    # --- One term ---

    @admin.display(description="提到它的文章")
    def mentioning_articles(self, term: Term) -> str:
        if term.pk is None:
            return "保存后显示。"
        mentions = term.mentions.select_related("article__issue")
        total, visible = mentions.count(), term.mentions.published().count()
        pending = PENDING if PendingForm.objects.filter(term=term.pk).exists() else ""
        if not total:
            return pending or "还没有文章提到它。"
        lines = format_html_join(  # no list: the admin's style sheet pushes a form's lists far to the right
            "",
            "<br>{}（{}，{} 次{}）",
            (
                (
                    _article_link(mention),
                    date_format(mention.article.issue.end_date),
                    mention.count,
                    "" if mention.article.issue.is_published else "，未发布",
                )
                for mention in mentions.order_by("-article__issue__end_date", "article__position")[
                    :SHOWN_ARTICLES
                ]
            ),
        )
        heading = f"共 {total} 篇，其中成员看得到 {visible} 篇"
        more = f"（以下是最近 {SHOWN_ARTICLES} 篇）" if total > SHOWN_ARTICLES else ""
        return format_html('{}<a href="{}">{}</a>{}{}', pending, _mentions_url(term), heading, more, lines)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        check_numbers(request.POST)
        return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Term, form: Any, change: bool) -> None:
        """Nothing yet: the term and its aliases are saved together, in `save_related`."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        aliases = [alias for formset in formsets for alias in formset.save(commit=False)]
        deleted = [alias for formset in formsets for alias in formset.deleted_objects]
        save_term(form.instance, aliases, deleted)
        term: Term = form.instance
        new = [term.name] if "name" in form.changed_data else []
        new += [alias.text for alias in aliases]
        self._warn_of_overlaps(request, term, new)
        self._warn_of_look_alikes(request, term, new)

    def _warn_of_overlaps(self, request: HttpRequest, term: Term, new: list[str]) -> None:
        found = overlaps(new, {text: pk for text, pk in _all_writings().items() if pk != term.pk})
        names = Term.objects.in_bulk([overlap.term for overlap in found])
        for overlap in found[:SHOWN_OVERLAPS]:
            wins, loses = (term, names[overlap.term])
            if form_of(overlap.longer) not in map(form_of, new):
                wins, loses = loses, wins
            text = f"“{overlap.longer}”含有“{overlap.shorter}”：文章里出现前者的地方，只算提到“{wins}”，不算“{loses}”。"
            self.message_user(request, text, messages.WARNING)
        if more := len(found[SHOWN_OVERLAPS:]):
            self.message_user(request, f"还有 {more} 处写法互相包含。", messages.WARNING)

    def _warn_of_look_alikes(self, request: HttpRequest, term: Term, new: list[str]) -> None:
        others = {text: pk for text, pk in _all_writings().items() if pk != term.pk}
        for text in new:
            for group in look_alikes({**others, text: term.pk}, only=term.pk):
                alike = next(other for other, pk in group.items() if pk != term.pk)
                link = reverse("admin:glossary_term_change", args=[group[alike]])
                warning = format_html(
                    '“{}”和词条“<a href="{}">{}</a>”的写法“{}”几乎一样。同一个东西请合成一个词条，别的写法加为别名。',
                    text,
                    link,
                    Term.objects.get(pk=group[alike]),
                    alike,
                )
                self.message_user(request, warning, messages.WARNING)

    def response_post_save_add(self, request: HttpRequest, obj: Term) -> HttpResponseRedirect:
        """Back to the list of words from which the term was made, if it was."""
        back = way_back(request)
        return HttpResponseRedirect(back) if back else super().response_post_save_add(request, obj)

    # --- Deleting ---

    def delete_model(self, request: HttpRequest, obj: Term) -> None:
        delete_terms([obj.pk])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Term]) -> None:
        delete_terms([term.pk for term in queryset])

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What goes along, in numbers: Django would list every one of some thousand mentions."""
        terms = list(objs)
        counts = {"词条": len(terms), "别名": Alias.objects.filter(term__in=terms).count()}
        counts["提到它的文章"] = Mention.objects.filter(term__in=terms).count()
        not_permitted = set() if self.has_delete_permission(request) else {"词条"}
        return [str(term) for term in terms], counts, not_permitted, []


class IsVisibleFilter(admin.SimpleListFilter):
    title = "成员看得到"
    parameter_name = "visible"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "是"), ("no", "否")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Mention]) -> QuerySet[Mention]:
        visible = Mention.objects.published().values("pk")
        if self.value() == "yes":
            return queryset.filter(pk__in=visible)
        return queryset.exclude(pk__in=visible) if self.value() == "no" else queryset


@admin.register(Mention)
class MentionAdmin(ReadOnlyAdmin):
    """The articles that mention a term: to be read only, and reached from the term."""

    list_display = ["article_link", "issue_date", "term", "count"]
    list_display_links = None
    list_filter = [IsVisibleFilter, "term__kind"]
    list_select_related = ["article__issue", "term"]
    ordering = ["-article__issue__end_date", "article__position"]

    @admin.display(description="文章")
    def article_link(self, mention: Mention) -> SafeString:
        return _article_link(mention)

    @admin.display(description="日期", ordering="article__issue__end_date")
    def issue_date(self, mention: Mention) -> str:
        return date_format(mention.article.issue.end_date)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("glossary.view_term")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only along with its article or issue: the pages that delete those ask for each mention."""
        here = request.resolver_match
        return obj is not None and here is not None and here.url_name not in _PAGES_OF_MENTIONS


def _all_writings() -> dict[str, int]:
    """Every name and alias as it was typed → its term."""
    writings = dict(Term.objects.values_list("name", "pk"))
    return writings | dict(Alias.objects.values_list("text", "term"))


def _mentions_url(term: Term) -> str:
    return f"{address_of('admin:glossary_mention_changelist')}?term__id__exact={term.pk}"


def _article_link(mention: Mention) -> SafeString:
    url = reverse("admin:archive_article_change", args=[mention.article_id])
    return format_html('<a href="{}">{}</a>', url, mention.article.title)
