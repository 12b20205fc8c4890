"""Prepares a list of words that the glossary lacks for a page: what is known of each, and what a user may do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

from glossary.models import Term
from insight.radar import Candidate
from insight.radar.extraction import RISE_WEEKS


def word_list(request: HttpRequest, candidates: Iterable[Candidate], back: str) -> dict[str, Any]:
    """Returns what `admin/insight/_words.html` needs; `back` is where its forms lead when they are done."""
    labels = dict(Term.Kind.choices)
    may = request.user.has_perm
    return {
        "candidates": [(candidate, labels[candidate.kind]) for candidate in candidates],
        "weeks": RISE_WEEKS,
        "back": back,
        "may_ignore": may("insight.add_ignoredword"),
        "may_add_term": may("glossary.add_term"),
        "may_add_alias": may("glossary.add_alias") and may("glossary.view_term"),
    }
