"""The open work of somebody, and how another takes it over."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import transaction

from archive import reviewing
from desk import handing_on
from desk.handing_on import DeskTaken
from members.people import changes
from members.people.accounts import name_of
from members.people.refusals import PeopleRefused
from members.trail import What, record


class OpenWork(NamedTuple):
    """What somebody has begun and not ended."""

    proposals: int
    """Weeks and changes that wait for a 主编, or came back."""
    has_week_on_desk: bool
    batches: int

    @property
    def parts(self) -> list[str]:
        """In words for 主编; empty when there is none."""
        said = [
            (self.proposals, f"送审的 {self.proposals} 件"),
            (self.has_week_on_desk, "导入台上没有保存的一期"),
            (self.batches, f"整批导入 {self.batches} 批"),
        ]
        return [words for count, words in said if count]


def open_work(person: User) -> OpenWork:
    """Returns what somebody has begun and not ended."""
    desk = handing_on.at_desk(person.pk)
    return OpenWork(reviewing.open_of(person.pk).count(), desk.is_open, desk.batches)


def hand_over(person: User, to: User, *, by: User | None) -> OpenWork:
    """Makes somebody's open work another's, and returns what it was. Raises PeopleRefused; then nothing has changed.

    What is stored and published keeps the name of who wrote it.
    """
    if person == to:
        raise PeopleRefused("请选另一位来接手。")
    with transaction.atomic():
        changes.demand_manager(by)
        taker = User.objects.get(pk=to.pk)
        if not (taker.is_active and taker.is_staff and taker.has_perm("archive.add_issue")):
            raise PeopleRefused(f"{name_of(taker)}现在不是能写的编辑，没有移交。请选一位编辑或主编。")
        found = open_work(person)
        if not found.parts:
            raise PeopleRefused(f"{name_of(person)}没有要移交的工作。")
        try:
            handing_on.hand_on(person.pk, taker.pk)
        except DeskTaken:
            raise PeopleRefused(
                f"{name_of(taker)}的导入台上也有没有保存的一期，没有移交。请对方先保存或清空导入台，或者移交给别人。"
            ) from None
        reviewing.hand_on(person.pk, taker.pk)
        record(
            What.WORK_HANDED_OVER,
            by=by,
            target=person,
            detail=f"{taker.get_username()}：{'、'.join(found.parts)}",
        )
    return found
