"""Where members are told, of what, and what became of each message."""

from __future__ import annotations

import datetime as dt
import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone

from archive.models import Article, Issue
from members.alerts import vault
from members.following.models import Follow


def new_key() -> str:
    """A random value: who has it may unsubscribe, and a message keeps it however often it is sent."""
    return secrets.token_hex(16)


class Channel(models.Model):
    """A place where a member is told: the own mail box, of which there is one, a robot of a group chat, a program."""

    class Kind(models.TextChoices):
        MAIL = "mail", "邮件"
        WECOM = "wecom", "企业微信群机器人"
        DINGTALK = "dingtalk", "钉钉群机器人"
        FEISHU = "feishu", "飞书群机器人"
        WEBHOOK = "webhook", "程序（Webhook）"
        ISSUES = "issues", "每期邮件"

    class Rhythm(models.TextChoices):
        NOW = "now", "一发布就提醒"
        WEEKLY = "weekly", "每周一早上汇总一次"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", verbose_name="成员"
    )
    """None for who has the issues by mail, which needs no account."""
    kind = models.CharField("渠道", max_length=10, choices=Kind)
    rhythm = models.CharField("多久一次", max_length=10, choices=Rhythm, default=Rhythm.NOW)
    site = models.CharField("网站", max_length=200)
    """Where the site is reached, as the member's browser had it: what is sent leads there."""
    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    name = models.CharField("名称", max_length=40, blank=True)
    sealed_address = models.TextField(blank=True, editable=False)
    """Where a robot or a program is reached: whoever has it can write there (members.alerts.vault)."""
    sealed_secret = models.TextField(blank=True, editable=False)
    hint = models.CharField("网址", max_length=100, blank=True)
    """What is shown of the address: its host and its end."""
    email = models.EmailField("邮箱", blank=True)
    """Of who has the issues by mail."""
    asked_at = models.DateTimeField(null=True, editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    """When the owner of the address said that it is theirs: before, nothing goes there but the question."""
    upto = models.PositiveBigIntegerField(default=0)
    """The number of the last arrival of which its issue was looked at."""
    created_at = models.DateTimeField("设置的时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "提醒渠道"
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                "user", condition=models.Q(kind="mail"), name="alert_channel_one_mail_box"
            ),
            models.UniqueConstraint(
                "email", condition=models.Q(kind="issues"), name="alert_channel_one_of_an_address"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="issues", user=None)
                | (~models.Q(kind="issues") & models.Q(user__isnull=False, email="")),
                name="alert_channel_has_an_owner",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.get_kind_display())

    def open_address(self) -> str:
        """Returns the address. Raises Unreadable."""
        return vault.unseal(self.sealed_address)

    def open_secret(self) -> str:
        """Returns the secret that messages are signed with. Raises Unreadable."""
        return vault.unseal(self.sealed_secret)

    @property
    def is_readable(self) -> bool:
        """Whether the address can still be read: SECRET_KEY is the one that it was kept under."""
        try:
            self.open_address()
        except vault.Unreadable:
            return False
        return True


class Subscription(models.Model):
    """A channel that is told of a follow."""

    channel = models.ForeignKey(
        Channel, models.CASCADE, related_name="subscriptions", verbose_name="提醒渠道"
    )
    follow = models.ForeignKey(Follow, models.CASCADE, related_name="subscriptions", verbose_name="关注")
    upto = models.PositiveBigIntegerField(default=0)
    """The number of the last arrival that was looked at."""
    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "提醒"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["channel", "follow"], name="subscription_once")]

    def __str__(self) -> str:
        return f"{self.channel_id}: {self.follow_id}"


class AlertQuerySet(models.QuerySet["Alert"]):
    def due(self, now: dt.datetime) -> AlertQuerySet:
        """What is to be sent now, and what was being sent when the worker died."""
        unfinished = [Alert.State.WAITING, Alert.State.SENDING]
        return self.filter(state__in=unfinished, next_at__lte=now).order_by("next_at", "pk")


class Alert(models.Model):
    """A message. WAITING → SENDING (`next_at` is when it counts as lost) → SENT, or WAITING again at a later time."""

    class State(models.TextChoices):
        WAITING = "waiting", "等待发送"
        SENDING = "sending", "正在发送"
        SENT = "sent", "已发送"
        UNCERTAIN = "uncertain", "不确定"
        FAILED = "failed", "没有发出"
        DROPPED = "dropped", "不再发送"

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="alerts", verbose_name="提醒渠道")
    follow = models.ForeignKey(Follow, models.CASCADE, null=True, related_name="+", verbose_name="关注")
    """None for what is gathered of all that the channel is told of, and for an issue."""
    issue = models.ForeignKey(
        Issue, models.DO_NOTHING, db_constraint=False, null=True, related_name="+", verbose_name="期"
    )
    is_test = models.BooleanField("测试消息", default=False, db_default=False)
    """Asked for by its owner, to see whether it arrives: it tells of nothing."""
    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    state = models.CharField("状态", max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField("已试次数", default=0)
    next_at = models.DateTimeField("下次发送", default=timezone.now)
    was_interrupted = models.BooleanField("发送时中断过", default=False)
    """The worker died while it was being sent: it may have come twice."""
    error = models.CharField("出错信息", max_length=300, blank=True)
    created_at = models.DateTimeField("时间", auto_now_add=True)
    sent_at = models.DateTimeField("发送时间", null=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "发出的提醒"
        ordering = ["-pk"]
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["channel", "issue"], name="alert_issue_once")]
        indexes = [
            models.Index(
                fields=["next_at"],
                name="alert_due",
                condition=models.Q(state__in=["waiting", "sending"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"

    @property
    def shown_state(self) -> str:
        """Its state in words. What was being sent when the worker died is uncertain until it is sent again."""
        is_lost = self.state == self.State.SENDING and self.next_at <= timezone.now()
        return str(self.State.UNCERTAIN.label if is_lost else self.State(self.state).label)


class Delivery(models.Model):
    """An article that a channel is told of for a follow: once, whatever happens."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="+", verbose_name="提醒渠道")
    follow = models.ForeignKey(Follow, models.CASCADE, related_name="+", verbose_name="关注")
    article = models.ForeignKey(
        Article, models.DO_NOTHING, db_constraint=False, related_name="+", verbose_name="文章"
    )
    alert = models.ForeignKey(
        Alert, models.CASCADE, null=True, related_name="deliveries", verbose_name="发出的提醒"
    )
    """None while it waits to be gathered with others."""
    created_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "提醒的文章"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["channel", "follow", "article"], name="delivery_once")]

    def __str__(self) -> str:
        return f"{self.channel_id}: {self.follow_id} × {self.article_id}"
