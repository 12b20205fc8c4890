"""The way back to the page that sent an editor to a form: `?back=/admin/desk/words/`."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest

from archive.addresses import own_address


class BackForm(forms.Form):
    """Reads it from the address of the form, which is posted to that same address."""

    back = forms.CharField(max_length=300, required=False)


def way_back(request: HttpRequest) -> str:
    """Returns the address to go back to; empty when none was given, or one outside of this site."""
    form = BackForm(request.GET)
    return own_address(request, form.cleaned_data["back"]) if form.is_valid() else ""
