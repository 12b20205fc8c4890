"""An accepted week → an issue. Runs in the worker; each issue is stored whole, once, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.contrib.admin.models import ADDITION, LogEntry
from django.db import transaction

from archive.importing import find_issue, import_week, prepare_week
from archive.limited import LimitedProcess
from archive.models import Issue
from archive.reading import read_weeks
from archive.refusal import ImportRefused
from archive.week import Week
from desk.batches.models import Batch, BatchFile, BatchWeek
from desk.batches.reading import contents_of, described, digest_of, sentence

READ_ANEW = "read-anew"
"""The code of the notice that a file is no longer read as it was when someone accepted it."""


def next_accepted(batch: Batch) -> BatchFile | None:
    """Returns the file of which a week is to be stored next, None when there is none."""
    return batch.files.filter(weeks__state=BatchWeek.State.ACCEPTED).order_by("pk").first()


def store_file(file: BatchFile, process: LimitedProcess) -> None:
    """Stores the accepted weeks of a file. A week that can not be stored waits for a person again, and says why."""
    accepted = file.weeks.filter(state=BatchWeek.State.ACCEPTED).select_related("accepted_by")
    try:
        weeks = process.call(read_weeks, file.path, contents_of(file))
    except ImportRefused as refused:
        accepted.update(state=BatchWeek.State.READ, problem=sentence(refused), line=refused.line)
        return
    for row in accepted:
        try:
            _store(row, weeks)
        except ImportRefused as refused:
            _give_back(row, weeks[row.place], refused)


def _store(row: BatchWeek, weeks: Sequence[Week]) -> None:
    if row.place >= len(weeks) or digest_of(weeks[row.place]) != row.digest:
        _show_anew(row, weeks)
        return
    by = row.accepted_by
    publish = row.is_to_publish and by is not None and by.has_perm("archive.publish_issue")
    week = weeks[row.place]
    if week.status:  # exported: what it was elsewhere makes nothing public here
        week = replace(week, status=Issue.Status.DRAFT, publish_at=None)
    ready = prepare_week(week)
    with transaction.atomic():
        # Another worker may have been here; a person can not: what is accepted is no longer theirs to change.
        if (
            not BatchWeek.objects.select_for_update()
            .filter(pk=row.pk, state=BatchWeek.State.ACCEPTED)
            .exists()
        ):
            return
        result = import_week(ready, publish=publish, by=by)
        issue = result.issue
        BatchWeek.objects.filter(pk=row.pk).stored_as(issue, held=" ".join(map(str, result.held)))
        if by is not None:
            rows = Issue.objects.filter(pk=issue.pk)
            LogEntry.objects.log_actions(by.pk, rows, ADDITION, "整批导入。", single_object=True)


def _show_anew(row: BatchWeek, weeks: Sequence[Week]) -> None:
    """Has a person look again: this version of the program reads the file otherwise than the one before."""
    if row.place < len(weeks):
        described(row, weeks[row.place])
        row.notices.append([None, READ_ANEW, "程序更新以后，这个文件读出来的内容变了。请再看一眼。"])
    else:
        row.problem = "程序更新以后，这个文件里读不出这一期了。请打开它，全选复制，粘贴到“导入一期”里。"
    row.state = BatchWeek.State.READ
    row.save()


def _give_back(row: BatchWeek, week: Week, refused: ImportRefused) -> None:
    # That it is in the archive already is seen each time the table is shown, and may change.
    problem = "" if find_issue(week) else sentence(refused)
    BatchWeek.objects.filter(pk=row.pk).update(state=BatchWeek.State.READ, problem=problem, line=refused.line)
