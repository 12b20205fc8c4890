"""What the desk knows of an issue that came from it: notices about the source that nobody has settled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archive.models import Article, Issue
from archive.publication_checks import Finding
from desk.models import Desk
from desk.validation import ASKED_OF_STORED, warnings_of


def open_notices(issue: Issue, articles: Sequence[Article]) -> Iterator[Finding]:
    """Yields the notices that were open when the issue was stored (settings.PUBLICATION_CHECKS).

    Those that the archive finds in the stored articles by itself are left out: they go when their cause does.
    """
    desk = Desk.objects.filter(issue=issue).first()
    if desk is None:  # put in by other means, or too long ago
        return
    state = desk.state
    by_line = {card.line: article for card, article in zip(state.cards, articles, strict=False)}
    is_untouched = len(state.cards) == len(articles)
    for warning in warnings_of(state, desk.first_warnings):
        if warning.code not in ASKED_OF_STORED:
            article = by_line.get(warning.line) if is_untouched else None
            yield Finding(warning.code, f"导入时的提醒：{warning.message}", article)
