"""The forms of issues and articles."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.forms.models import BaseInlineFormSet
from django.utils import timezone
from django_prose_editor.widgets import AdminProseEditorWidget
from js_asset import Media

from archive import body
from archive.models import Article, Issue
from archive.publishing import local_time
from archive.refusal import ImportRefused

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


class BodyWidget(AdminProseEditorWidget):
    """The sheet that an article's text is written on, with its buttons in Chinese and its place for figures."""

    def __init__(self) -> None:
        super().__init__(config=BODY_EDITOR, preset="configurable")

    @property
    def media(self) -> Media:
        # First: the editor asks for its words while it is loaded.
        return Media(js=["js/admin/prose.js"]) + super().media


class GuardedForm(forms.ModelForm):
    """A form that knows what it was filled in from: the version of its issue, and a token of its own."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    form_token = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            issue = self.instance if isinstance(self.instance, Issue) else self.instance.issue
            self.initial["version"] = issue.version
        self.initial["form_token"] = secrets.token_hex(16)


class IssueForm(GuardedForm):
    """An issue. Its status is changed by buttons, not by a field."""

    schedule_at = forms.DateTimeField(
        label="定时发布的时间",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M"],
        error_messages={"invalid": "请填写完整的日期和时间，例如 2025-03-21 18:00。"},
    )

    class Meta:
        model = Issue
        fields = ["title", "start_date", "end_date", "columnist", "introduction", "sign_off", "source_url"]
        widgets = {"start_date": AdminDateWidget, "end_date": AdminDateWidget}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.is_scheduled:
            self.initial.setdefault("schedule_at", self.instance.publish_at)

    def clean_introduction(self) -> str:
        return _lines(self.cleaned_data["introduction"])

    def clean_sign_off(self) -> str:
        return _lines(self.cleaned_data["sign_off"])

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "_schedule" in self.data and "schedule_at" not in self.errors:
            when: dt.datetime | None = self.cleaned_data.get("schedule_at")
            if when is None:
                self.add_error("schedule_at", "请先选好日期和时间，再点“定时发布”。")
            elif when <= timezone.now():
                self.add_error(
                    "schedule_at",
                    f"{local_time(when)} 已经过去。请选一个以后的时间，或者点“立即发布”。",
                )
        return cleaned


def _lines(text: str) -> str:
    """The text with the ends of lines that the importer writes; browsers send another kind."""
    return text.replace("\r\n", "\n")


class ArticleForm(GuardedForm):
    """An article with its text as it will be read, never as markup."""

    class Meta:
        model = Article
        fields = ["issue", "position", "title", "body", "source", "source_url"]
        widgets = {"title": forms.TextInput(attrs={"size": 70}), "body": BodyWidget}

    def clean_body(self) -> str:
        html: str = self.cleaned_data["body"]
        if len(html) > body.MAX_BODY:
            raise forms.ValidationError(f"正文太长，最多 {body.MAX_BODY} 个字。请分成几篇。")
        try:
            cleaned = body.clean(html)
        except ImportRefused as refused:
            raise forms.ValidationError(f"{refused.message}。") from None
        body.blocks_of(cleaned)  # remembered for those who follow the change, under the lock
        return cleaned


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
                form.add_error("position", f"第 {position} 篇已经是“{seen[position]}”，请改一个序号。")
            seen.setdefault(position, form.cleaned_data.get("title", ""))
