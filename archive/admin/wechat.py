"""Posts for WeChat in the admin: looked at as a telephone shows them, checked, and copied; their style is set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from csp.constants import NONE, SELF
from csp.decorators import csp_replace, csp_update
from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.clickjacking import xframe_options_sameorigin

from archive import audit
from archive.admin.frame import IssuePagesAdmin, PagesAdmin, demand, page
from archive.figures import read_image
from archive.models import Article, Issue
from archive.refusal import ImportRefused
from archive.statements import Statement
from archive.wechat.checks import MAX_CHARACTERS, MAX_TITLE, findings
from archive.wechat.models import PostStyle
from archive.wechat.pictures import qr_picture
from archive.wechat.posts import Post, make_post, page_of

MAX_QR_BYTES = 5 * 1024**2
FRAMING = {"frame-src": [SELF]}
"""What a page needs on top of its policy to show a post in a frame."""
FRAMED = {
    # The post's styles stand in its elements, because WeChat takes no others. Nothing runs in its frame and nothing
    # is loaded; `allow-same-origin` lets the page around it read what is to be copied.
    "default-src": [NONE],
    "script-src": [NONE],
    "style-src": [NONE],
    "style-src-attr": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "font-src": None,
    "connect-src": None,
    "manifest-src": None,
    "form-action": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-same-origin"],
}
SAMPLE_ARTICLES = 3
"""How many articles of the newest issue the preview of a style shows."""
_STYLES = Statement(lambda _: PostStyle.objects.values_list("pk")[:1])
"""Whether there is one: each page of the admin asks, for its list of what can be added."""

View = Callable[..., HttpResponse]


def framed(view: View) -> View:
    """Lets a method answer with a post in a frame of ours: its policy allows styles of elements, nothing else."""
    return method_decorator([csp_replace(FRAMED), xframe_options_sameorigin])(view)


class PostForm(forms.Form):
    """Which articles of an issue go into the post: those that were chosen, or all."""

    # Not one that knows its choices: it would refuse all for one that was deleted since the page was opened.
    article = forms.Field(required=False, widget=forms.SelectMultiple)

    def __init__(self, issue: Issue, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.articles = list(issue.articles.order_by("position"))

    def chosen(self) -> list[Article]:
        """The chosen articles in the order of the issue. What is not of this issue (any more) is passed over."""
        self.full_clean()
        chosen = set(self.cleaned_data["article"] or ())
        return [article for article in self.articles if str(article.pk) in chosen] or self.articles


class WechatMixin(IssuePagesAdmin):
    """An issue's page for copying, for everyone who may see the issue in the admin."""

    pages = {"<int:pk>/wechat/": "wechat", "<int:pk>/wechat/post/": "wechat_post"}

    @method_decorator(csp_update(FRAMING))
    def wechat(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Shows the post, what to know before it is copied, and a button that does."""
        issue = self.issue_for(request, pk)
        form = PostForm(issue, request.GET)
        articles = form.chosen()
        if not articles:
            return page(request, "admin/archive/wechat/empty.html", "复制到公众号", Issue, issue=issue)
        post = make_post(issue, articles, PostStyle.objects.current(), _site(request))
        return page(
            request,
            "admin/archive/wechat/post.html",
            "复制到公众号",
            Issue,
            is_nav_sidebar_enabled=False,
            issue=issue,
            post=post,
            findings=findings(post),
            all_articles=form.articles,
            query=request.GET.urlencode(),
            max_title=MAX_TITLE,
            max_characters=MAX_CHARACTERS,
            may_style=request.user.has_perm("archive.change_poststyle"),
        )

    @framed
    def wechat_post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answers with the post itself, for the frame."""
        issue = self.issue_for(request, pk)
        articles = PostForm(issue, request.GET).chosen()
        if not articles:
            return HttpResponse(status=204)
        post = make_post(issue, articles, PostStyle.objects.current(), _site(request))
        return _page_of(post)


def _site(request: HttpRequest) -> str:
    return request.build_absolute_uri("/")


def _page_of(post: Post) -> HttpResponse:
    return HttpResponse(page_of(post, f"{settings.SITE_NAME}　今天"))


# --- The style -------------------------------------------------------------------------------------------


class PostStyleForm(forms.ModelForm):
    """The style of posts; its QR picture is uploaded, scaled and kept in the row itself."""

    qr_file = forms.FileField(
        label="二维码",
        required=False,
        help_text="PNG 或 JPG。公众号按原大小显示图片，所以会缩到 258 像素宽。",
    )
    without_qr = forms.BooleanField(label="删除现在的二维码", required=False)

    class Meta:
        model = PostStyle
        fields = ["colour", "heading", "has_contents", "lead", "closing", "qr_caption"]
        widgets = {
            "colour": forms.TextInput(attrs={"type": "color"}),
            "heading": forms.RadioSelect,
            "lead": forms.Textarea(attrs={"rows": 2}),
            "closing": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.qr:
            self.fields["qr_file"].help_text += "已经有一张，选新的会换掉它。"

    def clean_qr_file(self) -> bytes:
        """The picture as it is stored, empty when none was sent."""
        sent = self.cleaned_data["qr_file"]
        if sent is None:
            return b""
        if sent.size > MAX_QR_BYTES:
            raise forms.ValidationError(f"二维码图片超过 {MAX_QR_BYTES // 1024**2} MB。请换一张小一些的。")
        try:
            return qr_picture(read_image(sent.read()).data)
        except ImportRefused as refused:
            raise forms.ValidationError(f"{refused.message}。") from refused

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("without_qr"):
            self.instance.qr = b""
        elif sent := data.get("qr_file"):
            self.instance.qr = sent
        return data


@admin.register(PostStyle)
class PostStyleAdmin(PagesAdmin):
    """The one style of posts: there is no list, its form comes at once, with a preview beside it."""

    form = PostStyleForm
    change_form_template = "admin/archive/wechat/style_form.html"
    fieldsets = [
        (None, {"fields": ["colour", "heading", "has_contents", "lead"]}),
        ("结尾卡片", {"fields": ["closing", "qr_file", "without_qr", "qr_caption"]}),
    ]
    pages = {"preview/": "preview"}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not _STYLES.all()

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        style = PostStyle.objects.current()
        if style.pk:
            return HttpResponseRedirect(reverse("admin:archive_poststyle_change", args=[style.pk]))
        return HttpResponseRedirect(reverse("admin:archive_poststyle_add"))

    @method_decorator(csp_update(FRAMING))
    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        return super().changeform_view(request, object_id, *args, **kwargs)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context |= {"title": "公众号样式", "subtitle": "", "is_nav_sidebar_enabled": False}
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: PostStyle, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        audit.note("settings_changed", obj)

    def response_add(
        self, request: HttpRequest, obj: PostStyle, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self.response_change(request, obj)

    def response_change(self, request: HttpRequest, obj: PostStyle) -> HttpResponse:
        self.message_user(request, "公众号样式已保存。以后复制的推文都用它，已经粘贴到公众号里的不会变。")
        return HttpResponseRedirect(reverse("admin:archive_poststyle_change", args=[obj.pk]))

    @framed
    def preview(self, request: HttpRequest) -> HttpResponse:
        """Answers with the beginning of the newest issue: in the style that a form holds, or in the one that is set."""
        demand(request, "archive.change_poststyle")
        style = PostStyle.objects.current()
        if request.method == "POST":
            form = PostStyleForm(request.POST, request.FILES, instance=style)
            if not form.is_valid():
                return HttpResponse("样式里有填得不对的地方：" + "；".join(_errors(form)), status=422)
        issue = Issue.objects.filter(articles__isnull=False).first()
        if issue is None:
            return HttpResponse("文库里还没有文章。导入一期以后，这里就能看到样子。")
        articles = list(issue.articles.order_by("position")[:SAMPLE_ARTICLES])
        return _page_of(make_post(issue, articles, style, _site(request)))


def _errors(form: forms.Form | forms.ModelForm) -> list[str]:
    return [str(error) for errors in form.errors.values() for error in errors]
