"""Django admin for editors: issues with their articles, and an article's text. All of it in Chinese."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import F, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django_prose_editor.widgets import AdminProseEditorWidget

from archive import body
from archive.models import Article, Issue

admin.site.site_header = "芯闻库 · 编辑室"
admin.site.site_title = "芯闻库编辑室"
admin.site.index_title = "文库"

PARKED = 10_000
"""Added to positions while they change places: two articles may not share one even for a moment."""

BODY_EDITOR = {
    "extensions": {
        "Bold": True,
        "Italic": True,
        "Subscript": True,
        "Superscript": True,
        "Heading": {"levels": [3, 4]},
        "BulletList": True,
        "OrderedList": True,
        "ListItem": True,
        "Blockquote": True,
        "HardBreak": True,
        "HorizontalRule": True,
        "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
        "Table": True,
        "TableRow": True,
        "TableHeader": True,
        "TableCell": True,
        "Figure": True,
        "Image": True,
        "Caption": True,
    }
}


class ArticleForm(forms.ModelForm):
    """An article with its text as it will be read, never as markup."""

    class Meta:
        model = Article
        fields = ["issue", "position", "title", "body", "source", "source_url"]
        widgets = {
            "title": forms.TextInput(attrs={"size": 70}),
            "body": AdminProseEditorWidget(config=BODY_EDITOR, preset="configurable"),
        }

    def clean_body(self) -> str:
        return body.clean(self.cleaned_data["body"])


class ArticleInInlineForm(forms.ModelForm):
    """An article's line in its issue's form."""

    class Meta:
        widgets = {
            # Together as wide as the form on a window of 1280 pixels: a wider line pushes its end out of sight.
            "title": forms.TextInput(attrs={"size": 44}),
            "source": forms.TextInput(attrs={"size": 14}),
        }

    def _get_validation_exclusions(self) -> set[str]:
        # Two articles that change places would each be refused because of the other's old position; the
        # formset compares the new positions with one another.
        return super()._get_validation_exclusions() | {"position"}  # type: ignore[misc, no-any-return]


class ArticleInlineFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        seen: dict[int, str] = {}
        for form in self.forms:
            position = form.cleaned_data.get("position")
            if position is None or form.cleaned_data.get("DELETE"):
                continue
            if position in seen:
                form.add_error("position", f"第 {position} 条已经是“{seen[position]}”，请改一个序号。")
            seen.setdefault(position, form.cleaned_data.get("title", ""))


class ArticleInline(admin.TabularInline):
    model = Article
    form = ArticleInInlineForm
    formset = ArticleInlineFormSet
    fields = ["position", "title", "source"]
    extra = 0
    show_change_link = True


@admin.register(Issue)
class IssueAdmin(admin.ModelAdmin):
    """Issues: found by date, state and words; published and withdrawn in bulk."""

    list_display = ["title", "start_date", "end_date", "article_count", "columnist", "state"]
    list_filter = ["status", "end_date", "columnist"]
    search_fields = ["title", "columnist", "articles__title"]
    search_help_text = "按刊名、栏目作者或文章标题查找"
    date_hierarchy = "end_date"
    inlines = [ArticleInline]
    actions = ["publish", "withdraw"]
    fieldsets = [
        (None, {"fields": ["title", ("start_date", "end_date"), "columnist", "status"]}),
        ("导语、尾注与来源", {"fields": ["introduction", "sign_off", "source_url"], "classes": ["collapse"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Issue]:
        return Issue.objects.with_article_count()

    @admin.display(description="文章", ordering="article_count")
    def article_count(self, issue: Issue) -> str:
        return f"{issue.article_count} 条"  # type: ignore[attr-defined]

    @admin.display(description="状态", ordering="status")
    def state(self, issue: Issue) -> str:
        if issue.is_published:
            return format_html('<a href="{}">已发布</a>', issue.get_absolute_url())
        return issue.get_status_display()

    @admin.action(description="发布所选的期", permissions=["change"])
    def publish(self, request: HttpRequest, issues: QuerySet[Issue]) -> None:
        empty = [issue.title for issue in issues if not issue.articles.exists()]
        published = 0
        with transaction.atomic():
            for issue in (
                issues.exclude(status=Issue.Status.PUBLISHED).filter(articles__isnull=False).distinct()
            ):
                issue.status = Issue.Status.PUBLISHED
                issue.save()  # one by one: the index follows saves, not bulk updates
                published += 1
        self.message_user(request, f"已发布 {published} 期，读者现在就能看到、搜到。")
        for title in empty:
            self.message_user(request, f"“{title}”还没有文章，没有发布。", messages.WARNING)

    @admin.action(description="撤回所选的期（改回草稿）", permissions=["change"])
    def withdraw(self, request: HttpRequest, issues: QuerySet[Issue]) -> None:
        withdrawn = 0
        with transaction.atomic():
            for issue in issues.exclude(status=Issue.Status.DRAFT):
                issue.status = Issue.Status.DRAFT
                issue.save()
                withdrawn += 1
        self.message_user(request, f"已撤回 {withdrawn} 期，页面和检索里都不再出现。")

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "status":
            # Nothing publishes a scheduled issue yet, so nobody can be promised that it will be.
            kwargs["choices"] = [
                choice for choice in Issue.Status.choices if choice[0] != Issue.Status.SCHEDULED
            ]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def get_view_on_site_url(self, obj: Issue | None = None) -> str | None:
        return obj.get_absolute_url() if obj and obj.is_published else None

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Saves the lines of articles, whatever places they change with one another."""
        moved = [line.instance.pk for line in formset.initial_forms if "position" in line.changed_data]
        Article.objects.filter(pk__in=moved).update(position=F("position") + PARKED)
        super().save_formset(request, form, formset, change)


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    """One article and its text."""

    form = ArticleForm
    list_display = ["title", "place", "source"]
    list_filter = ["issue__status", "issue__end_date"]
    search_fields = ["title", "body"]
    search_help_text = "按标题或正文查找"
    list_select_related = ["issue"]
    autocomplete_fields = ["issue"]

    @admin.display(description="所在的期", ordering="issue__end_date")
    def place(self, article: Article) -> str:
        url = reverse("admin:archive_issue_change", args=[article.issue_id])
        return format_html('<a href="{}">{}</a> 第 {} 条', url, article.issue, article.position)

    def get_view_on_site_url(self, obj: Article | None = None) -> str | None:
        return obj.get_absolute_url() if obj and obj.issue.is_published else None
