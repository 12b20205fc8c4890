"""The glossary as a CSV or .xlsx file in the admin: taken out whole, looked at before it is taken in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse

from archive.admin.frame import csv_response, demand, page
from archive.once import sent_once
from glossary.exchange import export_for_editors, import_rows, plan_import
from glossary.models import Term
from glossary.table import GlossaryRefused, TermRow, read_rows, write_table

MAX_MEGABYTES = 5
SHOWN_ROWS = 200
"""Terms of each kind that a preview lists."""


class UploadForm(forms.Form):
    """A file to look at, or (`table`) the rows that were looked at and are to be stored."""

    MODES = [
        ("add", "补充：新建词条，给已有词条补上别名；什么都不删除"),
        ("replace", "替换：词库变成文件里的样子，文件里没有的词条和别名会删除"),
    ]

    file = forms.FileField(
        label="CSV 或 Excel 文件（.xlsx）",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    mode = forms.ChoiceField(label="怎么导入", choices=MODES, initial="add", widget=forms.RadioSelect)
    table = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def clean_file(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data["file"]
        if file and (file.size or 0) > MAX_MEGABYTES * 1024**2:
            raise ValidationError(f"文件超过 {MAX_MEGABYTES} MB，没有导入。请核对文件。")
        return file

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if "file" in cleaned and not cleaned["file"] and not cleaned.get("table"):
            self.add_error("file", "请先选一个 CSV 或 Excel 文件。")
        return cleaned

    @property
    def replaces(self) -> bool:
        return bool(self.cleaned_data["mode"] == "replace")

    def name_and_rows(self) -> tuple[Path, list[TermRow]]:
        """The rows and what their file is called. Raises GlossaryRefused."""
        file: UploadedFile | None = self.cleaned_data["file"]
        path = Path(file.name or "词库.csv") if file else Path("词库.csv")
        data = file.read() if file else self.cleaned_data["table"].encode()
        return path, read_rows(data, path)


def export_view(request: HttpRequest) -> HttpResponse:
    """The whole glossary."""
    demand(request, "glossary.view_term")
    return csv_response(export_for_editors(), "glossary.csv")


def import_view(request: HttpRequest) -> HttpResponse:
    """Asks for a file, shows what it would change, and stores it when that was confirmed."""
    demand(request, "glossary.add_term", "glossary.change_term", "glossary.add_alias")
    form = UploadForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "shown": SHOWN_ROWS}
    if request.method == "POST" and form.is_valid():
        if form.replaces and not request.user.has_perm("glossary.delete_term"):
            form.add_error("mode", "“替换”会删除词条，您的账号不能删除词条。请选“补充”，或请主编来做。")
        else:
            try:
                path, rows = form.name_and_rows()
                if form.cleaned_data["table"]:
                    return _store(request, rows, path, replaces=form.replaces)
                context["plan"] = plan_import(rows, path, replace=form.replaces)
                context["table"] = write_table(rows)
                context["mode"] = form.cleaned_data["mode"]
                context["mode_label"] = dict(UploadForm.MODES)[form.cleaned_data["mode"]]
            except GlossaryRefused as refused:
                context["refusal"] = str(refused).splitlines()
    return page(request, "admin/glossary/term/import.html", "导入词库", Term, **context)


def _store(request: HttpRequest, rows: list[TermRow], path: Path, *, replaces: bool) -> HttpResponse:
    with sent_once(request) as sent:
        if sent.answer:
            return sent.again()
        result = import_rows(rows, path, replace=replaces)
        deleted = f"，删除 {result.deleted} 条" if result.deleted else ""
        changes = f"新建 {result.created} 条，修改 {result.changed} 条{deleted}"
        said = f"词库已导入：{changes}，{result.unchanged} 条未变。"
        return sent.done("admin:glossary_term_changelist", said)
