"""Numbers that a form says of itself are checked before anything is locked, counted or looked up by them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import quote
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.core.exceptions import BadRequest
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.functional import cached_property

from archive.addresses import address_of

MAX_LINES = 1000
"""Lines that a formset may have: what Django takes by default."""
MAX_DIGITS = 18
"""Of a key or a version: what every database can look up."""


def check_numbers(post: QueryDict) -> None:
    """Raises BadRequest when a form names more lines, or longer numbers, than a form of ours can have.

    >>> check_numbers(QueryDict("articles-TOTAL_FORMS=1000000000"))
    Traceback (most recent call last):
    django.core.exceptions.BadRequest: articles-TOTAL_FORMS is over 1000 or over what was sent
    """
    for name, value in post.items():
        text = str(value).strip()
        if not text.isdecimal():
            continue
        if len(text) > MAX_DIGITS and (name == "version" or name.endswith(("-id", "-position", "_FORMS"))):
            raise BadRequest(f"{name} has over {MAX_DIGITS} digits")
        if name.endswith(("-TOTAL_FORMS", "-INITIAL_FORMS")) and int(text) > min(MAX_LINES, len(post)):
            raise BadRequest(f"{name} is over {MAX_LINES} or over what was sent")


def check_selected(post: QueryDict) -> None:
    """Raises BadRequest when an action is asked for on what no row can be called.

    >>> check_selected(QueryDict("_selected_action=1e400"))
    Traceback (most recent call last):
    django.core.exceptions.BadRequest: _selected_action is no number of a row
    """
    for key in post.getlist(ACTION_CHECKBOX_NAME):
        if not is_key(key):
            raise BadRequest(f"{ACTION_CHECKBOX_NAME} is no number of a row")


def is_key(text: str) -> bool:
    """Whether a row can be called so.

    >>> is_key("12"), is_key("on"), is_key("9" * 400)
    (True, False, False)
    """
    return text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS


class RowList(ChangeList):
    """Django's list, whose rows' addresses are worked out once, and which counts for the rows that it shows.

    Django would join what is counted into each of its statements: those that count rows, and those of the filters.
    """

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet[Any]:
        if ORDER_VAR in self.params:
            self.root_queryset = self.model_admin.sortable(self.root_queryset)  # type: ignore[attr-defined]
        return super().get_queryset(request, *args, **kwargs)

    def get_results(self, request: HttpRequest) -> None:
        self.queryset = self.queryset.defer(*self.model_admin.unlisted)  # type: ignore[attr-defined]
        super().get_results(request)
        self.result_list = [*self.result_list]
        self.model_admin.complete(self.result_list)  # type: ignore[attr-defined]

    def url_for_result(self, result: Model) -> str:
        return f"{self._address}{quote(result.pk)}/change/"

    @cached_property
    def _address(self) -> str:
        page = f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"
        return address_of(page, current_app=self.model_admin.admin_site.name)


class CheckedKeysAdmin(admin.ModelAdmin):
    """An admin that looks up what a row can be called: Django hands any text to the database as a key.

    So for its actions, and for what a new form starts with (`add/?issue=12`).
    """

    unlisted: Sequence[str] = ()
    """Fields that a list of these shows nothing of."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return RowList

    def sortable(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Returns the rows with what a list can be sorted by beside their fields."""
        return rows

    def complete(self, rows: Sequence[Any]) -> None:
        """Gives the rows of a list's page what is shown of them beside their fields."""

    def response_action(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse | None:
        check_selected(request.POST)
        return super().response_action(request, *args, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial = super().get_changeform_initial_data(request)
        looked_up = {*self.autocomplete_fields, *self.raw_id_fields}
        return {name: value for name, value in initial.items() if name not in looked_up or is_key(str(value))}
