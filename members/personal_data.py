"""Which columns hold something about a person: what for, how long, and what becomes of it when the account is deleted.

One table, of which the privacy page, a person's own export and the deletion of accounts are made. A test walks every
model: a new column that holds a person and is not here fails it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from django.conf import settings

from archive import presence, reporting
from archive.rate import duration
from desk.batches.models import KEPT_DAYS as BATCH_DAYS
from members.alerts.sending import KEPT
from members.alerts.whole_issues import FORGOTTEN_AFTER as FORGOTTEN_UNCONFIRMED
from members.invitations.models import FORGOTTEN_AFTER
from members.signin.lifetime import EDITOR_IDLE_SECONDS, EDITOR_SECONDS
from members.signin.lockout import REMEMBERED


class Holding(NamedTuple):
    """Something that is kept of people, as the privacy page says it."""

    name: str
    what: str
    why: str
    until: Callable[[], str]
    """How long, by the settings as they are."""
    columns: Mapping[str, tuple[str, ...]]
    """`app.Model.field` of what holds it → of a reference to an account, the fields that a person's export has."""


HOLDINGS: list[Holding] = [
    Holding(
        "账号",
        "用户名、姓名、邮箱、角色、开通时间、最近一次登录；密码只存算过的结果，谁也看不到原来的密码",
        "登录，知道谁能做什么",
        lambda: "到账号删除",
        {
            f"auth.User.{name}": ()
            for name in ("username", "first_name", "last_name", "email", "last_login", "groups")
        },
    ),
    Holding(
        "最近来过的日子",
        "哪一天用过，一小时最多记一次；不记看了什么",
        "主编知道哪些账号没有人用了",
        lambda: "到账号删除",
        {"members.LastSeen.user": ("day",)},
    ),
    Holding(
        "邀请",
        "谁邀请的，请了谁的邮箱和姓名，给什么角色，什么时候接受的",
        "开通账号，知道是谁请进来的",
        lambda: f"到期以后 {FORGOTTEN_AFTER.days} 天，接受了的也一样",
        {
            "members.Invitation.invited_by": ("created_at", "role", "used_at", "revoked_at"),
            "members.Invitation.used_by": ("used_at", "role"),
            "members.Invitation.email": (),
        },
    ),
    Holding(
        "登录状态",
        "在哪些浏览器里登录着，每处的 IP 地址、浏览器、最近一次使用",
        "不用每打开一页都登录；在“账号”里看得到，能结束别处的登录",
        lambda: (
            f"到退出登录，最多 {duration(settings.SESSION_COOKIE_AGE)}；"
            f"编辑最多 {duration(EDITOR_SECONDS)}，{duration(EDITOR_IDLE_SECONDS)}没有动就结束"
        ),
        {
            "sessions.Session.session_data": (),
            "usersessions.UserSession.user": ("created_at", "last_seen_at", "ip", "user_agent"),
            "usersessions.UserSession.ip": (),
            "usersessions.UserSession.user_agent": (),
        },
    ),
    Holding(
        "登录方式",
        "邮箱和它是否核实过；两步验证和通行密钥；绑定的外部账号，只有编号和对方给的姓名、邮箱",
        "登录，忘了密码时找回",
        lambda: "到您取消，或账号删除",
        {
            "account.EmailAddress.user": ("email", "verified", "primary"),
            "account.EmailAddress.email": (),
            "account.EmailConfirmation.email_address": (),
            "mfa.Authenticator.user": ("type", "created_at", "last_used_at"),
            "socialaccount.SocialAccount.user": ("provider", "uid", "date_joined", "last_login"),
            "socialaccount.SocialAccount.last_login": (),
        },
    ),
    Holding(
        "访问令牌",
        "名称、生成和停用的时间、上次使用到哪个小时；令牌只存算过的结果",
        "订阅软件和程序替您读取",
        lambda: "到账号删除，停用的也留着",
        {
            "members.Token.user": (
                *("name", "prefix", "created_at", "last_used_at", "expires_at", "revoked_at"),
            )
        },
    ),
    Holding(
        "关注",
        "关注哪些搜索和话题、什么时候关注的、给它起的名称、次序、是不是暂停、读到第几篇，怎样提醒（群机器人的网址和密钥加密以后才存）、发出过哪些提醒；没有登录时关注只在您的浏览器里",
        "告诉您关注的有哪些新文章",
        lambda: f"到您取消关注，或账号删除；发出的提醒 {KEPT.days} 天",
        {
            "members.Channel.user": ("kind", "name", "hint", "rhythm", "site", "created_at"),
            "members.Channel.sealed_address": (),
            "members.Follow.user": ("name", "key", "created_at", "position", "is_paused", "seen"),
        },
    ),
    Holding(
        "订阅每期邮件的邮箱",
        "邮箱、什么时候要的、什么时候确认的",
        "每期发布以后寄给您，不用账号",
        lambda: f"到您点邮件里的退订；没有确认的 {FORGOTTEN_UNCONFIRMED.days} 天",
        {"members.Channel.email": ()},
    ),
    Holding(
        "没有成功的登录",
        "从哪个 IP 地址试过；试的名字打乱以后才存，看不出是谁",
        "试得太多就要等一会儿，密码不会被猜出来",
        lambda: duration(REMEMBERED.total_seconds()),
        {"members.FailedLogIn.address": ()},
    ),
    Holding(
        "操作记录",
        "登录和登录失败，密码、账号和角色的改动，发布、撤回、删除、导出；每条有用户名、时间、IP 地址和浏览器",
        "账号被盗、内容出错时查得清；法律要求留存登录日志",
        lambda: f"{settings.TRAIL_DAYS} 天。账号删除以后，已有的记录留到期满",
        {
            "members.Event.user": ("at", "what", "target", "detail", "address", "agent"),
            "members.Event.name": (),
            "members.Event.address": (),
            "members.Event.agent": (),
        },
    ),
    Holding(
        "编辑写的和经手的",
        "期和文章的版本、送审、处理报错、整批导入，注明是谁",
        "知道内容是谁改的，改错了能恢复",
        lambda: "和文章一起保留。账号删除以后只写“已删除的账号”和编号",
        {
            "reversion.Revision.user": ("date_created", "comment"),
            "archive.Proposal.author": ("created_at", "what", "note", "outcome"),
            "archive.Proposal.closed_by": ("closed_at", "what", "comment", "outcome"),
            "archive.ErrorReport.closed_by": ("closed_at", "message"),
            "desk.BatchWeek.accepted_by": ("title",),
            "admin.LogEntry.user": ("action_time", "object_repr", "change_message"),
        },
    ),
    Holding(
        "编辑还没有做完的",
        "导入台、整批导入的文件",
        "做到一半可以接着做",
        lambda: f"到账号删除；整批导入的文件 {BATCH_DAYS} 天没有动就删除",
        {"desk.Desk.user": ("updated_at", "name"), "desk.Batch.user": ("created_at", "name")},
    ),
    Holding(
        "编辑正打开着的",
        "谁打开着哪一期、哪一篇",
        "免得两个人同时改一篇",
        lambda: f"关掉以后最多 {duration(presence.ENDS_AFTER.total_seconds())}",
        {"archive.OpenForm.user_id": (), "archive.OpenForm.name": ()},
    ),
    Holding(
        "报错",
        "写了什么；留了联系方式的，还有联系方式。不记是谁、从哪里写的",
        "改正文章，有疑问时联系您",
        lambda: f"联系方式处理完就删除，报错处理完 {reporting.KEPT_FOR.days} 天后删除",
        {"archive.ErrorReport.contact": ()},
    ),
]
"""What is kept of people. A new column of theirs has its place here, in a row that is there or in one of its own."""
NOT_PERSONAL: Mapping[str, str] = {
    "members.Invitation.mail": "whether the mail with an invitation has gone out",
}
"""Columns that look as if they held a person and hold none, each with the reason."""
STAYS = {"admin.LogEntry.user"}
"""References to an account that would be deleted with it and are not: they tell what became of the archive."""
