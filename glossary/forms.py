"""Query parameters of the topic pages."""

from __future__ import annotations

from typing import NamedTuple

from django import forms

from glossary.models import MAX_WRITING_LENGTH, Term


class TopicsAsked(NamedTuple):
    """The parameters of the list: which topics, in which order, and which page."""

    q: str = ""
    kind: str = ""
    sort: str = "use"
    letter: str = ""
    page: int = 1


class TopicsForm(forms.Form):
    """Reads `?q=&kind=&sort=&letter=&page=`. A parameter that makes no sense is left out."""

    SORTS = [("use", "提到最多"), ("rise", "近来升温"), ("name", "按拼音字母")]

    q = forms.CharField(required=False)
    kind = forms.ChoiceField(choices=Term.Kind, required=False)
    sort = forms.ChoiceField(choices=SORTS, required=False)
    letter = forms.RegexField(r"\A[A-Z#]\Z", required=False)
    page = forms.IntegerField(min_value=1, max_value=1_000_000, required=False)

    def asked(self) -> TopicsAsked:
        """Returns every parameter that makes sense, with defaults for the others.

        >>> TopicsForm({"kind": "planet", "sort": "name"}).asked()
        TopicsAsked(q='', kind='', sort='name', letter='', page=1)
        """
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value}
        return TopicsAsked(**{**given, "q": given.get("q", "")[:MAX_WRITING_LENGTH]})
