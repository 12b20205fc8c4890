"""The forms of issues and articles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.models import BaseInlineFormSet
from django_prose_editor.widgets import AdminProseEditorWidget
from js_asset import Media

from archive import body
from archive.admin.date_fields import DayField, EndDayField, WeekDatesMixin
from archive.models import Article, Issue
from archive.once import new_token
from archive.refusal import ImportRefused

_EXTENSIONS = (
    "Bold Italic Subscript Superscript Heading BulletList OrderedList ListItem Blockquote HardBreak HorizontalRule "
    "Link Table TableRow TableHeader TableCell Figure Image Caption"
).split()
BODY_EDITOR: dict[str, dict[str, object]] = {
    "extensions": {
        **dict.fromkeys(_EXTENSIONS, True),
        "Heading": {"levels": [3, 4]},
        "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
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
        self.initial["form_token"] = new_token()


def _label(name: str) -> str:
    return str(Issue._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


class IssueForm(WeekDatesMixin, GuardedForm):
    """An issue. Its status is changed by buttons, not by a field."""

    start_date = DayField(label=_label("start_date"))
    end_date = EndDayField(label=_label("end_date"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.near = self.instance.start_date or self.instance.end_date

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for name in {
            "introduction",
            "sign_off",
        } & self.cleaned_data.keys():  # with the ends of lines that the importer writes
            self.cleaned_data[name] = self.cleaned_data[name].replace("\r\n", "\n")
        return cleaned


class ArticleForm(GuardedForm):
    """An article with its text as it will be read, never as markup."""

    class Meta:
        model = Article
        fields = ["issue", "position", "section", "title", "body", "source", "source_url"]
        widgets = {"title": forms.TextInput(attrs={"size": 70}), "body": BodyWidget}

    @property
    def supplied(self) -> set[int]:
        """The missing figures, by number, that were ticked as supplied or not wanted any more."""
        sent = self.data.getlist("supplied") if hasattr(self.data, "getlist") else []
        return {int(number) for number in sent if number.isdecimal() and len(number) < 9}

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
        help_texts = {"section": "", "source": ""}  # Django shows them as a mark to be hovered over
        widgets = {
            # As wide as the table gives them (admin.css): a title is read whole at 1366 pixels.
            "section": forms.TextInput,
            "title": forms.TextInput,
            "source": forms.TextInput,
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
