"""What a member does with the own list. Each function is one transaction; two of one person wait for each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from members.following import arrivals
from members.following.models import MAX_NAME, Follow
from members.following.subjects import FollowRefused, Subject, read_subjects

MOST = 100
"""Follows of one person. The browser of who has no account keeps as many (static/js/follows.js)."""
FULL = f"最多关注 {MOST} 个。请先取消不用的，再关注新的。"


@contextmanager
def _own(user: User) -> Iterator[QuerySet[Follow]]:
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        yield Follow.objects.filter(user=user)


def follow(user: User, subject: Subject) -> Follow:
    """Follows a subject from now on: what is there is no news. Raises FollowRefused for one too many."""
    with _own(user) as own:
        found: Follow | None = own.filter(key=subject.key).first()
        return found or _add(user, own, subject.key, seen=arrivals.latest())


def end(user: User, key: str) -> None:
    """Follows a subject no longer, if it was followed."""
    Follow.objects.filter(user=user, key=key).delete()


def rename(one: Follow, name: str) -> None:
    """Calls a follow by a name of its owner's; by its own when there is none left. Raises FollowRefused."""
    if len(name) > MAX_NAME:
        raise FollowRefused(f"名称最多 {MAX_NAME} 个字，没有改。请写短一些。")
    Follow.objects.filter(pk=one.pk).update(name=name)


def pause(one: Follow, *, is_paused: bool) -> None:
    """Stops to count what arrives, or goes on. What arrived meanwhile is news then."""
    Follow.objects.filter(pk=one.pk).update(is_paused=is_paused)


def mark_read(follows: QuerySet[Follow], upto: int) -> None:
    """Marks as read what arrived up to a number, which the page has shown; nothing is read twice or unread again."""
    follows.filter(seen__lt=upto).update(seen=min(upto, arrivals.latest()))


def move(one: Follow, by: int) -> None:
    """Moves a follow up (-1) or down (1) by one place."""
    with _own(one.user) as own:
        listed: list[Follow] = list(own)
        place = next((number for number, other in enumerate(listed) if other.pk == one.pk), None)
        if place is None or not 0 <= place + by < len(listed):
            return
        listed[place], listed[place + by] = listed[place + by], listed[place]
        for number, other in enumerate(listed):
            other.position = number
        Follow.objects.bulk_update(listed, ["position"])


def take_over(user: User, kept: Sequence[dict[str, Any]]) -> list[str]:
    """Adds what a browser has kept to the list, as it was there; returns the keys for which there was no room.

    What is followed already stays as it is; what can not be followed any more is left out.
    """
    left = []
    with _own(user) as own:
        known, last = set(own.values_list("key", flat=True)), arrivals.latest()
        for one, subject in zip(kept, read_subjects(one["key"] for one in kept), strict=True):
            if isinstance(subject, FollowRefused) or subject.key in known:
                continue
            if len(known) >= MOST:
                left.append(one["key"])
                continue
            known.add(subject.key)
            seen = last if one["seen"] is None else min(one["seen"], last)
            _add(user, own, subject.key, name=one["name"], seen=seen, is_paused=one["is_paused"])
    return left


def _add(user: User, own: QuerySet[Follow], key: str, **values: Any) -> Follow:
    taken = list(own.values_list("position", flat=True))
    if len(taken) >= MOST:
        raise FollowRefused(FULL)
    return Follow.objects.create(user=user, key=key, position=max(taken, default=-1) + 1, **values)
