"""Forms of the desk: a paste or a file, an operation, a text, a figure. Every message is for editors."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django_prose_editor.widgets import AdminProseEditorWidget

from archive.admin.forms import BODY_EDITOR, IssueForm
from archive.body import MAX_BODY
from archive.models import Article, Figure, Issue
from archive.reading import DOCUMENTS
from desk.operations import OPERATIONS, Operation, arguments
from desk.state import Card, State

_WITHOUT_WORDS = set(OPERATIONS) - {"describe", "label", "rewrite", "supply", "insert", "caption"}
"""Operations that a button alone can name."""
_STALE = "这一处刚才已经改过了，没有再动。请看下面最新的样子，再试一次。"


def _longest(model: type[Issue | Article | Figure], name: str) -> int:
    return int(model._meta.get_field(name).max_length or 0)  # type: ignore[union-attr]


def _address(model: type[Issue | Article], label: str, **options: Any) -> forms.URLField:
    longest = _longest(model, "source_url")
    return forms.URLField(label=label, required=False, max_length=longest, assume_scheme="https", **options)


def _line(model: type[Issue | Article | Figure], name: str, **options: Any) -> forms.CharField:
    return forms.CharField(required=False, max_length=_longest(model, name), **options)


class OpenForm(forms.Form):
    """Takes a week: pasted text (with its HTML if the browser has it), or a file."""

    text = forms.CharField(
        label="粘贴整期内容",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "class": "paste", "spellcheck": "false"}),
    )
    rich = forms.FileField(required=False)
    file = forms.FileField(
        label="或者选一个文件",
        required=False,
        allow_empty_file=True,  # read_upload says what to do about it
        widget=forms.FileInput(attrs={"accept": ",".join(DOCUMENTS)}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not (data.get("text") or data.get("rich") or data.get("file")):
            raise ValidationError("还没有内容。请先把整期内容粘贴到框里，或选一个文件。")
        return data


class ActForm(forms.Form):
    """Takes an operation that a button names: `merge 4`, `move 4 0`, `settle number-missing:12`."""

    act = forms.CharField(error_messages={"required": _STALE})

    def clean_act(self) -> Operation:
        name, *values = self.cleaned_data["act"].split()
        if name not in _WITHOUT_WORDS or len(values) != len(arguments(name)):
            raise ValidationError(_STALE)
        told: dict[str, Any] = {"name": name}
        for argument, value in zip(arguments(name), values, strict=True):
            if argument != "warning" and not (value.isdecimal() and len(value) < 10):
                raise ValidationError(_STALE)
            told[argument] = value if argument == "warning" else int(value)
        return told


class OperationForm(forms.Form):
    """Takes an operation with its arguments; `operation` returns it as it is stored."""

    name = ""

    def operation(self) -> Operation:
        """Returns the operation; only once the form is valid."""
        return {"name": self.name, **self.cleaned_data}


class WeekForm(OperationForm):
    """Takes the week's title, dates, columnist and source."""

    name = "describe"
    title = _line(Issue, "title", label="刊名")
    start_date = forms.DateField(
        label="开始日期", required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    end_date = forms.DateField(
        label="结束日期", required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    columnist = _line(Issue, "columnist", label="栏目作者")
    source_url = _address(Issue, "原文链接")

    @classmethod
    def of(cls, state: State) -> WeekForm:
        """Returns the form, filled in from the state."""
        return cls(initial={name: getattr(state, name) for name in arguments("describe")}, auto_id="week_%s")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in ("start_date", "end_date"):
            data[name] = data[name].isoformat() if data.get(name) else ""
        data["title"] = " ".join(data.get("title", "").split())
        return data


class CardForm(OperationForm):
    """Takes an article's title and source."""

    name = "label"
    card = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    title = _line(
        Article, "title", label="标题", widget=forms.TextInput(attrs={"placeholder": "请写上这一篇的标题"})
    )
    source = _line(
        Article, "source", label="来源", widget=forms.TextInput(attrs={"placeholder": "来源，可以不填"})
    )
    source_url = _address(
        Article, "来源链接", widget=forms.URLInput(attrs={"placeholder": "来源链接，可以不填"})
    )

    @classmethod
    def of(cls, card: Card) -> CardForm:
        """Returns the form, filled in from the card."""
        initial = {name: getattr(card, name) for name in ("title", "source", "source_url")}
        return cls(initial={"card": card.key, **initial}, auto_id=f"card_{card.key}_%s")

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())


class CaptionForm(OperationForm):
    """Takes a figure's caption and its alternative text."""

    name = "caption"
    paragraph = forms.IntegerField(min_value=1)
    alt = _line(Figure, "alt", label="替代文字")
    caption = forms.CharField(label="图注", required=False, max_length=300)


class FigureForm(forms.Form):
    """Takes an image: for the place of a missing figure, or to be inserted behind a piece."""

    paragraph = forms.IntegerField(required=False, min_value=1)
    after = forms.IntegerField(required=False, min_value=1)
    image = forms.FileField(
        error_messages={
            "required": "还没有选图片。请点“选择文件”，选一张 PNG 或 JPG 图片。",
            "empty": "这个图片文件是空的。请换一张。",
        }
    )
    alt = _line(Figure, "alt", label="替代文字")
    caption = forms.CharField(label="图注", required=False, max_length=300)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if bool(data.get("paragraph")) == bool(data.get("after")):
            raise ValidationError(_STALE)
        return data


class TextForm(forms.Form):
    """Takes the text of a card, the introduction or the sign-off, from the body editor or a plain field."""

    target = forms.CharField(max_length=20)
    html = forms.CharField(required=False, max_length=MAX_BODY)
    text = forms.CharField(required=False, max_length=MAX_BODY, strip=False)


class StoreForm(forms.Form):
    """Takes what the week becomes: a draft, a published issue, or one that is published later."""

    how = forms.ChoiceField(
        choices=[
            ("draft", "保存为草稿"),
            ("preview", "保存并预览"),
            ("publish", "立即发布"),
            ("schedule", "定时发布"),
        ]
    )
    schedule_at = IssueForm.declared_fields["schedule_at"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("how") == "schedule" and not (data.get("schedule_at") or self.errors):
            self.add_error("schedule_at", "请先选好日期和时间，再点“到时发布”。")
        return data

    @property
    def goes_public(self) -> bool:
        return self.cleaned_data["how"] in ("publish", "schedule")


def body_widget() -> AdminProseEditorWidget:
    """Returns the editor of an article's text, the same as in the article's form."""
    return AdminProseEditorWidget(config=BODY_EDITOR, preset="configurable")
