"""A file of a batch → its weeks, or what to do about it. Runs in the worker; each file is read whole or not at all."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from archive.limited import LimitedProcess
from archive.reading import read_weeks
from archive.refusal import ImportRefused
from archive.week import Week, check_week, to_json
from desk.batches.models import Batch, BatchContent, BatchFile, BatchWeek

MAX_ATTEMPTS = 3
"""How often a file is begun to be read: one that ends the worker each time is refused then."""


def next_unread(batch: Batch) -> BatchFile | None:
    """Returns the file that is to be read next, None when all are."""
    return batch.files.filter(is_raw=False, read_at__isnull=True).order_by("pk").first()


def read_file(file: BatchFile, process: LimitedProcess) -> None:
    """Reads a file and stores what it holds. A second call, at once or later, changes nothing."""
    file.attempts += 1
    file.save(update_fields=["attempts"])
    if file.attempts > MAX_ATTEMPTS:
        said = "读这个文件时程序几次中断，已经跳过。请打开它，全选复制，粘贴到“导入一期”里"
        _store(file, [refused_row(file, ImportRefused(said))])
        return
    try:
        weeks = process.call(read_weeks, file.path, contents_of(file))
        _check_any(weeks)
    except ImportRefused as refused:
        _store(file, [refused_row(file, refused)])
        return
    is_alone = len(weeks) == 1  # the desk takes a file with one week
    rows = [BatchWeek(file=file, place=place, is_for_desk=is_alone) for place in range(len(weeks))]
    _store(file, [described(row, week) for row, week in zip(rows, weeks, strict=True)])


def _check_any(weeks: Sequence[Week]) -> None:
    if not weeks:
        raise ImportRefused("这个文件里一期也没有。请打开文件核对")


def contents_of(file: BatchFile) -> bytes:
    """Returns what stands in a file."""
    return bytes(BatchContent.objects.get(file=file).data)


def sentence(refused: ImportRefused) -> str:
    """Returns why something was refused, as a sentence that ends: `文件是空的。请放入内容再导入。`"""
    return refused.message if refused.message.endswith("。") else f"{refused.message}。"


def digest_of(week: Week) -> str:
    """Returns a checksum over the words of a week: the same words give the same."""
    return hashlib.sha256(json.dumps(to_json(week), ensure_ascii=False).encode()).hexdigest()


def refused_row(file: BatchFile, refused: ImportRefused) -> BatchWeek:
    """Returns the row of a file in which nothing can be read."""
    problem = sentence(refused)
    return BatchWeek(file=file, state=BatchWeek.State.REFUSED, problem=problem, line=refused.line)


def described(row: BatchWeek, week: Week) -> BatchWeek:
    """Writes into a row what was read: all that the table shows, and nothing of the text."""
    row.title = " ".join(week.title.split())[:200]
    row.start_date, row.end_date = week.start_date, week.end_date
    row.articles = len(week.articles)
    row.sections = list(Counter(article.section for article in week.articles).items())
    row.notices = [[warning.line, warning.code, warning.message] for warning in week.warnings]
    row.digest = digest_of(week)
    row.problem, row.line = "", None
    try:
        check_week(week)
    except ImportRefused as refused:
        row.problem, row.line = _for_this_page(refused, row), refused.line
    return row


def _for_this_page(refused: ImportRefused, row: BatchWeek) -> str:
    """Returns what is wrong, with a remedy that there is here: options of the command are none."""
    if "--" not in refused.message:
        return sentence(refused)
    remedy = "请点“到导入台改”填上" if row.is_for_desk else "请在文件里改好，再传一次"
    return f"{refused.message.partition('。')[0]}。{remedy}。"


def _store(file: BatchFile, weeks: Sequence[BatchWeek]) -> None:
    """Stores what was read, unless another worker did meanwhile. What can not be read is not kept."""
    with transaction.atomic():
        if not BatchFile.objects.select_for_update().filter(pk=file.pk, read_at__isnull=True).exists():
            return
        BatchWeek.objects.bulk_create(weeks)
        if not any(week.digest for week in weeks):
            BatchContent.objects.filter(file=file).delete()
        BatchFile.objects.filter(pk=file.pk).update(read_at=timezone.now())
