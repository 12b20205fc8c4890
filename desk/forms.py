"""Forms of the desk: a paste or a file, an operation, a text, a figure. Every message is for editors."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django_prose_editor.widgets import AdminProseEditorWidget

from archive.admin.date_fields import DayField, EndDayField, WeekDatesMixin
from archive.admin.forms import BODY_EDITOR
from archive.body import MAX_BODY
from archive.models import Article, Figure, Issue
from archive.reading.kinds import suffixes
from desk.operations import OPERATIONS, Operation, arguments
from desk.state import State

_WITHOUT_WORDS = set(OPERATIONS) - {"describe", "label", "rewrite", "supply", "insert", "caption"}
"""Operations that a button alone can name."""
MAX_IMAGES = 20
"""Pictures that are taken at once: they are decoded while the editor waits."""
_STALE = "这里刚刚改过，这一步没有执行。请看最新内容再试。"


def _longest(model: type[Issue | Article | Figure], name: str) -> int:
    return int(model._meta.get_field(name).max_length or 0)  # type: ignore[union-attr]


def _address(model: type[Issue | Article], label: str, **options: Any) -> forms.URLField:
    longest = _longest(model, "source_url")
    return forms.URLField(label=label, required=False, max_length=longest, assume_scheme="https", **options)


def _line(model: type[Issue | Article | Figure], name: str, **options: Any) -> forms.CharField:
    return forms.CharField(required=False, max_length=_longest(model, name), **options)


def _day_widget() -> forms.DateInput:
    """A line to write or paste a day into, with a calendar beside it (`pickers.js`): a native one takes no paste."""
    attrs = {"autocomplete": "off", "data-picker": "date", "placeholder": "2025-09-01"}
    return forms.DateInput(format="%Y-%m-%d", attrs=attrs)


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
        widget=forms.FileInput(attrs={"accept": ",".join(suffixes())}),
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


class WeekForm(WeekDatesMixin, OperationForm):
    """Takes the week's title, dates, columnist and source."""

    name = "describe"
    title = _line(Issue, "title", label="刊名")
    start_date = DayField(label="开始日期", required=False, widget=_day_widget())
    end_date = EndDayField(label="结束日期", required=False, widget=_day_widget())
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
    """Takes an article's section, title and source. Its fields are written by `desk/templatetags/cards.py`."""

    name = "label"
    card = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    section = _line(
        Article, "section", label="分栏", widget=forms.TextInput(attrs={"placeholder": "分栏，可以不填"})
    )
    title = _line(
        Article, "title", label="标题", widget=forms.TextInput(attrs={"placeholder": "请写上这一篇的标题"})
    )
    source = _line(
        Article, "source", label="来源", widget=forms.TextInput(attrs={"placeholder": "来源，可以不填"})
    )
    source_url = _address(
        Article, "来源链接", widget=forms.URLInput(attrs={"placeholder": "来源链接，可以不填"})
    )

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())


class CaptionForm(OperationForm):
    """Takes a figure's caption and its alternative text."""

    name = "caption"
    paragraph = forms.IntegerField(min_value=1)
    alt = _line(Figure, "alt", label="图片说明")
    caption = forms.CharField(label="图注", required=False, max_length=300)


class SeveralFilesInput(forms.FileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Takes one file or several; `clean` returns a list."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        files = data if isinstance(data, list) else [data]
        return [super(SeveralFilesField, self).clean(file, initial) for file in files or [None]]


class FigureForm(forms.Form):
    """Takes images: for the place of a missing figure, or to be inserted behind a piece, one after the other."""

    paragraph = forms.IntegerField(required=False, min_value=1)
    after = forms.IntegerField(required=False, min_value=1)
    image = SeveralFilesField(
        error_messages={
            "required": "还没有选图片。请点“选择文件”，选一张 PNG 或 JPG 图片。",
            "empty": "这个图片文件是空的。请换一张。",
        }
    )
    alt = _line(Figure, "alt", label="图片说明")
    caption = forms.CharField(label="图注", required=False, max_length=300)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if bool(data.get("paragraph")) == bool(data.get("after")):
            raise ValidationError(_STALE)
        if len(data.get("image") or ()) > MAX_IMAGES:
            raise ValidationError(f"一次最多放 {MAX_IMAGES} 张图片，没有放。请分几次拖进来。")
        return data


class TextForm(forms.Form):
    """Takes the text of a card, the introduction or the sign-off, from the body editor or a plain field."""

    target = forms.CharField(max_length=20)
    html = forms.CharField(required=False, max_length=MAX_BODY)
    text = forms.CharField(required=False, max_length=MAX_BODY, strip=False)


class StoreForm(forms.Form):
    """Takes which desk is stored, and where to go next: to the draft, its preview, the last look before publishing."""

    how = forms.ChoiceField(
        choices=[("draft", "保存草稿"), ("preview", "保存并预览"), ("look", "保存并发布")]
    )
    desk = forms.IntegerField(required=False, min_value=1)


def body_widget() -> AdminProseEditorWidget:
    """Returns the editor of an article's text, the same as in the article's form."""
    return AdminProseEditorWidget(config=BODY_EDITOR, preset="configurable")
