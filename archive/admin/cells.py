"""The cells of the admin's lists, as Django writes them, by flat code: a list of terms has five hundred.

What is the same for a whole column (its class, whether it links, which method or field it shows) is looked up once for
a list, not once for a cell. What is rare, Django writes itself: forms in rows, pop-ups, fields of other kinds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from html import escape
from typing import Any, NamedTuple

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.templatetags import admin_list
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import display_for_value
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import FieldDoesNotExist
from django.db.models import CharField, DateField, Field, Model, TextField
from django.forms import ModelForm
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

by_django = admin_list.items_for_result


class _Column(NamedTuple):
    shown: Callable[[Any], Any]
    """Returns the value of a row."""
    opening: str
    closing: str
    is_linked: bool
    empty: str
    is_boolean: bool


class _List(NamedTuple):
    columns: list[_Column]
    behind_address: str
    """What the address of each row ends with: the filters to come back to."""


def cells_of(cl: ChangeList, result: Model, form: ModelForm | None) -> Iterator[SafeString]:
    """Yields the cells of a row in one piece, in place of Django's `items_for_result`: its template joins them."""
    known: dict[str, _List | None] = cl.__dict__
    if "flat" not in known:
        known["flat"] = _list_of(cl, result)
    flat = known["flat"]
    if form is not None or flat is None:
        yield from by_django(cl, result, form)
        return
    cells: list[str] = []
    for shown, opening, closing, is_linked, empty, is_boolean in flat.columns:
        value = shown(result)
        if not isinstance(value, str):
            if isinstance(value, dt.date | dt.time) and "nowrap" not in opening:
                opening = opening.replace('">', ' nowrap">')
            value = display_for_value(value, empty, is_boolean)
        elif not value.strip():
            value = empty
        said: str = value if isinstance(value, SafeString) else conditional_escape(value)
        if is_linked:
            said = f'<a href="{escape(cl.url_for_result(result) + flat.behind_address)}">{said}</a>'
        cells.append(f"{opening}{said}{closing}")
    yield mark_safe("".join(cells))  # noqa: S308 - escaped above


def _list_of(changes: ChangeList, row: Model) -> _List | None:
    """Returns how a list is written; None where that is Django's to do."""
    if changes.is_popup:
        return None
    columns: list[_Column] = []
    has_link = False
    for name in changes.list_display:
        field = _field_of(changes, name)
        shown = _of_field(field) if field else _of_method(changes, name)
        if shown is None:
            return None
        links = changes.list_display_links
        is_linked = links is not None and (name in links if links else not has_link)
        tag = "th" if is_linked and not has_link else "td"
        has_link = has_link or is_linked
        named = "action-checkbox" if name == "action_checkbox" else f"field-{name}"
        if isinstance(field, DateField):
            named += " nowrap"
        empty = getattr(shown, "empty_value_display", changes.model_admin.get_empty_value_display())
        is_boolean = bool(getattr(shown, "boolean", False))
        columns.append(_Column(shown, f'<{tag} class="{named}">', f"</{tag}>", is_linked, empty, is_boolean))
    address = changes.url_for_result(row) if has_link else ""
    kept: dict[str, Any] = {"preserved_filters": changes.preserved_filters, "opts": changes.opts}
    return _List(columns, add_preserved_filters(kept, address)[len(address) :] if has_link else "")


def _field_of(changes: ChangeList, name: Any) -> Field[Any, Any] | None:
    try:
        found = changes.lookup_opts.get_field(name) if isinstance(name, str) else None
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, Field) else None


def _of_method(changes: ChangeList, name: Any) -> Callable[[Any], Any] | None:
    if not isinstance(name, str) or name == "__str__":
        return None
    if name == "action_checkbox":
        return _box()
    method: Callable[[Any], Any] | None = getattr(changes.model_admin, name, None)
    return method


def _box() -> Callable[[Model], SafeString]:
    """As the box of `ModelAdmin` with which a row is chosen, whose words would be translated for each row."""
    opening = f'<input type="checkbox" name="{ACTION_CHECKBOX_NAME}" value="'
    said = escape(gettext("Select this object for an action - {}"))

    def box(row: Model) -> SafeString:
        label = said.replace("{}", escape(str(row)))
        return mark_safe(f'{opening}{row.pk}" class="action-select" aria-label="{label}">')  # noqa: S308

    return box


def _of_field(field: Field[Any, Any]) -> Callable[[Any], Any] | None:
    name = field.attname
    if field.flatchoices:
        labels = dict(field.flatchoices)
        return lambda row: labels.get(getattr(row, name))
    if type(field) in (CharField, TextField) or isinstance(field, DateField):
        return lambda row: getattr(row, name)
    return None
