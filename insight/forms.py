"""Forms of this room: parameters of its pages, and what editors send."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.http import urlencode

from glossary.matching import form_of
from glossary.models import MAX_WRITING_LENGTH, Alias, Term, Writing
from insight.reports import TABLES


class _Lenient(forms.Form):
    """A form of query parameters: what makes no sense is left out, never refused."""

    def value(self, name: str, default: str) -> str:
        self.is_valid()
        return self.cleaned_data.get(name) or default


def address(**parameters: str) -> str:
    """Returns the address of a page with these parameters; those that say nothing are left out."""
    return f"?{urlencode({name: value for name, value in parameters.items() if value})}"


def choices(
    options: Iterable[tuple[str, str]], name: str, counts: Mapping[str, int] | None = None, **shown: str
) -> list[dict[str, Any]]:
    """Returns a link for each option of the parameter `name`, beside what else is `shown` (_choices.html)."""
    return [
        {
            "label": label,
            "count": (counts or {}).get(value),
            "url": address(**{**shown, name: value}),
            "is_current": value == shown[name],
        }
        for value, label in options
    ]


class ReportForm(_Lenient):
    """Reads `?days=30&table=top`."""

    DAYS = [("7", "7 天"), ("30", "30 天"), ("90", "90 天"), ("180", "180 天")]

    days = forms.ChoiceField(choices=DAYS, required=False)
    table = forms.ChoiceField(choices=list(TABLES.items()), required=False)

    def asked(self) -> tuple[int, str]:
        return int(self.value("days", "30")), self.value("table", "top")


class RadarForm(_Lenient):
    """Reads `?kind=company&sort=rise&page=2`, and of the alias form `?text=长存&term=长江存储`."""

    SORTS = [("likely", "最可能"), ("rise", "升温"), ("articles", "篇数")]

    kind = forms.ChoiceField(choices=Term.Kind.choices, required=False)
    sort = forms.ChoiceField(choices=SORTS, required=False)
    page = forms.CharField(max_length=6, required=False)
    text = forms.CharField(max_length=MAX_WRITING_LENGTH, required=False)
    term = forms.CharField(max_length=MAX_WRITING_LENGTH, required=False)


class WordForm(forms.Form):
    """Takes a word to be ignored, or to be proposed again."""

    text = forms.CharField(max_length=MAX_WRITING_LENGTH)

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        if not form_of(text):
            raise ValidationError("没有看得见的字。")
        return text


class AliasForm(forms.Form):
    """Takes a word that becomes an alias of a term; the term may be given by any of its writings."""

    text = forms.CharField(label="别名", max_length=MAX_WRITING_LENGTH)
    term = forms.CharField(
        label="归入词条",
        max_length=MAX_WRITING_LENGTH,
        help_text="写词条的名称，或它已有的任何一个写法，例如：台积电、TSMC。",
        widget=forms.TextInput(attrs={"list": "terms", "autocomplete": "off", "size": 40}),
    )

    def clean_term(self) -> Term:
        typed = str(self.cleaned_data["term"])
        writing = Writing.objects.filter(form=form_of(typed)).select_related("term").first()
        if writing is None:
            raise ValidationError(f"词库里没有“{typed}”。请从提示里选一个词条，或先新建这个词条。")
        return writing.term

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if isinstance(cleaned.get("term"), Term) and cleaned.get("text"):
            alias = Alias(term=cleaned["term"], text=cleaned["text"])
            try:
                alias.full_clean()
            except ValidationError as error:
                raise ValidationError(error.messages) from None
            cleaned["alias"] = alias
        return cleaned


class TermImpactForm(forms.Form):
    """Reads which term is about to be changed; none for a new one."""

    changed_term = forms.IntegerField(min_value=1, required=False)

    def number(self) -> int | None:
        self.is_valid()
        return self.cleaned_data.get("changed_term")
