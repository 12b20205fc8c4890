"""An article in the admin: its text, its figures, its place."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from archive.admin.forms import ArticleForm
from archive.admin.issues import may_delete
from archive.admin.optimistic_lock import OptimisticLockAdmin
from archive.editing import attach_figure, save_article
from archive.images import prepare_image
from archive.models import Article, Issue
from archive.refusal import ImportRefused

MAX_IMAGE_BYTES = 20 * 1024**2


@admin.register(Article)
class ArticleAdmin(OptimisticLockAdmin):
    """One article and its text. Its place in the issue is changed in the issue's form."""

    form = ArticleForm
    change_form_template = "admin/archive/article/change_form.html"
    list_display = ["title", "place", "source"]
    list_filter = ["issue__status", "issue__end_date"]
    search_fields = ["title", "body"]
    search_help_text = "按标题或正文查找"
    autocomplete_fields = ["issue"]

    def issue_of(self, obj: Any) -> Issue:
        return Issue.objects.get(pk=obj.issue_id)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        # By one query: with an issue that was read later, a form could pair an old text with a new version.
        return super().get_queryset(request).select_related("issue")

    @admin.display(description="所在的期", ordering="issue__end_date")
    def place(self, article: Article) -> str:
        url = reverse("admin:archive_issue_change", args=[article.issue_id])
        return format_html('<a href="{}">{}</a> 第 {} 篇', url, article.issue, article.position)

    def get_fields(self, request: HttpRequest, obj: Article | None = None) -> list[Any]:
        place = ["issue", "position"] if obj is None else ["place"]
        return [*place, "title", "body", "source", "source_url"]

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> list[str]:
        return [] if obj is None else ["place"]

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return super().has_delete_permission(request, obj) and may_delete(request, obj.issue if obj else None)

    def get_view_on_site_url(self, obj: Article | None = None) -> str | None:
        return obj.get_absolute_url() if obj and obj.issue.is_published else None

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """An article's versions are those of its issue."""
        article = self.get_object(request, object_id)
        if article is None:
            return super().history_view(request, object_id, extra_context)
        return HttpResponseRedirect(reverse("admin:archive_issue_history", args=[article.issue_id]))

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        save_article(obj, by=request.user)  # type: ignore[arg-type]

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        if "_preview" in request.POST:
            return HttpResponseRedirect(reverse("archive:preview-article", args=[obj.issue_id, obj.pk]))
        return super().response_change(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: Article) -> HttpResponseRedirect:
        """Back to its issue, from where most are opened; to the list when that was narrowed to find the article."""
        if request.GET.get("_changelist_filters"):
            return super().response_post_save_change(request, obj)
        return HttpResponseRedirect(reverse("admin:archive_issue_change", args=[obj.issue_id]))

    # --- Figures ---------------------------------------------------------------------------------------

    def get_urls(self) -> list[Any]:
        own = [
            path(
                "<int:pk>/figures/",
                self.admin_site.admin_view(require_POST(self.add_figure)),
                name="archive_article_figures",
            ),
        ]
        return own + super().get_urls()

    def add_figure(self, request: HttpRequest, pk: int) -> JsonResponse:
        """Takes one image for the article, as it will be shown. It becomes visible where the text places it."""
        article = self.get_object(request, str(pk))
        if article is None:
            return JsonResponse({"error": "这一篇已经不在了。请先把文字复制下来。"}, status=404)
        if not self.has_change_permission(request, article) or not request.user.has_perm(
            "archive.add_figure"
        ):
            raise PermissionDenied
        sent = request.FILES.get("image")
        if sent is None:
            return JsonResponse({"error": "没有收到图片。请再选一次。"}, status=400)
        if (sent.size or 0) > MAX_IMAGE_BYTES:
            limit = MAX_IMAGE_BYTES // 1024**2
            return JsonResponse({"error": f"图片超过 {limit} MB。请缩小后再添加。"}, status=400)
        try:
            image = prepare_image(sent.read())
        except ImportRefused as refused:
            return JsonResponse({"error": f"{refused.message}。"}, status=400)
        figure = attach_figure(article, image, request.POST.get("alt", ""))
        return JsonResponse(
            {
                "url": figure.get_absolute_url(),
                "alt": figure.alt,
                "width": figure.width,
                "height": figure.height,
            },
            status=201,
        )
