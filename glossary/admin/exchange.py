"""The glossary as a CSV file in the admin: taken out whole, looked at before it is taken in."""

from __future__ import annotations

from pathlib import Path

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from glossary.exchange import export_glossary, import_rows, plan_import
from glossary.models import Term
from glossary.table import GlossaryRefused, TermRow, read_rows, write_table

CSV_FOR_EXCEL = "utf-8-sig"
"""With its mark, without which Excel reads UTF-8 as GBK: 鍙扮Н鐢."""
MAX_MEGABYTES = 5
SHOWN_ROWS = 200
"""Terms of each kind that a preview lists."""


class UploadForm(forms.Form):
    """A file to look at, or (`table`) the rows that were looked at and are to be stored."""

    MODES = [
        ("add", "补充：新增词条，给已有词条补上别名；什么都不删"),
        ("replace", "替换：词库变成文件里的样子，文件里没有的词条和别名会删去"),
    ]

    file = forms.FileField(label="CSV 文件", required=False)
    mode = forms.ChoiceField(label="怎么导入", choices=MODES, initial="add", widget=forms.RadioSelect)
    table = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def clean_file(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data["file"]
        if file and (file.size or 0) > MAX_MEGABYTES * 1024**2:
            raise ValidationError(f"文件超过 {MAX_MEGABYTES} MB。词库不会有这么大：请核对是不是选错了文件。")
        return file

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if "file" in cleaned and not cleaned["file"] and not cleaned.get("table"):
            self.add_error("file", "请先选一个 CSV 文件。")
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


def csv_response(text: str) -> HttpResponse:
    """The file as a browser saves it and Excel opens it."""
    response = HttpResponse(text.encode(CSV_FOR_EXCEL), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="glossary.csv"'
    return response


def export_view(request: HttpRequest) -> HttpResponse:
    """The whole glossary."""
    if not request.user.has_perm("glossary.view_term"):
        raise PermissionDenied
    return csv_response(export_glossary())


def import_view(request: HttpRequest) -> HttpResponse:
    """Asks for a file, shows what it would change, and stores it when that was confirmed."""
    if not request.user.has_perms(["glossary.add_term", "glossary.change_term", "glossary.add_alias"]):
        raise PermissionDenied
    form = UploadForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"form": form, "shown": SHOWN_ROWS}
    if request.method == "POST" and form.is_valid():
        if form.replaces and not request.user.has_perm("glossary.delete_term"):
            form.add_error("mode", "“替换”会删去词条，您没有删除词条的权限。请选“补充”，或请主编来做。")
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
    return TemplateResponse(
        request,
        "admin/glossary/term/import.html",
        {**admin.site.each_context(request), "title": "导入词库", "opts": Term._meta, **context},
    )


def _store(request: HttpRequest, rows: list[TermRow], path: Path, *, replaces: bool) -> HttpResponse:
    result = import_rows(rows, path, replace=replaces)
    deleted = f"，删去 {result.deleted} 条" if result.deleted else ""
    changes = f"新增 {result.created} 条，改动 {result.changed} 条{deleted}"
    messages.success(request, f"词库导入好了：{changes}，{result.unchanged} 条本来就一样。")
    return redirect("admin:glossary_term_changelist")
