"""An article in the admin: its text, its figures, its place."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from archive import reviewing
from archive.admin.border import NoteForm, has_to_propose, may_publish
from archive.admin.error_reports import ReportedMixin
from archive.admin.forms import ArticleForm
from archive.admin.frame import demand, way_back
from archive.admin.issues import may_delete
from archive.admin.optimistic_lock import OptimisticLockAdmin
from archive.editing import attach_figure, save_article
from archive.figures import read_image
from archive.missing_figures import missing_in, place_of, without
from archive.models import Article
from archive.once import SentForm
from archive.proposal import Proposal
from archive.refusal import ImportRefused

MAX_IMAGE_BYTES = 20 * 1024**2


@admin.register(Article)
class ArticleAdmin(ReportedMixin, OptimisticLockAdmin):
    """One article and its text. Its place in the issue is changed in the issue's form."""

    form = ArticleForm
    change_form_template = "admin/archive/article/change_form.html"
    list_display = ["title", "place", "source"]
    list_filter = ["issue__status", "issue__end_date"]
    search_fields = ["title", "body"]
    search_help_text = "按标题或正文搜索"
    autocomplete_fields = ["issue"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        # By one query: with an issue that was read later, a form could pair an old text with a new version.
        return super().get_queryset(request).select_related("issue")

    @admin.display(description="所在的期", ordering="issue__end_date")
    def place(self, article: Article) -> str:
        url = reverse("admin:archive_issue_change", args=[article.issue_id])
        return format_html('<a href="{}">{}</a> 第 {} 篇', url, article.issue, article.position)

    def get_fields(self, request: HttpRequest, obj: Article | None = None) -> list[Any]:
        place = ["issue", "position"] if obj is None else ["place"]
        return [*place, "section", "title", "body", "source", "source_url"]

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> list[str]:
        return [] if obj is None else ["place"]

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return super().has_delete_permission(request, obj) and may_delete(request, obj.issue if obj else None)

    def get_view_on_site_url(self, obj: Article | None = None) -> str | None:
        return obj.get_absolute_url() if obj and obj.issue.is_published else None

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Who has to propose goes on writing on what waits already, or was sent back and is asked for."""
        article: Article | None = context["original"]
        found = missing_in(article) if article else []
        context["missing"] = [(one, place_of(article, one)) for one in found] if article else []
        must_propose = has_to_propose(request, article.issue if article else None)
        proposals = Proposal.objects.open_for(request.user.pk).filter(article=article) if article else []
        context |= {"must_propose": must_propose, "may_publish": may_publish(request)}
        context |= {"proposals": proposals, "note_form": NoteForm(), "goes_on": None}
        if article is not None and must_propose and request.method == "GET":
            form = context["adminform"].form
            goes_on, texts = _to_go_on_with(request, article, list(proposals))
            form.initial |= texts
            context |= {"goes_on": goes_on}
            if goes_on is not None and goes_on.is_pending:
                context["note_form"] = NoteForm(
                    initial={"proposal": goes_on.pk, "proposal_note": goes_on.note}
                )
        return super().render_change_form(request, context, *args, **kwargs)

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """An article's versions are those of its issue."""
        article = self.get_object(request, object_id)
        if article is None:
            return super().history_view(request, object_id, *args, **kwargs)
        return HttpResponseRedirect(reverse("admin:archive_issue_history", args=[article.issue_id]))

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        obj.missing_figures = without(obj, form.supplied)
        save_article(obj, by=request.user)  # type: ignore[arg-type]

    def response_proposed(self, request: HttpRequest, sent: SentForm, proposal: Proposal) -> HttpResponse:
        response = super().response_proposed(request, sent, proposal)
        if proposal.article is not None:
            self.close_reported(request, proposal.article)
        return response

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        if "_preview" in request.POST:
            return HttpResponseRedirect(reverse("archive:preview-article", args=[obj.issue_id, obj.pk]))
        if obj.issue.is_published and "_save" in request.POST:
            self.message_user(request, f"已保存《{obj.title}》，成员现在看到的是新内容。")
            return self.response_post_save_change(request, obj)
        return super().response_change(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: Article) -> HttpResponseRedirect:
        """Back to its issue, with a way to the list where it was looked for; to the list where it was reported."""
        if reports := self.back_to_reports(request, obj):
            return reports
        if way := way_back(request):
            return HttpResponseRedirect(way)
        if request.GET.get("_changelist_filters"):
            found = super().response_post_save_change(request, obj)["Location"]
            messages.info(request, format_html('<a href="{}">回到刚才的搜索结果</a>', found))
        return HttpResponseRedirect(reverse("admin:archive_issue_change", args=[obj.issue_id]))

    # --- Figures ---------------------------------------------------------------------------------------

    pages = {"<int:pk>/figures/": "figures", "<int:pk>/open/": "open"}

    @method_decorator(require_POST)
    def figures(self, request: HttpRequest, pk: int) -> JsonResponse:
        """Takes one image for the article, as it will be shown. It becomes visible where the text places it."""
        article = self.get_object(request, str(pk))
        if article is None:
            return JsonResponse({"error": "这一篇已经不在了。请先把文字复制下来。"}, status=404)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        demand(request, "archive.add_figure")
        sent = request.FILES.get("image")
        if sent is None:
            return JsonResponse({"error": "没有收到图片。请再选一次。"}, status=400)
        if (sent.size or 0) > MAX_IMAGE_BYTES:
            limit = MAX_IMAGE_BYTES // 1024**2
            return JsonResponse({"error": f"图片超过 {limit} MB。请缩小后再添加。"}, status=400)
        try:
            image = read_image(sent.read())
        except ImportRefused as refused:
            return JsonResponse({"error": f"{refused.message}。"}, status=400)
        figure = attach_figure(article, image, request.POST.get("alt", ""))
        said = {name: getattr(figure, name) for name in ("alt", "width", "height")}
        return JsonResponse({"url": figure.get_absolute_url(), **said}, status=201)


class _GoOnForm(forms.Form):
    """Which proposal to go on writing on (`?proposal=7`)."""

    proposal = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


def _to_go_on_with(
    request: HttpRequest, article: Article, proposals: list[Proposal]
) -> tuple[Proposal | None, dict[str, str]]:
    """Returns the proposal whose text the form shows, and that text: the one asked for, or the newest that waits.

    None where what members read was changed since: writing on the proposal would undo that.
    """
    form = _GoOnForm(request.GET)
    asked = form.cleaned_data["proposal"] if form.is_valid() else None
    fitting = [one for one in proposals if (one.pk == asked if asked else one.is_pending)]
    if not fitting or reviewing.obstacles(fitting[-1]):
        return None, {}
    fields = reviewing.delta(fitting[-1]).articles[str(article.pk)]
    return fitting[-1], {name: new for name, (_, new) in fields.items()}
