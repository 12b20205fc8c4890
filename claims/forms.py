"""Query parameters of the pages of numbers."""

from __future__ import annotations

from typing import NamedTuple, cast

from django import forms

from claims.reading import KINDS, Kind


class FiguresAsked(NamedTuple):
    """Which kind, None for all, and which page."""

    kind: Kind | None
    page: int


class FiguresForm(forms.Form):
    """Reads `?kind=&page=`. A parameter that makes no sense is left out."""

    kind = forms.ChoiceField(choices=list(KINDS.items()), required=False)
    page = forms.IntegerField(min_value=1, max_value=1_000_000, required=False)

    def asked(self) -> FiguresAsked:
        """Returns what makes sense.

        >>> FiguresForm({"kind": "money", "page": "x"}).asked()
        FiguresAsked(kind='money', page=1)
        """
        self.is_valid()
        kind = self.cleaned_data.get("kind") or None
        return FiguresAsked(cast("Kind | None", kind), self.cleaned_data.get("page") or 1)
