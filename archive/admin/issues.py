"""Issues in the admin: found by date, state and words; written, previewed, scheduled, published and withdrawn."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from archive import publishing
from archive.admin.forms import ArticleInInlineForm, ArticleInlineFormSet, IssueForm
from archive.admin.history import HistoryMixin
from archive.admin.optimistic_lock import OptimisticLockAdmin
from archive.editing import save_issue
from archive.models import Article, Issue
from archive.previews import MAX_AGE_DAYS, link_for
from archive.publishing import PublishRefused

STATUS_BUTTONS = ("_publish", "_schedule", "_withdraw")


class ArticleInline(admin.TabularInline):
    model = Article
    form = ArticleInInlineForm
    formset = ArticleInlineFormSet
    fields = ["position", "title", "source"]
    extra = 0
    show_change_link = True
    view_on_site = False  # most are drafts: there is nothing on the site yet

    def has_delete_permission(self, request: HttpRequest, obj: Issue | None = None) -> bool:
        return super().has_delete_permission(request, obj) and may_delete(request, obj)


def may_delete(request: HttpRequest, issue: Issue | None) -> bool:
    """Whether this user may delete what belongs to `issue`: of what is public, or soon will be, publishers only."""
    return issue is None or issue.status == Issue.Status.DRAFT or may_publish(request)


def may_publish(request: HttpRequest) -> bool:
    return request.user.has_perm("archive.publish_issue")


@admin.register(Issue)
class IssueAdmin(HistoryMixin, OptimisticLockAdmin):
    """Issues with their articles. Only those who may publish see and press the buttons that do."""

    form = IssueForm
    change_form_template = "admin/archive/issue/change_form.html"
    list_display = ["title", "start_date", "end_date", "article_count", "columnist", "state"]
    list_filter = ["status", "end_date", "columnist"]
    search_fields = ["title", "columnist", "articles__title"]
    search_help_text = "按刊名、栏目作者或文章标题查找"
    date_hierarchy = "end_date"
    inlines = [ArticleInline]
    actions = ["publish", "withdraw"]
    fieldsets = [
        (None, {"fields": ["title", ("start_date", "end_date"), "columnist"]}),
        ("导语、尾注与来源", {"fields": ["introduction", "sign_off", "source_url"], "classes": ["collapse"]}),
    ]

    def issue_of(self, obj: Any) -> Issue:
        return Issue.objects.get(pk=obj.pk)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Issue]:
        return Issue.objects.with_article_count()

    def get_urls(self) -> list[Any]:
        own = [
            path(
                "<int:pk>/end-links/",
                self.admin_site.admin_view(require_POST(self.end_links)),
                name="archive_issue_end_links",
            ),
        ]
        return own + super().get_urls()

    # --- The list --------------------------------------------------------------------------------------

    @admin.display(description="文章", ordering="article_count")
    def article_count(self, issue: Issue) -> str:
        return f"{issue.article_count} 篇"  # type: ignore[attr-defined]

    @admin.display(description="状态", ordering="status")
    def state(self, issue: Issue) -> str:
        if issue.is_published:
            return format_html('<a href="{}">已发布</a>', issue.get_absolute_url())
        if issue.is_scheduled and issue.publish_at:
            return f"定时 {publishing.local_time(issue.publish_at)}"
        return issue.get_status_display()

    @admin.action(description="发布所选的期", permissions=["publish"])
    def publish(self, request: HttpRequest, issues: QuerySet[Issue]) -> None:
        published = 0
        for issue in issues.exclude(status=Issue.Status.PUBLISHED):
            try:
                publishing.publish(issue, request.user)  # type: ignore[arg-type]
                published += 1
            except PublishRefused as refused:
                self.message_user(request, str(refused), messages.WARNING)
        self.message_user(request, f"已发布 {published} 期，读者现在就能看到、搜到。")

    @admin.action(description="撤回所选的期（改回草稿）", permissions=["publish"])
    def withdraw(self, request: HttpRequest, issues: QuerySet[Issue]) -> None:
        withdrawn = issues.exclude(status=Issue.Status.DRAFT)
        count = 0
        for issue in withdrawn:
            publishing.withdraw(issue, request.user)  # type: ignore[arg-type]
            count += 1
        self.message_user(request, f"已撤回 {count} 期，页面和检索里都不再出现。")

    # --- Who may what ----------------------------------------------------------------------------------

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return may_publish(request)

    def has_delete_permission(self, request: HttpRequest, obj: Issue | None = None) -> bool:
        return super().has_delete_permission(request, obj) and may_delete(request, obj)

    # --- The form --------------------------------------------------------------------------------------

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if any(button in request.POST for button in STATUS_BUTTONS) and not may_publish(request):
            raise PermissionDenied("发布、定时和撤回需要“主编”的权限。")
        context = {
            **(extra_context or {}),
            "may_publish": may_publish(request),
            "preview_days": MAX_AGE_DAYS,
            "can_bin": self.has_add_permission(request),
        }
        issue = self.get_object(request, object_id) if object_id and request.method == "GET" else None
        if issue is not None and not issue.is_published:
            context["preview_link"] = request.build_absolute_uri(link_for(issue))
        return super().changeform_view(request, object_id, form_url, context)

    def save_model(self, request: HttpRequest, obj: Issue, form: Any, change: bool) -> None:
        """Nothing yet: the issue and its lines of articles are saved together, in `save_related`."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        lines = [article for formset in formsets for article in formset.save(commit=False)]
        deleted = [article for formset in formsets for article in formset.deleted_objects]
        save_issue(form.instance, lines, deleted, by=request.user)  # type: ignore[arg-type]

    def response_add(
        self, request: HttpRequest, obj: Issue, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._after_button(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Issue) -> HttpResponse:
        return self._after_button(request, obj) or super().response_change(request, obj)

    def _after_button(self, request: HttpRequest, issue: Issue) -> HttpResponse | None:
        """Does what the pressed button says, once everything is saved; None for a plain save."""
        user: Any = request.user
        here = reverse("admin:archive_issue_change", args=[issue.pk])
        if "_preview" in request.POST:
            return HttpResponseRedirect(reverse("archive:preview-issue", args=[issue.pk]))
        try:
            if "_publish" in request.POST:
                publishing.publish(issue, user)
                self.message_user(request, f"已发布“{issue.title}”，读者现在就能看到、搜到。")
            elif "_schedule" in request.POST:
                when = IssueForm.declared_fields["schedule_at"].clean(request.POST.get("schedule_at"))
                publishing.schedule(issue, when, user)
                self.message_user(
                    request, f"已定时：“{issue.title}”将于 {publishing.local_time(when)} 自动发布。"
                )
            elif "_withdraw" in request.POST:
                was_public = issue.is_published
                publishing.withdraw(issue, user)
                said = "页面和检索里都不再出现" if was_public else "到时间也不会发布"
                self.message_user(request, f"“{issue.title}”现在是草稿，{said}。")
            else:
                return None
        except PublishRefused as refused:
            self.message_user(request, f"内容已保存为草稿。{refused}", messages.WARNING)
        return HttpResponseRedirect(here)

    def get_view_on_site_url(self, obj: Issue | None = None) -> str | None:
        return obj.get_absolute_url() if obj and obj.is_published else None

    def end_links(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ends every preview link of the issue that was given away."""
        issue = self.get_object(request, str(pk))
        if issue is None or not self.has_change_permission(request, issue):
            raise PermissionDenied
        publishing.end_preview_links(issue)
        self.message_user(request, "以前发出的预览链接都已作废。下面是新的链接。")
        return HttpResponseRedirect(reverse("admin:archive_issue_change", args=[pk]))
