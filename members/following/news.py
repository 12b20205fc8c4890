"""What has arrived of each thing that is followed, since it was last read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from django.utils import timezone

from members.following import arrivals
from members.following.subjects import Subject
from search.results.among import answers_among

INDEX_MAY_TAKE = dt.timedelta(minutes=15)
"""So long news wait for the index. What it does not know by then it may never know: the rest must not wait for it."""


class News(NamedTuple):
    """What has arrived."""

    upto: int
    """The number up to which all that arrived was looked at: what is marked as read is read up to here."""
    articles: list[list[int]]
    """Of each subject, its new articles, the last to arrive first."""


def news_of(followed: Sequence[tuple[Subject, int]]) -> News:
    """Returns what arrived of each subject after its number.

    Takes two SQL queries and one of the index for each subject; none of the index when nothing arrived.
    """
    first = min((seen for _, seen in followed), default=0)
    arrived = arrivals.since(first) if followed else []
    if not arrived:
        return News(arrivals.latest(), [[] for _ in followed])
    known, answers = answers_among(
        [subject.node for subject, _ in followed], [one.article for one in arrived]
    )
    waits_for_index = timezone.now() - INDEX_MAY_TAKE
    unknown = [one.number for one in arrived if one.article not in known and one.at > waits_for_index]
    upto = min(unknown) - 1 if unknown else arrived[0].number
    articles = [
        [one.article for one in arrived if seen < one.number <= upto and one.article in found]
        for (_, seen), found in zip(followed, answers, strict=True)
    ]
    return News(upto, articles)
