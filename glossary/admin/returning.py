"""The way back to the page that sent an editor to a form: `?back=/admin/desk/words/`."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


class BackForm(forms.Form):
    """Reads it from the address of the form, which is posted to that same address."""

    back = forms.CharField(max_length=300, required=False)


def way_back(request: HttpRequest) -> str:
    """Returns the address to go back to; empty when none was given, or one outside of this site."""
    form = BackForm(request.GET)
    back = str(form.cleaned_data["back"]) if form.is_valid() else ""
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return back if is_ours else ""
