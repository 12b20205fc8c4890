"""A week of a batch that needs mending goes over the editor's desk, and comes back when it is stored."""

from __future__ import annotations

from archive.limited import LimitedProcess
from archive.refusal import ImportRefused
from desk import opening
from desk.batches.models import BatchWeek
from desk.batches.reading import contents_of
from desk.models import Desk
from desk.storing import open_desk


def lay_on_desk(week: BatchWeek, user_id: int) -> Desk:
    """Puts a week on the editor's desk and returns it; one that lies there stays as it is.

    Raises ImportRefused rather than to push off the desk what somebody has worked on.
    """
    lying = Desk.objects.open_of(user_id)
    if lying and week.desk_id == lying.pk:
        return lying
    if lying and (lying.operations or not lying.batch_weeks.exists()):
        raise ImportRefused(f"导入台上还有一期没有保存：{lying}。请先到导入台保存或清空，再来打开这一期。")
    if week.state not in (BatchWeek.State.READ, BatchWeek.State.SKIPPED) or not week.is_for_desk:
        raise ImportRefused("这一份不能放到导入台上。请刷新页面，看看它现在的状态。")
    with LimitedProcess() as process:
        opened = process.call(opening.open_upload, week.file.path, contents_of(week.file))
    week.desk = open_desk(user_id, week.file.path, opened)
    week.state = BatchWeek.State.READ
    week.save(update_fields=["desk", "state"])
    return week.desk
