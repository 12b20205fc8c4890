"""Issues in the admin: found by date, state and words; written, previewed, scheduled, published and withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from archive import moments, publishing
from archive.admin import conflicts
from archive.admin.border import NoteForm, has_to_propose
from archive.admin.border import may_publish as may_publish
from archive.admin.forms import ArticleInInlineForm, ArticleInlineFormSet, IssueForm
from archive.admin.frame import NamedFieldsMixin, page
from archive.admin.history import HistoryMixin
from archive.admin.numbers import check_numbers
from archive.admin.optimistic_lock import OptimisticLockAdmin
from archive.admin.publication import MOST_AT_ONCE, PublicationMixin, page_about
from archive.admin.reviews import ReviewMixin
from archive.admin.undo import UndoMixin, deletion_said, name_of
from archive.admin.wechat import WechatMixin
from archive.editing import save_issue
from archive.models import Article, Issue
from archive.previews import MAX_AGE_DAYS, link_for
from archive.proposal import Proposal
from archive.restoring import deletion_of
from archive.statements import Statement

_ARTICLES = Statement(
    lambda ids: Article.objects.filter(issue__in=ids).order_by().values_list("issue").annotate(Count("pk"))
)
"""How many each issue has."""
STATUS_BUTTONS = ("_withdraw",)
"""Buttons of those who may publish. `_look` leads everyone to the last look."""


class ArticleInline(NamedFieldsMixin, admin.TabularInline):
    model = Article
    verbose_name = "一篇文章"
    verbose_name_plural = "文章"
    form = ArticleInInlineForm
    formset = ArticleInlineFormSet
    fields = ["position", "section", "title", "source"]
    extra = 0
    show_change_link = True
    view_on_site = False  # most are drafts: there is nothing on the site yet

    def has_delete_permission(self, request: HttpRequest, obj: Issue | None = None) -> bool:
        return super().has_delete_permission(request, obj) and may_delete(request, obj)


def may_delete(request: HttpRequest, issue: Issue | None) -> bool:
    """Whether this user may delete what belongs to `issue`: of what is public, or soon will be, publishers only."""
    return not has_to_propose(request, issue)


@admin.register(Issue)
class IssueAdmin(PublicationMixin, ReviewMixin, UndoMixin, HistoryMixin, WechatMixin, OptimisticLockAdmin):
    """Issues with their articles. Only those who may publish see and press the buttons that do."""

    form = IssueForm
    change_form_template = "admin/archive/issue/change_form.html"
    list_display = ["title", "start_date", "end_date", "article_count", "columnist", "state"]
    list_filter = ["status", "end_date", "columnist"]
    search_fields = ["title", "columnist", "articles__title"]
    search_help_text = "按刊名、栏目作者或文章标题搜索"
    date_hierarchy = "end_date"
    inlines = [ArticleInline]
    unlisted = ["introduction", "sign_off", "source_url", "preview_key", "created_at", "updated_at"]
    actions = ["publish", "withdraw"]
    pages = (
        PublicationMixin.pages
        | ReviewMixin.pages
        | UndoMixin.pages
        | HistoryMixin.pages
        | WechatMixin.pages
        | {"<int:pk>/end-links/": "end_links", "<int:pk>/open/": "open"}
    )
    fieldsets = [
        (None, {"fields": ["title", ("start_date", "end_date"), "columnist"]}),
        ("导语、尾注与来源", {"fields": ["introduction", "sign_off", "source_url"], "classes": ["collapse"]}),
    ]

    # --- The list --------------------------------------------------------------------------------------

    def sortable(self, rows: QuerySet[Issue]) -> QuerySet[Issue]:
        return rows.annotate(article_count=Count("articles"))

    def complete(self, rows: Sequence[Issue]) -> None:
        counts = dict(_ARTICLES.rows([issue.pk for issue in rows]))
        for issue in rows:
            issue.article_count = counts.get(issue.pk, 0)  # type: ignore[attr-defined]

    @admin.display(description="文章", ordering="article_count")
    def article_count(self, issue: Issue) -> str:
        return f"{issue.article_count} 篇"  # type: ignore[attr-defined]

    @admin.display(description="状态", ordering="status")
    def state(self, issue: Issue) -> str:
        if issue.is_published:
            return format_html('<a href="{}">已发布</a>', issue.get_absolute_url())
        if issue.is_scheduled and issue.publish_at:
            when = moments.local_time(issue.publish_at)
            if issue.publish_at > timezone.now():
                return f"待发布 {when}"
            look = reverse("admin:archive_issue_last_look", args=[issue.pk])
            return format_html('待发布 {} <a href="{}">还没有发布，去看</a>', when, look)
        return issue.get_status_display()

    @admin.action(description="发布所选的期", permissions=["publish"])
    def publish(self, request: HttpRequest, issues: QuerySet[Issue]) -> HttpResponse | None:
        """Leads to the last look at those that are not public yet."""
        waiting = issues.exclude(status=Issue.Status.PUBLISHED)
        return self._lead_to("last_looks", request, waiting, "所选的期都已经发布了。")

    @admin.action(description="撤回所选的期（改回草稿）", permissions=["publish"])
    def withdraw(self, request: HttpRequest, issues: QuerySet[Issue]) -> HttpResponse | None:
        """Leads to the question whether those that are public, or will be, are to be withdrawn."""
        live = issues.filter(status__in=[Issue.Status.PUBLISHED, Issue.Status.SCHEDULED])
        return self._lead_to("withdrawal", request, live, "所选的期成员都看不到，不用撤回。")

    def _lead_to(
        self, name: str, request: HttpRequest, issues: QuerySet[Issue], when_none: str
    ) -> HttpResponse | None:
        pks = list(issues.values_list("pk", flat=True))
        if not pks:
            self.message_user(request, when_none, messages.INFO)
            return None
        if len(pks) > MOST_AT_ONCE:
            said = f"选了 {len(pks)} 期，一次最多 {MOST_AT_ONCE} 期。请先看这些，再选其余的。"
            self.message_user(request, said, messages.WARNING)
        return HttpResponseRedirect(page_about(name, pks[:MOST_AT_ONCE]))

    # --- Who may what ----------------------------------------------------------------------------------

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
            raise PermissionDenied("您的账号不能发布或撤回，请找主编。")
        if object_id is not None and (asked := self._ask_before_deleting(request, object_id)):
            return asked
        verb = "修改" if self.has_change_permission(request) else "查看"
        title = "新建一期" if object_id is None else f"{verb}这一期"
        return super().changeform_view(
            request, object_id, form_url, {**(extra_context or {}), "title": title}
        )

    def _ask_before_deleting(self, request: HttpRequest, object_id: str) -> HttpResponse | None:
        """The question before articles of a public issue are deleted by its form. Nothing is saved yet."""
        ticked = [key.removesuffix("DELETE") for key in request.POST if key.endswith("-DELETE")]
        if not ticked or "_deleting" in request.POST:
            return None
        check_numbers(request.POST)
        issue = self.get_object(request, object_id)
        if issue is None or not issue.is_published or not self.has_change_permission(request, issue):
            return None
        if has_to_propose(request, issue):  # their form has no box to tick, and none is heeded
            return None
        pks = [pk for prefix in ticked if (pk := request.POST.get(f"{prefix}id", "")).isdecimal()]
        articles = list(issue.articles.filter(pk__in=pks))
        if not articles:
            return None
        kept = conflicts.carried(request.POST, "csrfmiddlewaretoken".__eq__)
        context = {"original": issue, "articles": articles, "carried": kept}
        return page(request, "admin/archive/issue/deleting.html", "删除已发布的文章", Issue, **context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        issue: Issue | None = context["original"]
        context |= {"may_publish": may_publish(request), "can_bin": self.has_add_permission(request)}
        context |= {"must_propose": has_to_propose(request, issue), "note_form": NoteForm()}
        context["proposals"] = Proposal.objects.open_for(request.user.pk).filter(issue=issue) if issue else []
        if issue is not None and not issue.is_published and request.method == "GET":
            context["preview_link"] = request.build_absolute_uri(link_for(issue))
            context["preview_days"] = MAX_AGE_DAYS
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Issue, form: Any, change: bool) -> None:
        """Nothing yet: the issue and its lines of articles are saved together, in `save_related`."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        lines = [article for formset in formsets for article in formset.save(commit=False)]
        deleted = [article for formset in formsets for article in formset.deleted_objects]
        names, pks = [*map(name_of, deleted)], [article.pk for article in deleted]
        save_issue(form.instance, lines, deleted, by=request.user)  # type: ignore[arg-type]
        gone = [deletion.version for pk in pks if (deletion := deletion_of(Article, str(pk)))]
        if gone:
            self.say(request, deletion_said(gone, names))

    def response_add(
        self, request: HttpRequest, obj: Issue, post_url_continue: str | None = None
    ) -> HttpResponse:
        if response := self._after_button(request, obj):
            return response
        if "_continue" not in request.POST:
            return super().response_add(request, obj, post_url_continue)
        here = reverse("admin:archive_issue_change", args=[obj.pk])
        self.message_user(request, f"已保存草稿。{self._next_step(request, obj)}")
        return HttpResponseRedirect(here)

    def response_change(self, request: HttpRequest, obj: Issue) -> HttpResponse:
        return self._after_button(request, obj) or self._after_save(request, obj)

    def _after_button(self, request: HttpRequest, issue: Issue) -> HttpResponse | None:
        """Leads on to what the pressed button says, once everything is saved; None for a plain save."""
        if "_preview" in request.POST:
            return HttpResponseRedirect(reverse("archive:preview-issue", args=[issue.pk]))
        if "_look" in request.POST:
            return HttpResponseRedirect(reverse("admin:archive_issue_last_look", args=[issue.pk]))
        if "_withdraw" in request.POST:
            return HttpResponseRedirect(page_about("withdrawal", [issue.pk]))
        return None

    def _after_save(self, request: HttpRequest, issue: Issue) -> HttpResponse:
        """Says what a plain save means for members, and who comes next."""
        if "_continue" not in request.POST:
            return super().response_change(request, issue)
        what = "已保存草稿" if issue.status == Issue.Status.DRAFT else "已保存"
        self.message_user(request, f"{what}。{self._next_step(request, issue)}")
        return HttpResponseRedirect(request.get_full_path())

    def _next_step(self, request: HttpRequest, issue: Issue) -> str:
        if issue.is_published:
            return "成员现在看到的是新内容。"
        if issue.is_scheduled and issue.publish_at:
            return f"到 {moments.local_time(issue.publish_at)} 自动发布。"
        if may_publish(request):
            return ""
        return "在等主编看。" if issue.is_in_review else "写好以后，请点“保存并交给主编…”。"

    def get_view_on_site_url(self, obj: Issue | None = None) -> str | None:
        return obj.get_absolute_url() if obj and obj.is_published else None

    @method_decorator(require_POST)
    def end_links(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ends every preview link of the issue that was given away."""
        issue = self.get_object(request, str(pk))
        if issue is None or not self.has_change_permission(request, issue):
            raise PermissionDenied
        publishing.end_preview_links(issue)
        self.message_user(request, "以前发出的预览链接都已作废。下面是新的链接。")
        return HttpResponseRedirect(reverse("admin:archive_issue_change", args=[pk]))
