"""One thing that somebody did."""

from __future__ import annotations

import datetime as dt
from typing import Any, NoReturn, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

MAX_NAME = 150
MAX_TARGET = 200
MAX_DETAIL = 300
MAX_AGENT = 200
SYSTEM = "系统"
"""Who did what no request asked for: the worker, a command."""


class What(models.TextChoices):
    """What can be done, in groups (`GROUPS`). The values stand in the log: they stay as they are."""

    LOGGED_IN = "logged_in", "登录"
    LOGIN_FAILED = "login_failed", "登录失败"
    LOGGED_OUT = "logged_out", "退出登录"
    LOCKED = "locked", "多次登录失败，暂停登录"
    UNLOCKED = "unlocked", "解除暂停登录"
    SESSION_ENDED = "session_ended", "结束一处登录"
    SECOND_FACTOR_SET = "second_factor_set", "打开两步验证"
    SECOND_FACTOR_REMOVED = "second_factor_removed", "关闭两步验证"
    PASSWORD_CHANGED = "password_changed", "改密码"
    PASSWORD_RESET_ASKED = "password_reset_asked", "要求重设密码"
    TOKEN_MADE = "token_made", "新建访问令牌"
    TOKEN_REVOKED = "token_revoked", "撤销访问令牌"
    TOKEN_FIRST_USED = "token_first_used", "第一次使用访问令牌"
    INVITED = "invited", "发出邀请"
    INVITATION_USED = "invitation_used", "接受邀请"
    INVITATION_REVOKED = "invitation_revoked", "收回邀请"
    ACCOUNT_MADE = "account_made", "新建账号"
    ACCOUNT_CHANGED = "account_changed", "改用户名或邮箱"
    ACCOUNT_DELETED = "account_deleted", "删除账号"
    ROLE_CHANGED = "role_changed", "改角色"
    DEACTIVATED = "deactivated", "停用账号"
    ACTIVATED = "activated", "恢复账号"
    WORK_HANDED_OVER = "work_handed_over", "转交工作"
    PUBLISHED = "published", "发布"
    SCHEDULED = "scheduled", "定时发布"
    WITHDRAWN = "withdrawn", "撤回"
    DELETED = "deleted", "删除"
    RESTORED = "restored", "恢复"
    WORDS_CHANGED = "words_changed", "改词库"
    SETTINGS_CHANGED = "settings_changed", "改设置"
    CHANNEL_ADDED = "channel_added", "添加提醒渠道"
    CHANNEL_REMOVED = "channel_removed", "移出提醒渠道"
    EXPORTED = "exported", "导出"
    BACKED_UP = "backed_up", "备份"
    BACKUP_RESTORED = "backup_restored", "从备份恢复"


GROUPS: dict[str, tuple[str, list[What]]] = {
    "signin": (
        "登录和密码",
        [
            *(What.LOGGED_IN, What.LOGIN_FAILED, What.LOGGED_OUT, What.LOCKED, What.UNLOCKED),
            *(What.SESSION_ENDED, What.SECOND_FACTOR_SET, What.SECOND_FACTOR_REMOVED),
            *(What.PASSWORD_CHANGED, What.PASSWORD_RESET_ASKED),
            *(What.TOKEN_MADE, What.TOKEN_REVOKED, What.TOKEN_FIRST_USED),
        ],
    ),
    "people": (
        "账号和角色",
        [
            *(What.INVITED, What.INVITATION_USED, What.INVITATION_REVOKED),
            *(What.ACCOUNT_MADE, What.ACCOUNT_CHANGED, What.ACCOUNT_DELETED),
            *(What.ROLE_CHANGED, What.DEACTIVATED, What.ACTIVATED, What.WORK_HANDED_OVER),
        ],
    ),
    "content": (
        "内容",
        [
            *(What.PUBLISHED, What.SCHEDULED, What.WITHDRAWN, What.DELETED, What.RESTORED),
            *(What.WORDS_CHANGED, What.SETTINGS_CHANGED),
        ],
    ),
    "data": (
        "导出、提醒和备份",
        [What.EXPORTED, What.CHANNEL_ADDED, What.CHANNEL_REMOVED, What.BACKED_UP, What.BACKUP_RESTORED],
    ),
}
"""Group → its name and what belongs to it, as the page offers them."""


class AppendOnly(Exception):
    """Somebody would change or delete an event. A programming error: nothing does."""


class EventQuerySet(models.QuerySet["Event"]):
    def update(self, **values: Any) -> NoReturn:
        raise AppendOnly("events are not changed")

    def delete(self) -> NoReturn:
        raise AppendOnly("events are deleted by prune() alone, when they are old")

    def bulk_update(self, *args: Any, **options: Any) -> NoReturn:
        raise AppendOnly("events are not changed")

    def prune(self, now: dt.datetime | None = None) -> int:
        """Deletes the events that are older than TRAIL_DAYS. Returns how many."""
        oldest = (now or timezone.now()) - dt.timedelta(days=settings.TRAIL_DAYS)
        return int(self.filter(at__lt=oldest)._raw_delete(self.db))

    def about(self, name: str) -> Self:
        """Events of an account, and those that others did to it."""
        return self.filter(Q(name=name) | Q(target=name))


class Event(models.Model):
    """Something that was done. Rows are added, never changed; the worker deletes what is old.

    Django refuses it here. The database does not: a backup with triggers is refused when it is restored, because
    whoever tampered with one could hide code there; and who may log in to the database may drop a trigger, too.
    """

    at = models.DateTimeField("时间", default=timezone.now)
    what = models.CharField("做了什么", max_length=30, choices=What)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="账号"
    )
    name = models.CharField("谁", max_length=MAX_NAME, blank=True)
    """The user name as it was: it outlives the account. Empty: somebody who was not logged in."""
    address = models.CharField("从哪里", max_length=45, blank=True)
    agent = models.CharField("浏览器", max_length=MAX_AGENT, blank=True)
    target = models.CharField("对象", max_length=MAX_TARGET, blank=True)
    link = models.CharField("对象的网址", max_length=200, blank=True)
    detail = models.CharField("说明", max_length=MAX_DETAIL, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "记录"
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["at", "id"], name="event_by_time"),
            models.Index(fields=["what", "at", "id"], name="event_by_kind"),
            models.Index(fields=["name", "at", "id"], name="event_by_name"),
            models.Index(fields=["target", "at", "id"], name="event_by_target"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.get_what_display()} {self.target}".strip()

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("an event is not changed")
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        raise AppendOnly("events are deleted by prune() alone, when they are old")
