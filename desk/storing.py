"""The week on the desk → an issue, and back again: storing it, and taking the whole import back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from django.contrib.admin.models import ADDITION, DELETION, LogEntry
from django.db import transaction

from archive.body import text_of
from archive.editing import delete_issue
from archive.images import PreparedImage
from archive.importing import import_week, prepare_week
from archive.missing_figures import QUOTED, MissingFigure
from archive.models import Issue
from archive.refusal import ImportRefused
from archive.week import Week, WeekArticle
from desk.earlier import same_week
from desk.figure_html import for_storing, images_in
from desk.models import Desk, DeskImage
from desk.opening import Opened, with_addresses
from desk.state import Card, Paragraph, State
from desk.validation import MUST_BE_MENDED, warnings_of

KEPT = 5
"""How many imports of an editor can be taken back at most: each keeps its images a second time."""
_ISSUE_FIELDS = ("title", "start_date", "end_date", "columnist", "introduction", "sign_off", "source_url")
_ARTICLE_FIELDS = ("id", "position", "title", "body", "section", "source", "source_url")


def open_desk(user_id: int, name: str, opened: Opened) -> Desk:
    """Puts what was read on the editor's desk."""
    with transaction.atomic():
        # Another desk, not the same one once more: a week of a batch knows the one that it lies on.
        Desk.objects.filter(user_id=user_id, issue__isnull=True).delete()
        desk = Desk(user_id=user_id, name=name[:200])
        desk.put(opened)  # images need a desk to lie on
        addresses = {
            label: DeskImage.of(desk, image).get_absolute_url() for label, image in opened.images.items()
        }
        if addresses:
            desk.put(replace(opened, state=with_addresses(opened.state, addresses)))
    return desk


def store(desk: Desk) -> Issue:
    """Makes the issue, a draft, and closes the desk; or raises ImportRefused and stores nothing."""
    state = desk.state
    warnings = warnings_of(state, desk.first_warnings)
    if found := [warning.message for warning in warnings if warning.code in MUST_BE_MENDED]:
        raise ImportRefused("还不能保存。" + "".join(found))
    if issue := same_week(state):
        raise ImportRefused(
            f"文库里已经有这一期：{issue}。是另一期：请改刊名或日期。是同一期：请打开它修改。"
        )
    images = {image.pk: image.prepared for image in desk.images.all()}
    ready = prepare_week(_week(state, images))
    with transaction.atomic():
        issue = import_week(ready, by=desk.user).issue
        desk.issue, desk.fingerprint = issue, fingerprint(issue)
        desk.save()
        desk.batch_weeks.stored_as(issue)
        old = Desk.objects.filter(user_id=desk.user_id, issue__isnull=False)[KEPT:]
        Desk.objects.filter(pk__in=[one.pk for one in old]).delete()
        _note(desk, issue, ADDITION, "从导入台导入。")
    return issue


def is_untouched(desk: Desk) -> bool:
    """Whether nobody changed the issue since it came from this desk."""
    return desk.issue is not None and fingerprint(desk.issue) == desk.fingerprint


def take_back(desk: Desk) -> None:
    """Deletes the issue that came from this desk and opens the desk again; raises ImportRefused when it may not."""
    issue = desk.issue
    if issue is None or not is_untouched(desk):
        raise ImportRefused(
            "这一期导入以后改过了，不能整期撤销。不想要的话，请打开这一期，点“撤回”或“删除”。"
        )
    if Desk.objects.filter(user_id=desk.user_id, issue__isnull=True).exists():
        raise ImportRefused("没有撤销：导入台上还有一期没有保存。请先保存或清空，再来撤销。")
    with transaction.atomic():
        _note(desk, issue, DELETION, "撤销导入。")
        desk.issue, desk.fingerprint = None, ""
        desk.save()
        desk.batch_weeks.taken_back()
        delete_issue(issue, by=desk.user)


def fingerprint(issue: Issue) -> str:
    """A checksum over all that editors write in an issue: that it was published meanwhile is no change."""
    read = Issue.objects.get(pk=issue.pk)
    content = [
        [getattr(read, name) for name in _ISSUE_FIELDS],
        list(read.articles.values_list(*_ARTICLE_FIELDS)),
    ]
    return hashlib.sha256(json.dumps(content, default=str, ensure_ascii=False).encode()).hexdigest()


def _note(desk: Desk, issue: Issue, flag: int, message: str) -> None:
    """Writes into the admin's history who did what."""
    LogEntry.objects.log_actions(
        desk.user_id, Issue.objects.filter(pk=issue.pk), flag, message, single_object=True
    )


# --- State → week --------------------------------------------------------------------------------------


def _week(state: State, images: Mapping[int, PreparedImage]) -> Week:
    return Week(
        title=state.title,
        start_date=state.start_date,
        end_date=state.end_date,
        articles=tuple(_article(card, images) for card in state.cards),
        columnist=state.columnist,
        introduction=_text(state.introduction),
        sign_off=_text(state.sign_off),
        source_url=state.source_url,
    )


def _article(card: Card, images: Mapping[int, PreparedImage]) -> WeekArticle:
    html = "\n".join(paragraph.html for paragraph in card.paragraphs if not paragraph.missing)
    return WeekArticle(
        title=card.title,
        section=card.section,
        body=text_of(html),
        source=card.source,
        source_url=card.source_url,
        html=for_storing(html),
        images={f"figure:{number}": images[number] for number in images_in(html) if number in images},
        missing=tuple(_missing(card)),
    )


def _missing(card: Card) -> Iterator[MissingFigure]:
    """Yields the figures that are still missing, each with the paragraph above it."""
    above = ""
    for paragraph in card.paragraphs:
        if paragraph.missing:
            yield MissingFigure(0, above[:QUOTED], paragraph.missing)
        above = paragraph.text or above


def _text(paragraphs: Sequence[Paragraph]) -> str:
    return "\n".join(paragraph.text for paragraph in paragraphs if paragraph.text)
