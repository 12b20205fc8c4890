"""What pages of the admin share that are no model lists or forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Field, Model
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path

from archive import audit
from archive.addresses import own_address
from archive.admin.numbers import CheckedKeysAdmin
from archive.models import Issue


class NamedFieldsMixin(BaseModelAdmin):
    """Names the field that was left empty: its label may stand far from the message."""

    def formfield_for_dbfield(
        self, db_field: Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            verb = "选" if isinstance(field, forms.ChoiceField) else "填"
            field.error_messages["required"] = f"还没有{verb}{field.label}。"
        return field


class PagesAdmin(NamedFieldsMixin, CheckedKeysAdmin):
    """An admin with pages of its own beside Django's."""

    pages: dict[str, str] = {}
    """Route → method; the page's URL is named after it, `archive_issue_bin`."""

    def get_urls(self) -> list[Any]:
        own = [
            path(
                route,
                self.admin_site.admin_view(getattr(self, name)),
                name=f"{self.opts.app_label}_{self.opts.model_name}_{name}",
            )
            for route, name in self.pages.items()
        ]
        return own + super().get_urls()

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What goes along, as editors count it: Django would list every mention, version and log entry."""
        chosen = list(objs)
        refused = {self.opts.verbose_name for obj in chosen if not self.has_delete_permission(request, obj)}
        return [str(obj) for obj in chosen], {self.opts.verbose_name: len(chosen)}, refused, []


class IssuePagesAdmin(PagesAdmin):
    """An admin of issues with pages that show one of them."""

    def issue_for(self, request: HttpRequest, pk: int | str) -> Issue:
        """The issue that a page shows. Raises Http404, and PermissionDenied for who may not see it."""
        issue: Issue | None = self.get_object(request, str(pk))
        if issue is None:
            raise Http404("这一期不存在，可能在回收站里。")
        if not self.has_view_or_change_permission(request, issue):
            raise PermissionDenied
        return issue


class ReadOnlyAdmin(PagesAdmin):
    """An admin whose rows nobody adds or changes by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def page(
    request: HttpRequest, template: str, title: str, model: type[Model], status: int = 200, **context: Any
) -> HttpResponse:
    """Returns a page in the admin's frame, below the list of `model`."""
    frame = {**admin.site.each_context(request), "title": title, "opts": model._meta}
    return TemplateResponse(request, template, {**frame, **context}, status=status)


def demand(request: HttpRequest, *permissions: str) -> None:
    """Raises PermissionDenied unless the user has all of `permissions` (`insight.view_searchrecord`)."""
    if not request.user.has_perms(permissions):
        raise PermissionDenied


def csv_response(text: str, name: str) -> HttpResponse:
    """Returns a file as a browser saves it and Excel opens it, and notes that it was exported (archive.audit).

    Without its mark, UTF-8 is read as GBK (鍙扮Н鐢).
    """
    audit.note("exported", name)
    return HttpResponse(
        text.encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


class BackForm(forms.Form):
    """Reads `?back=/admin/desk/words/` from the address of a form, which is posted to that same address."""

    back = forms.CharField(max_length=300, required=False)


def way_back(request: HttpRequest) -> str:
    """Returns the page that sent the editor to this form; empty when none was given, or one outside of this site."""
    form = BackForm(request.GET)
    return own_address(request, form.cleaned_data["back"]) if form.is_valid() else ""
